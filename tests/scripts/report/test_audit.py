"""The program that audits the printed tables."""

import json
import shutil
from pathlib import Path

from workflow_runs import REPOSITORY, run_job

from fragility.paper import audit, claims
from fragility.paper.audit import DIFFERS

FOLDER = REPOSITORY / "workflow/paper"
ROWS = audit.audit(FOLDER).set_index("id", drop=False)


def render(folder, paper=FOLDER):
    return run_job(
        "report/audit",
        folder,
        inputs={
            "printed": [paper / f"table_{n}.csv" for n in range(1, 9)],
            "quoted": paper / "quoted.csv",
        },
        outputs={"checks": "audit.csv", "record": "audit.json"},
        settings={},
    )


def test_the_script_lists_as_many_differences_as_it_counts(tmp_path):
    render(tmp_path).check_returncode()
    written = claims.read_csv_strings(tmp_path / "audit.csv")
    assert list(written.columns) == audit.COLUMNS
    listed = (written["verdict"] == DIFFERS).sum()
    assert listed == (ROWS["verdict"] == DIFFERS).sum() > 0
    record = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert record["verdicts"][DIFFERS] == listed


def test_the_script_names_what_is_missing(tmp_path):
    copy = Path(shutil.copytree(FOLDER, tmp_path / "paper"))
    (copy / "table_5.csv").unlink()
    result = render(tmp_path, copy)
    assert result.returncode == 1
    assert "table_5.csv" in result.stderr
    assert not (tmp_path / "audit.csv").exists()
