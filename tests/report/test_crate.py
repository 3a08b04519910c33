"""The run as an RO-Crate: what the metadata say of files and jobs, read back by another reader."""

import hashlib
import json

import pytest
from rocrate.rocrate import ROCrate

from fragility.report.crate import Job, run_crate

VERSIONS = {"python": "3.11.7", "numpy": "2.4.6"}


def record(script, started, read=()):
    return {
        "script": script,
        "job": {"results": "results/x", "settings": {}},
        "device": "cpu",
        "threads": 1,
        "versions": VERSIONS,
        "platform": "Linux x86_64",
        "commit": "0123456789ab",
        "started": started,
        "seconds": 1.5,
        "peak_memory_mb": 120,
        "read": dict.fromkeys(read, "0" * 64),
    }


DRAWN = ("results/x/matrices.json", "results/x/matrices.safetensors")
TRAINED = ("results/x/weights.json", "results/x/weights.safetensors")
OTHER = ("results/x/report.html",)
DRAW = record("draw.py", "2026-01-02T03:04:05Z")
TRAIN = record("train.py", "2026-01-02T03:05:00Z", read=[DRAWN[1], "paper/t.csv"])
JOBS = [Job("draw", DRAW, DRAWN), Job("train", TRAIN, TRAINED)]


@pytest.fixture
def folder(tmp_path):
    """Results of two jobs, on disk."""
    for name in (*DRAWN, *TRAINED, *OTHER):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def crate(folder, monkeypatch):
    """The crate of both jobs, opened by the library's own reader."""
    monkeypatch.chdir(folder)
    files = {
        name: (len(content), hashlib.sha256(content).hexdigest())
        for name in (*DRAWN, *TRAINED, *OTHER)
        for content in [(folder / name).read_bytes()]
    }
    written = folder / "results/x/ro-crate-metadata.json"
    written.write_text(json.dumps(run_crate(JOBS, files, "results/x")))
    return ROCrate(folder / "results/x")


def test_files_have_the_size_and_checksum_of_what_lies_there(crate, folder):
    listed = {entity.id: entity for entity in crate.data_entities}
    names = {path.removeprefix("results/x/") for path in (*DRAWN, *TRAINED)}
    assert set(listed) == names | {"report.html"}
    for name, entity in listed.items():
        content = (folder / "results/x" / name).read_bytes()
        assert entity["contentSize"] == str(len(content))
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()


def test_jobs_say_what_they_read_and_made_when_and_with_what(crate):
    draw, train = crate.root_dataset["mentions"]
    assert draw.type == train.type == "CreateAction"
    assert (draw["name"], train["name"]) == ("rule draw", "rule train")
    assert train["object"].id == "matrices.safetensors" and draw.get("object") is None
    assert {entity.id for entity in train["result"]} == {"weights.json", "weights.safetensors"}
    assert train["startTime"] == "2026-01-02T03:05:00+00:00"
    assert train["endTime"] == "2026-01-02T03:05:01.500000+00:00"
    assert train["instrument"]["name"] == "train.py"
    assert train["instrument"]["softwareVersion"] == "0123456789ab"
    versions = train["instrument"]["softwareRequirements"]
    assert {v["name"]: v["softwareVersion"] for v in versions} == VERSIONS
    usage = {entity["name"]: entity["value"] for entity in train["resourceUsage"]}
    assert usage == {"device": "cpu", "threads": 1, "peak memory": 120}


def test_the_crate_states_its_profile_licence_and_date(crate):
    root = crate.root_dataset
    assert root["conformsTo"].id == "https://w3id.org/ro/wfrun/process/0.5"
    assert root["license"].id == "https://spdx.org/licenses/MIT"
    assert crate.version == "1.1"
    assert root["datePublished"] == "2026-01-02T03:05:01.500000+00:00"  # of the last job, no clock


def test_files_of_a_job_from_a_shared_cache_are_found_under_its_own_folder_s_name():
    """Its record names another run's folder of results."""
    elsewhere = record("train.py", "2026-01-02T03:05:00Z", read=["results/matrices.safetensors"])
    elsewhere["job"]["results"] = "results"
    jobs = [JOBS[0], Job("train", elsewhere, TRAINED)]
    files = {name: (1, "0" * 64) for name in (*DRAWN, *TRAINED)}
    graph = run_crate(jobs, files, "results/x")["@graph"]
    (action,) = (entity for entity in graph if entity.get("name") == "rule train")
    assert action["object"] == {"@id": "matrices.safetensors"}


def test_jobs_of_one_script_share_it_unless_commit_or_versions_differ():
    def programs(second):
        first = record("draw.py", "2026-01-02T03:04:05Z")
        jobs = [Job("draw", entry, (f"r/{n}.json",)) for n, entry in enumerate((first, second))]
        files = {f"r/{n}.json": (1, "0" * 64) for n in range(2)}
        graph = run_crate(jobs, files, "r")["@graph"]
        return {e["instrument"]["@id"] for e in graph if e["@type"] == "CreateAction"}

    same = record("draw.py", "2026-01-02T03:09:05Z")
    assert len(programs(same)) == 1
    assert len(programs(same | {"commit": "ba9876543210"})) == 2
    assert len(programs(same | {"versions": VERSIONS | {"numpy": "9"}})) == 2


def test_every_reference_leads_somewhere(crate):
    """Each {"@id": …} is an entity of the crate, or an address."""
    graph = crate.metadata.generate()["@graph"]
    known = {entity["@id"] for entity in graph}
    values = [value for entity in graph for value in entity.values()]
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    references = {item["@id"] for item in flat if isinstance(item, dict)}
    assert {name for name in references - known if not name.startswith("https://")} == set()
    assert len(known) == len(graph)
