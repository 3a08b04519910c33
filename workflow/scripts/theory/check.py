"""Check one statement of the paper: its closed forms against simulation."""

from importlib import import_module
from pathlib import Path

from fragility.runtime import files, job
from fragility.runtime.clock import Clock
from fragility.synthetic.networks import relu_networks


def main(networks: list[Path], rows: Path, *, statement: str, settings: dict, seed: int) -> dict:
    """Write the rows of the statement's check (:mod:`fragility.statements`) as a CSV.

    ``networks`` has the file of trained networks if the statement is checked on them; otherwise it
    is empty.
    """
    trained = [relu_networks(files.read_tensors(path)) for path in networks]
    check = import_module(f"fragility.statements.{statement}.check").check
    clock = Clock()
    files.write_csv(check(settings, seed, clock, *trained), rows)
    return clock.record()


if __name__ == "__main__":
    job.run(main)
