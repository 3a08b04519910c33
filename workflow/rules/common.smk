"""Shared by all rules: the folder of results, the code of a job, the document of its program."""

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

# A program reads its job from standard input, so that the job's length has no limit.
JOB = "python {input.code[0]:q} <<< {params.job:q} > {log:q} 2>&1"


wildcard_constraints:
    d=r"\d+",
    batch=r"\d+|full",
    rate=r"[0-9.e-]+",


def code(program, *modules, notebook=None):
    """The program and the library modules that it imports: a rule's code, as its input.

    Modules that the program imports by a name made at run time are given by name, as is a notebook
    that it runs.
    """
    files = closure(WORKFLOW / program, *modules)
    if notebook:
        files += closure(WORKFLOW / f"notebooks/{notebook}.ipynb")[1:]
    return [os.path.relpath(path) for path in dict.fromkeys(files)]


def made(**files):
    """Inputs that other jobs make, by name, and the digests files that list them."""

    def digests(wildcards):
        paths = flat({name: told(value, wildcards) for name, value in files.items()})
        left = (
            WRITERS.digests(apply_wildcards(str(path), wildcards)) for path in paths
        )
        return list(dict.fromkeys(filter(None, left)))

    return files | {"digests": digests}


def told(value, wildcards):
    """A value, or the result of a function of the wildcards."""
    return value(wildcards) if callable(value) else value


def traces(path):
    """The files that every job writes next to its results: its record, and its digests."""
    return {"record": f"{path}.json", "digests": f"{path}.sha256"}


def need(memory, minutes, gpu=0):
    """A rule's resources, in MB and minutes; each further attempt gets the same amount added.

    Memory is that of the whole cluster job; two processes of Snakemake hold 280 MB of it.
    """
    return {
        "mem_mb": lambda wildcards, attempt: memory * attempt,
        "runtime": lambda wildcards, attempt: minutes * attempt,
    } | ({"gpu": gpu} if gpu else {})


def job(**values):
    """A rule's params: its settings, plain or functions of the wildcards, and the job's document."""
    place = len(list(workflow.rules))  # of the rule that is being read
    return document.params(
        lambda: list(workflow.rules)[place], WRITERS, RESULTS, values
    )


def stamp(*keys):
    """The changed settings among these config keys (or blocks), for the notice on pages."""
    return _among(configuration.changed_settings(config), keys)


def departures(*keys):
    """Those among them with which a run is not the paper's any more, so that it has no verdicts."""
    return _among(configuration.departures(config), keys)


def _among(lines, keys):
    return [
        line
        for line in lines
        if any(f"{line.split(':')[0]}.".startswith(f"{key}.") for key in keys)
    ]


def told_keys(claims):
    """The values of the config keys that a file of claims names in braces."""
    names = re.findall(r"\{([a-z_0-9.]+)\}", Path(claims).read_text(encoding="utf-8"))
    return {
        name: functools.reduce(dict.__getitem__, name.split("."), config)
        for name in sorted(set(names))
    }


# Tables and figures in the order of the rules: (folder, name), category and title in the report.
SHOWN = {}


def rendered(name, category, title):
    """A table's files: CSV, Markdown, LaTeX."""
    SHOWN["tables", name] = category, title
    return [f"{RESULTS}/tables/{name}.{suffix}" for suffix in ("csv", "md", "tex")]


def drawn(name, category, title):
    """A figure's files: SVG, PNG."""
    SHOWN["figures", name] = category, title
    return [f"{RESULTS}/figures/{name}.{suffix}" for suffix in ("svg", "png")]


def shown():
    """A page for each table and figure, marked for the report."""
    return [_page(*each, *told) for each, told in SHOWN.items()]


def _page(folder, name, category, title):
    path = f"{RESULTS}/pages/{folder}_{name}.html"
    # one label only: the report may turn a second one into a switch, which fails to render
    labels = {"result": title}
    return report(path, caption=caption(folder, name), category=category, labels=labels)


def caption(folder, name):
    """The file of a caption: in its statement's folder, or among the report's.

    A table that has the name of a figure has a caption NAME_table.rst of its own.
    """
    folder_of_statement = WORKFLOW / f"fragility/statements/{name}"
    place = folder_of_statement if folder_of_statement.is_dir() else WORKFLOW / "report"
    own = place / f"{name}_table.rst"
    both = folder == "tables" and own.is_file()
    return str(own if both else place / f"{name}.rst")


def captions():
    """The files of captions of all tables and figures, as seen from the working folder."""
    return [os.path.relpath(caption(*each)) for each in SHOWN]


def site_content():
    """The site's own files: templates, findings, style, scripts."""
    return sorted(
        os.path.relpath(path)
        for path in (WORKFLOW / "site").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


def library():
    """All files of the library, which the site lists."""
    return sorted(
        os.path.relpath(path) for path in (WORKFLOW / "fragility").rglob("*.py")
    )


def there(name):
    """A file of the repository in a list, empty if it is not there."""
    path = WORKFLOW.parent / name
    return [os.path.relpath(path)] if path.is_file() else []


# Notebooks by name and evidence by experiment; experiments.smk makes rules from them.
NOTEBOOKS = {}
EVIDENCE = {}


def notebook(name, inputs, outputs, stamped, also=(), memory=1000, **values):
    """Declare a notebook: inputs, tables and figures, settings; ``stamped``: keys for its notice."""
    NOTEBOOKS[name] = {
        "inputs": inputs,
        "outputs": outputs,
        "stamped": stamped,
        "also": also,
        "memory": memory,
        "settings": values,
    }


def stems(outputs):
    """The names of tables and figures among a notebook's outputs, each once."""
    paths = (path for paths in outputs.values() for path in paths)
    return list(dict.fromkeys(Path(path).stem for path in paths))


def evidence(experiment, module, inputs, also=(), stamped=(), **values):
    """Declare that ``module.evidence`` estimates the claims of an experiment from these inputs.

    Settings of its own block, and of those in ``stamped``, must be the paper's for a verdict.
    """
    EVIDENCE[experiment] = {
        "module": module,
        "inputs": inputs,
        "also": also,
        "stamped": (experiment, *stamped),
        "settings": values,
    }


def artifacts():
    """The paper's own tables and figures among the notebooks' outputs: files by name."""
    return {
        name: paths
        for book in NOTEBOOKS.values()
        for name, paths in book["outputs"].items()
        if re.fullmatch(r"(table|figure)_\d+", name)
    }


def finished_rules(*names):
    """The rules of these names or experiments that have outputs without wildcards."""
    return [
        each
        for each in workflow.rules
        if each.output
        and not each.wildcard_names
        and any(each.name == name or each.name.startswith(f"{name}_") for name in names)
    ]


@functools.cache
def jobs_until(*last):
    """All jobs needed for the experiments and these rules: rule, record, other files."""
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
