"""The conda environments agree with the lock, and hold what their rules' code imports."""

import ast
import json
import re
import sys
from pathlib import PurePath

import pytest
import yaml
from planning import planned_by_snakemake
from workflow_runs import REPOSITORY, copy_of_repository

CONDA_NAMES = {"pytorch": "torch", "snakemake-minimal": "snakemake"}  # conda's name: PyPI's
# not from PyPI, so no lock of ours names them: python itself, and nodejs for the npm client
FOREIGN = {"python", "nodejs"}
MODULES = {"pyyaml": "yaml", "pillow": "PIL"}  # PyPI's name: the module's, where they differ
# imported only where a GPU is asked for, or where torch is the subject
LAZY = {"torch"}


def environment(name):
    """Packages and versions of envs/NAME.yaml, by PyPI's names."""
    listed = yaml.safe_load((REPOSITORY / "envs" / f"{name}.yaml").read_text())["dependencies"]
    pip = [package for entry in listed if isinstance(entry, dict) for package in entry["pip"]]
    plain = [entry for entry in listed if isinstance(entry, str) and entry != "pip"]
    pairs = (re.split("=+", entry) for entry in plain + pip)
    return {CONDA_NAMES.get(package, package): version for package, version in pairs}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """What every job of the workflow runs, by rule: environments, and files of code."""
    folder = copy_of_repository(tmp_path_factory.mktemp("environments") / "copy")
    found = {}
    with planned_by_snakemake(folder, folder / "tests/config.tiny.yaml") as dag:
        for job in dag.jobs:
            code = [*job.input.get("code", []), *filter(None, [job.input.get("notebook")])]
            if code:
                envs, files = found.setdefault(job.rule.name, (set(), set()))
                envs.add(PurePath(job.rule.conda_env).stem)
                # the library in use is that of the tests, so that some paths lead there
                files |= {f"workflow/{path.split('workflow/')[-1]}" for path in map(str, code)}
    return found


def imported(path, lazy):
    """Top-level modules a file imports; those inside functions only if ``lazy``."""
    text = path.read_text()
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    tree = ast.parse(text)
    nodes = ast.walk(tree) if lazy else tree.body
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"fragility"}


@pytest.mark.parametrize("name", [path.stem for path in (REPOSITORY / "envs").glob("*.yaml")])
def test_versions_are_those_of_the_lock(name):
    lock = dict(
        re.findall(r"^([\w.-]+)==([\w.]+)", (REPOSITORY / "requirements.lock").read_text(), re.M)
    )
    for package, version in environment(name).items():
        if package not in FOREIGN:
            assert f"{lock[package]}.".startswith(f"{version}."), package


def test_no_rule_imports_what_its_environment_lacks(programs):
    assert len(programs) > 30
    assert {env for envs, _ in programs.values() for env in envs} == {
        path.stem for path in (REPOSITORY / "envs").glob("*.yaml")
    }
    wrong = []
    for rule, (envs, files) in programs.items():
        (env,) = envs
        modules = {MODULES.get(package, package) for package in environment(env)}
        for path in sorted(files):
            # torch stands in modules of its own, imported only by jobs on a GPU
            lacking = imported(REPOSITORY / path, lazy=True) - modules - LAZY
            wrong += [f"{rule}, {path}: {name} is not in {env}" for name in sorted(lacking)]
    assert wrong == []


def test_notebooks_and_what_is_imported_by_a_name_made_at_run_time_are_among_the_code(programs):
    every = {path for _, files in programs.values() for path in files}
    for path in (REPOSITORY / "workflow").rglob("*"):
        if path.suffix == ".ipynb" or path.name in ("check.py", "evidence.py"):
            assert str(path.relative_to(REPOSITORY)) in every


def test_training_environment_has_torch():
    assert "torch" in environment("torch")


def test_lock_names_no_download_address():
    for name in ("requirements.lock", "requirements.uv.lock"):
        assert "://" not in (REPOSITORY / name).read_text()
