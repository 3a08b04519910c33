"""What all rules share: where results go, what code a job runs, what its program is told."""

import functools
import os
import re
from pathlib import Path

from fragility.runtime import document
from fragility.runtime.closure import closure
from fragility.runtime.digests import flat
from fragility.runtime.writers import Writers
from snakemake.io import apply_wildcards, is_flagged

RESULTS = config["results"]
WORKFLOW = Path(workflow.current_basedir).parent
PAPER = os.path.relpath(WORKFLOW / "paper")
REPORT = os.path.relpath(WORKFLOW / "report")
WRITERS = Writers(workflow)

# A program reads its job from standard input, so that its length has no limit.
JOB = "python {input.code[0]:q} <<< {params.job:q} > {log:q} 2>&1"


wildcard_constraints:
    d=r"\d+",
    batch=r"\d+|full",
    rate=r"[0-9.e-]+",


def code(program, *modules, notebook=None):
    """The program and the library modules it imports: a rule's code, as its input.

    A module that the program imports by a name made at run time is given by that name, and a
    notebook that it runs by its own.
    """
    files = closure(WORKFLOW / program, *modules)
    if notebook:
        files += closure(WORKFLOW / f"notebooks/{notebook}.ipynb")[1:]
    return [os.path.relpath(path) for path in dict.fromkeys(files)]


def made(**files):
    """Inputs that other jobs make, by name, and the digests that those jobs leave of them."""

    def digests(wildcards):
        paths = flat({name: told(value, wildcards) for name, value in files.items()})
        left = (
            WRITERS.digests(apply_wildcards(str(path), wildcards)) for path in paths
        )
        return list(dict.fromkeys(filter(None, left)))

    return files | {"digests": digests}


def told(value, wildcards):
    """A value, or what a function makes of the wildcards."""
    return value(wildcards) if callable(value) else value


def traces(path):
    """What every job leaves beside its results: its record, and digests of what it wrote."""
    return {"record": f"{path}.json", "digests": f"{path}.sha256"}


def need(memory, minutes, gpu=0):
    """A rule's resources, in MB and minutes; what ran out of either is given more the next time.

    Memory counts all that a cluster job holds; two processes of Snakemake are 280 MB of it.
    """
    return {
        "mem_mb": lambda wildcards, attempt: memory * attempt,
        "runtime": lambda wildcards, attempt: minutes * attempt,
    } | ({"gpu": gpu} if gpu else {})


def job(**settings):
    """A rule's params: its settings, plain or functions of the wildcards, and the job's document."""
    place = len(list(workflow.rules))  # of the rule being read, among all
    return document.params(
        lambda: list(workflow.rules)[place], WRITERS, RESULTS, settings
    )


def stamp(*keys):
    """Which of these config keys (or blocks) depart from the full run, for the pages' stamp."""
    return [
        line
        for line in settings.departures(config)
        if any(f"{line.split(':')[0]}.".startswith(f"{key}.") for key in keys)
    ]


def shown(path, name, category, title):
    """Mark a file for the report, with the caption of that name."""
    # one label only: from a second one the report may make a switch, which fails to render
    labels = {"result": title}
    return report(
        path, caption=f"../report/{name}.rst", category=category, labels=labels
    )


def rendered(name, category, title):
    """A table as data, for reading, for a paper, and as a page of the report."""
    path = f"{RESULTS}/tables/{name}"
    page = shown(f"{path}.html", name, category, title)
    return [f"{path}.csv", f"{path}.md", f"{path}.tex", page]


def drawn(name, category, title):
    """A figure for the web and for print, and as a page of the report."""
    path = f"{RESULTS}/figures/{name}"
    page = shown(f"{path}.html", name, category, title)
    return [f"{path}.svg", f"{path}.png", page]


def captions(*names):
    """The captions that a program puts under its tables and figures."""
    return [f"{REPORT}/{name}.rst" for name in names]


# What experiments.smk makes rules of, notebooks by name and evidence by experiment.
NOTEBOOKS = {}
EVIDENCE = {}


def notebook(name, inputs, outputs, stamped, also=(), memory=1000, **settings):
    """Let a notebook show results: its tables and figures, the keys whose changes it is stamped with."""
    NOTEBOOKS[name] = {
        "inputs": inputs,
        "outputs": outputs,
        "stamped": stamped,
        "also": also,
        "memory": memory,
        "settings": settings,
    }


def stems(outputs):
    """The names of tables and figures among a notebook's outputs, each once."""
    paths = (path for paths in outputs.values() for path in paths)
    return list(dict.fromkeys(Path(path).stem for path in paths))


def evidence(experiment, module, inputs, also=(), **settings):
    """Let the claims of an experiment be judged by what ``module.evidence`` makes of its results."""
    EVIDENCE[experiment] = {
        "module": module,
        "inputs": inputs,
        "also": also,
        "settings": settings,
    }


def artifacts():
    """The paper's own tables and figures among the notebooks' outputs: name to files."""
    return {
        name: paths
        for book in NOTEBOOKS.values()
        for name, paths in book["outputs"].items()
        if re.fullmatch(r"(table|figure)_\d+", name)
    }


def finished_rules(*names):
    """The rules of these names or experiments that make files of one name each, no wildcards."""
    return [
        each
        for each in workflow.rules
        if each.output
        and not each.wildcard_names
        and any(each.name == name or each.name.startswith(f"{name}_") for name in names)
    ]


@functools.cache
def jobs_until(*last):
    """All jobs that make the results and what these rules make: rule, record, other files."""
    ends = [
        str(path) for each in finished_rules(*EVIDENCE, *last) for path in each.output
    ]
    return WRITERS.behind(ends)


def files_until(*last):
    """All files of those jobs."""
    return [path for _, record, paths in jobs_until(*last) for path in (record, *paths)]


def shown_pages():
    """All pages of the report."""
    return [
        path
        for each in workflow.rules
        for path in each.output
        if is_flagged(path, "report")
    ]
