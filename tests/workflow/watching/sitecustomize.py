"""Notes each file that a Python process opens or moves into place: the event and the path, a line.

Copied beside the library of a run that is watched: its jobs' Python finds it there and imports it
first.  A file of notes a process, in the folder that FILES_OPENED names; its name starts with the
numbers of the parent and of the process.
"""

import os
import sys
import time
from pathlib import Path

PLACES = {"open": 0, "os.rename": 1}  # the argument that is the path, by audit event


def watch(folder: str) -> None:
    name = f"{os.getppid()}-{os.getpid()}-{time.time_ns()}"
    notes = os.open(Path(folder) / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    noted = set()

    def note(event: str, arguments: tuple) -> None:
        if event not in PLACES or isinstance(path := arguments[PLACES[event]], int):
            return
        line = f"{event} {Path(os.fsdecode(path)).resolve()}\n"
        if line not in noted:
            noted.add(line)
            os.write(notes, line.encode())

    sys.addaudithook(note)


if "FILES_OPENED" in os.environ:
    watch(os.environ["FILES_OPENED"])
