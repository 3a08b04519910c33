"""What all rules share: where results go, what code a job runs, where it runs."""

import json
import os
from pathlib import Path

from fragility.runtime import progress
from fragility.runtime.closure import closure

RESULTS = config["results"]
WORKFLOW = Path(workflow.basedir) / "workflow"
PAPER = os.path.relpath(WORKFLOW / "paper")

progress.follow(workflow, Path(RESULTS))

# Asked for with --cache; a job that runs elsewhere, as on a cluster, neither takes nor gives.
CACHING = workflow.is_main_process and workflow.workflow_settings.cache is not None

# Rules ask for a GPU where they can use one; a run hands out none unless --resources or a profile
# says so.  (profiles/default cannot hold the limit: it would overrule the other profiles.)  The
# Snakemake inside a cluster job is not told the run's limit, so the environment tells it.
if workflow.is_main_process:
    os.environ["FRAGILITY_GPU"] = str(workflow.global_resources.get("gpu").value or 0)
workflow.register_resource("gpu", int(os.environ["FRAGILITY_GPU"]))


envvars:
    "FRAGILITY_GPU",


# Jobs find the library wherever they run (a conda job keeps no PYTHONPATH but this one), and a
# job's device follows the `gpu` it was handed.
shell.prefix(
    f"set -euo pipefail; export PYTHONPATH={WORKFLOW}; "
    "device() {{ if [ $1 -gt 0 ]; then echo cuda; else echo cpu; fi; }}; "
)

# A notebook reads its inputs and writes its outputs by name, as listed in its rule.
NOTEBOOK = (
    "python {input.code[0]} {input.notebook} --parameters {params.parameters:q} "
    "--output {output.notebook} --provenance {output.provenance} > {log} 2>&1"
)


wildcard_constraints:
    d=r"\d+",
    batch=r"\d+|full",
    rate=r"[0-9.e-]+",


def growing(amount):
    """A resource that grows with each attempt: what ran out of memory or time is given more.

    Memory counts all that a cluster job holds; two processes of Snakemake are 280 MB of it.
    """
    return lambda wildcards, attempt: amount * attempt


def code(program):
    """The program and the library modules it imports: a rule's code, as its input."""
    return [os.path.relpath(path) for path in closure(WORKFLOW / program)]


def notebook_code(name):
    """What runs a notebook, and the library modules it imports."""
    runner, book = code("scripts/run_notebook.py"), code(f"notebooks/{name}.ipynb")
    return runner + [path for path in book[1:] if path not in runner]


def stamp(*keys):
    """Which of these config keys (or blocks) depart from the full run, for the pages' stamp."""
    return [
        line
        for line in settings.departures(config)
        if any(f"{line.split(':')[0]}.".startswith(f"{key}.") for key in keys)
    ]


def notebook_parameters(stamped=(), **values):
    """A params function that hands a notebook its file names, values and stamp as YAML."""

    def parameters(wildcards, input, output):
        files = {
            kind: {
                name: paths if isinstance(paths, str) else list(paths)
                for name, paths in group.items()
                if name not in ("code", "notebook", "provenance")
            }
            for kind, group in (("inputs", input), ("outputs", output))
        }
        return json.dumps(files | {"settings": values, "stamp": list(stamped)})

    return parameters


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
    """The captions that a notebook puts under its tables and figures."""
    return [os.path.relpath(WORKFLOW / "report" / f"{name}.rst") for name in names]


def job_of(record):
    """Who writes a record: the name of the rule, and all files that its job writes."""
    for writer in workflow.rules:
        pattern = dict(writer.output.items()).get("provenance")
        match = pattern and pattern.match(record)
        if match:
            made = [
                str(path.apply_wildcards(match.groupdict())) for path in writer.output
            ]
            return writer.name, [record, *(path for path in made if path != record)]
    raise WorkflowError(f"no output named provenance is {record}")
