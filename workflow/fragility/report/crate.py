"""The whole run as an RO-Crate: files with sizes and checksums, and the jobs that made them.

The crate is the folder of results; its metadata follow the Process Run Crate profile, so that
other programs find, for each file, the job that made it, when, from which files, with which code,
versions and device.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from fragility.runtime import chain

NAME = "Feature compression and adversarial fragility: results of a reproduction"
PAPER = "https://arxiv.org/abs/2406.16200"
LICENSE = "https://spdx.org/licenses/MIT"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
# a term of the profile's vocabulary that the crate's own vocabulary does not have
TERMS = {"resourceUsage": "https://w3id.org/ro/terms/workflow-run#resourceUsage"}
FORMATS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tex": "application/x-tex",
    ".yaml": "application/yaml",
    "": "text/plain",
}


@dataclass(frozen=True)
class Job:
    """A job that ran: its rule, its record and the files it wrote."""

    rule: str
    record: dict
    made: tuple[str, ...]


def run_crate(jobs: Sequence[Job], files: Mapping[str, tuple[int, str]], folder: str) -> dict:
    """The crate's metadata, as JSON-LD; the same jobs and files give the same crate.

    Args:
        jobs: all jobs of the run.
        files: size in bytes and SHA-256 of each file by path; all that jobs made are among them.
        folder: the crate's root folder; every path of a file begins with it.
    """
    crate = ROCrate(version="1.1")
    crate.metadata.extra_terms.update(TERMS)
    crate.name, crate.license = NAME, _entity(crate, LICENSE, "CreativeWork", name="MIT License")
    crate.description = (
        f"Every result of one run of the workflow, and the jobs that made it. {PAPER}"
    )
    crate.datePublished = max(_ended(job.record) for job in jobs)
    crate.root_dataset["conformsTo"] = _entity(
        crate, PROFILE, "CreativeWork", name="Process Run Crate", version="0.5"
    )
    listed = {
        path: crate.add_file(
            dest_path=path.removeprefix(f"{folder}/"),
            properties={
                "name": path,
                "contentSize": str(size),
                "sha256": sha256,
                "encodingFormat": FORMATS.get(PurePath(path).suffix, "application/octet-stream"),
            },
        )
        for path, (size, sha256) in files.items()
    }
    crate.root_dataset["mentions"] = [_action(crate, job, listed, folder) for job in jobs]
    return crate.metadata.generate()


def _action(crate: ROCrate, job: Job, files: Mapping[str, object], folder: str) -> ContextEntity:
    """One job, with the result files that it read by its record."""
    record = job.record
    read = [chain.here(path, record["job"]["results"], folder) for path in record["read"]]
    return _entity(
        crate,
        f"#job-{job.made[0]}",
        "CreateAction",
        name=f"rule {job.rule}",
        instrument=_program(crate, record),
        object=[files[path] for path in read if path in files],
        result=[files[path] for path in job.made],
        startTime=_time(record["started"]).isoformat(),
        endTime=_ended(record),
        resourceUsage=list(_usage(crate, record)),
    )


def _program(crate: ROCrate, record: dict) -> ContextEntity:
    """The script, at its commit, with the packages it ran with: one entity for all its jobs."""
    versions = [
        _entity(
            crate, f"#{name}-{version}", "SoftwareApplication", name=name, softwareVersion=version
        )
        for name, version in record["versions"].items()
    ]
    mark = "-".join([record["script"], record["commit"], *record["versions"].values()])
    return _entity(
        crate,
        f"#{mark}",
        "SoftwareApplication",
        name=record["script"],
        softwareVersion=record["commit"],
        softwareRequirements=versions,
        operatingSystem=record["platform"],
    )


def _usage(crate: ROCrate, record: dict) -> Iterator[ContextEntity]:
    for name, key, unit in (
        ("device", "device", None),
        ("threads", "threads", None),
        ("peak memory", "peak_memory_mb", "MB"),
    ):
        value = record[key]
        words = {"unitText": unit} if unit else {}
        mark = f"#{key}-{value}".replace(" ", "-")
        yield _entity(crate, mark, "PropertyValue", name=name, value=value, **words)


def _entity(crate: ROCrate, identifier: str, kind: str, **properties: object) -> ContextEntity:
    """The entity of that identifier, made if the crate has none."""
    existing = crate.get(identifier)
    if existing is not None:
        return existing
    entity = crate.add(ContextEntity(crate, identifier, {"@type": kind}))
    for name, value in properties.items():
        if value != []:  # a list of one is written as that one
            entity[name] = value[0] if isinstance(value, list) and len(value) == 1 else value
    return entity


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ended(record: dict) -> str:
    return (_time(record["started"]) + timedelta(seconds=record["seconds"])).isoformat()
