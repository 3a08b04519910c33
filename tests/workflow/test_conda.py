"""The workflow in its conda environments.  Marked ``conda``: needs conda and its channel's network.

`make test` and .ci/run leave these out; where conda is installed: pytest -m conda
"""

import shutil

import pytest
from workflow_runs import RESULTS, contents, copy_of_repository, snakemake

pytestmark = [pytest.mark.conda, pytest.mark.timeout(7200)]


def test_a_table_is_made_in_conda_environments_and_imports_the_library(tmp_path):
    assert shutil.which("conda"), "conda is not installed: this test needs it"
    folder = copy_of_repository(tmp_path / "conda")
    snakemake(folder, "table_1", "--sdm", "conda")
    assert (folder / RESULTS / "tables/table_1.csv").is_file()
    assert list((folder / ".snakemake/conda").glob("*.yaml"))
    assert len(contents(folder)) > 5
