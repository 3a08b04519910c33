"""A program that starts as a copy of the warm process does what it does in a process of its own."""

import os

import pytest
import warm
from workflow_runs import REPOSITORY

LOOKS_AROUND = """
import os, sys
print(os.getcwd(), sys.argv[1:], os.environ["TOLD"], sorted(os.environ), __name__, sys.stdin.read())
print(sorted(name for name in sys.modules if name.partition(".")[0] == "fragility"))
import fragility
print(fragility.__file__, os.path.dirname(__file__) == sys.path[0])
print("on the other stream", file=sys.stderr)
"""
ENDS = {
    "well": "",
    "with a number": "sys.exit(7)",
    "with a line": 'sys.exit("error: no such file")',
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_it_says_the_same_and_ends_alike(tmp_path, end):
    script, folder = tmp_path / "script.py", tmp_path / "folder"
    script.write_text(LOOKS_AROUND + end)
    folder.mkdir()
    library = str(REPOSITORY / "workflow")
    environment = os.environ | {"TOLD": "by the test", "PYTHONPATH": library}
    told = {"folder": folder, "environment": environment, "told": "a document"}
    one, other = (run(script, "--word", **told) for run in (warm.run, warm.cold))
    assert (one.returncode, one.stdout, one.stderr) == (
        other.returncode, other.stdout, other.stderr,
    )  # fmt: skip
    assert "a document" in one.stdout and "on the other stream" in one.stderr


def test_what_nobody_caught_is_a_failure_with_its_traceback(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("def f():\n    raise KeyError('missing')\nf()\n")
    done = warm.run(script, folder=tmp_path, environment=dict(os.environ))
    assert done.returncode == 1
    assert "Traceback" in done.stderr and "KeyError: 'missing'" in done.stderr
