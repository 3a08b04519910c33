"""What Snakemake would run under changed configurations, asked in one process for all of them.

As a program it runs in a folder with a finished run, with that folder's library: it reads
configurations by name as JSON and prints, for each, the jobs that are planned and the jobs that are
told something else than their records hold, or follow from such.
"""

import contextlib
import copy
import gc
import io
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from snakemake.api import SnakemakeApi
from snakemake.dag import DAG
from snakemake.logging import logger
from snakemake.settings.types import (
    ConfigSettings,
    DAGSettings,
    OutputSettings,
    PrintDag,
    Quietness,
    ResourceSettings,
    StorageSettings,
)
from workflow_runs import REPOSITORY, environment

from fragility.runtime import settings

PROFILE = yaml.safe_load((REPOSITORY / "profiles/default/config.yaml").read_text())


class Job(NamedTuple):
    """A job of the plan: its rule, its record, the document it is told, what it reads and needs.

    ``compared`` are the params that Snakemake compares, as texts.
    """

    rule: str
    record: str
    document: dict
    compared: frozenset[str]
    inputs: frozenset[str]
    needs: frozenset[str]
    planned: bool


def asked(folder: Path, configs: dict[str, dict]) -> dict[str, dict]:
    """The answers of this program, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, folder], input=json.dumps(configs), capture_output=True,
        text=True, env=environment() | {"PYTHONPATH": str(folder / "workflow")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def jobs(folder: Path, config: dict) -> dict[str, Job]:
    """All jobs of the whole workflow in ``folder`` under ``config``, by their records."""
    changed = folder / "changed.yaml"
    changed.write_text(yaml.safe_dump(config))
    with planned_by_snakemake(folder, changed) as dag:
        return _jobs(dag)


@contextlib.contextmanager
def planned_by_snakemake(folder: Path, configfile: Path) -> Iterator[DAG]:
    """Snakemake's own plan of the whole workflow in ``folder``, made in this process."""
    handlers = list(logger.handlers)
    with (
        contextlib.redirect_stdout(io.StringIO()),
        SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api,
    ):
        loaded = api.workflow(
            resource_settings=ResourceSettings(cores=1, resources={"gpu": 0}),
            config_settings=ConfigSettings(configfiles=[configfile]),
            storage_settings=StorageSettings(),
            workdir=folder,
            snakefile=folder / "Snakefile",
        )
        size = PROFILE["max-checksum-file-size"]
        loaded.dag(
            DAGSettings(max_checksum_file_size=size, print_dag_as=str(PrintDag.DOT))
        ).printdag()
        yield loaded._workflow.dag
    for handler in set(logger.handlers) - set(handlers):
        logger.removeHandler(handler)


def _jobs(dag: DAG) -> dict[str, Job]:
    computing = [job for job in dag.jobs if job.output]
    planned = set(dag.needrun_jobs())
    return {
        job.output.record: Job(
            job.rule.name,
            job.output.record,
            _lasting(json.loads(str(job.params.job))),
            frozenset(map(str, job.non_derived_params)),
            frozenset(map(str, job.input)),
            frozenset(other.output.record for other in dag.dependencies[job] if other.output),
            job in planned,
        )
        for job in computing
    }


def told_otherwise(folder: Path, plan: dict[str, Job]) -> set[str]:
    """Jobs told something else than what their records hold, and all that need them."""
    affected = {
        name for name, job in plan.items() if job.document != _recorded(folder / job.record)
    }
    while more := {n for n, job in plan.items() if job.needs & affected} - affected:
        affected |= more
    return affected


def _recorded(path: Path) -> dict | None:
    return _lasting(json.loads(path.read_text())["job"]) if path.is_file() else None


def _lasting(document: dict) -> dict:
    """What the job is told wherever it runs: not how many threads it has, nor which device."""
    return {name: told for name, told in document.items() if name not in ("threads", "device")}


@cache
def tiny() -> dict:
    """The configuration of the tiny run, whole; cached, so it may not be changed."""
    config = yaml.safe_load((REPOSITORY / "config.yaml").read_text())
    return _merged(config, yaml.safe_load((REPOSITORY / "tests/config.tiny.yaml").read_text()))


def _merged(config: dict, changes: dict) -> dict:
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(config.get(key), dict)
        config[key] = _merged(config[key], value) if both else value
    return config


def keys(schema: dict | None = None, prefix: tuple = ()) -> Iterator[tuple[str, ...]]:
    """The path of every key of the schema that is no block."""
    schema = schema or settings.load_schema()
    for name, inner in schema["properties"].items():
        if inner.get("type") == "object":
            yield from keys(inner, (*prefix, name))
        else:
            yield (*prefix, name)


def value(config: dict, path: tuple[str, ...]) -> object:
    """The value at a path of keys."""
    for name in path:
        config = config[name]
    return config


def changed(config: dict, *changes: tuple[tuple[str, ...], object]) -> dict:
    """A copy of the configuration with other values at some paths."""
    config = copy.deepcopy(config)
    for path, new in changes:
        value(config, path[:-1])[path[-1]] = new
    return config


def is_valid(config: dict) -> bool:
    """Whether the workflow would take this configuration."""
    try:
        settings.check(config)
    except settings.ConfigError:
        return False
    return True


def other_values(old: object) -> Iterator[object]:
    """Values near an old one, of its type; some may not be valid."""
    if isinstance(old, bool):
        yield not old
    elif isinstance(old, int):
        yield from (old + 1, old - 1, old * 2, old + 10, 1)
    elif isinstance(old, float):
        yield from (old * 1.5, old / 2, old + 0.05, round(old * 0.4, 9))
    elif isinstance(old, str):
        yield from (f"{old}x", "npm", "full", f"{old[:-1]}9", "projection", "penalty_l1", "reflect")
    elif isinstance(old, list):
        if len(old) > 1:
            yield from (old[::-1], old[:-1], old[1:])
        for index, item in enumerate(old):
            for new in other_values(item):
                yield [*old[:index], new, *old[index + 1 :]]


def one_change(config: dict, path: tuple[str, ...]) -> dict | None:
    """The configuration with another valid value at a path; None if no candidate is valid."""
    candidates = (changed(config, (path, new)) for new in other_values(value(config, path)))
    return next(filter(is_valid, candidates), None)


def exchanges(config: dict) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], dict]]:
    """Of each block the first two keys that may exchange their values, and what that makes."""
    done = {()}
    for one, two in itertools.combinations(keys(), 2):
        if one[:-1] != two[:-1] or one[:-1] in done:
            continue
        first, second = value(config, one), value(config, two)
        if type(first) is type(second) and first != second:
            new = changed(config, (one, second), (two, first))
            if is_valid(new):
                done.add(one[:-1])
                yield one, two, new


def main() -> None:
    """Answer for each configuration on standard input."""
    gc.freeze()  # what was imported stays
    folder, answers = Path(sys.argv[1]), {}
    for name, config in json.load(sys.stdin).items():
        plan = jobs(folder, config)
        answers[name] = {
            "planned": sorted(record for record, job in plan.items() if job.planned),
            "affected": sorted(told_otherwise(folder, plan)),
            "jobs": [
                job._asdict()
                | {"needs": [], "compared": sorted(job.compared), "inputs": sorted(job.inputs)}
                for job in plan.values()
            ],
        }
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
