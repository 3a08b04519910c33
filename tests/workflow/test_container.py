"""The container recipe, as far as it can be checked without building it; `make lint` lints it."""

import re
import shutil
import subprocess

import yaml
from workflow_runs import REPOSITORY

RECIPE = (REPOSITORY / "Containerfile").read_text()


def test_what_is_copied_suffices_to_make_the_environment(tmp_path):
    *names, target = re.search(r"^COPY (.+)$", RECIPE, re.M)[1].split()
    assert target == "./"
    for name in names:
        shutil.copy(REPOSITORY / name, tmp_path)
    command = re.search(r"^RUN (make .+)$", RECIPE, re.M)[1].split()
    done = subprocess.run([*command, "-n"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--require-hashes --compile-bytecode -r requirements.lock" in done.stdout


def test_python_is_that_of_the_conda_environments():
    minor = re.search(r"^FROM python:(\d+\.\d+)-", RECIPE, re.M)[1]
    for path in (REPOSITORY / "envs").glob("*.yaml"):
        assert f"python={minor}" in yaml.safe_load(path.read_text())["dependencies"], path.name
