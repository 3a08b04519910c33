"""A real Slurm on this machine for the tests: munged, slurmctld, and slurmd once for each node."""

import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
PACKAGES = "apt-get install --no-install-recommends munge slurmctld slurmd slurm-client"
CONFIGURATION = Path("/etc/slurm")  # Snakemake's jobs find it nowhere else
FILES = ("slurm.conf", "gres.conf")
OURS = (Path(__file__).parent / FILES[0]).read_text().partition("\n")[0]  # how our own begins


class Job(NamedTuple):
    """A job as Slurm remembers it; ``memory`` in MB, times to the second."""

    id: int
    rule: str
    state: str
    node: str
    gpus: int
    memory: int
    submitted: datetime
    started: datetime | None
    ended: datetime | None


@contextmanager
def cluster(folder: Path) -> Iterator[None]:
    """Slurm with a CPU node and a GPU node until the block ends; all its files lie in ``folder``.

    Raises:
        RuntimeError: a program is missing, this is not root, Slurm is configured here already, or
            the daemons did not come up; the message says which.
    """
    check_machine()
    with ExitStack() as stack:
        stack.callback(remove_configuration)
        configure(folder)
        for name, words in daemons(folder).items():
            stack.callback(end, start(words, folder / f"{name}.out"))
        try:
            wait_for(lambda: slurm("sinfo", "-hNt", "idle").count("\n") == 1, "two idle nodes")
        except RuntimeError as error:
            logs = [path.read_text()[-2000:] for path in folder.glob("*.out")]
            raise RuntimeError("\n\n".join([str(error), *logs])) from None
        stack.callback(cancel_everything)
        yield


def check_machine() -> None:
    """Refuse where Slurm is not installed, cannot be started, or is the machine's own."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        raise RuntimeError(f"{', '.join(missing)} not found; these tests need: {PACKAGES}")
    if os.geteuid() != 0:
        raise RuntimeError("Slurm's daemons start as root only: run these tests as root")
    configuration = CONFIGURATION / "slurm.conf"
    if not configuration.exists():
        return
    if configuration.read_text().partition("\n")[0] != OURS:
        raise RuntimeError(f"{configuration} exists: this machine has a Slurm of its own")
    # left by a run of these tests that was killed, unless that run is still under way
    if slurm("scontrol", "ping"):
        raise RuntimeError("these tests' Slurm is running; if no test is: pkill slurmctld slurmd")


def configure(folder: Path) -> None:
    """Write the configuration, a fresh key, and the device file of a GPU that computes nothing."""
    for name in FILES:
        text = (Path(__file__).parent / name).read_text()
        (CONFIGURATION / name).write_text(text.replace("FOLDER", str(folder)))
    for name in ("state", "spool-cpu01", "spool-gpu01"):
        (folder / name).mkdir(parents=True)
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(128))
    os.mknod(folder / "nvidia0", 0o20666, os.makedev(1, 3))  # /dev/null's numbers


def remove_configuration() -> None:
    """Leave the machine as it was: without a Slurm."""
    for name in FILES:
        (CONFIGURATION / name).unlink(missing_ok=True)


def daemons(folder: Path) -> dict[str, list[str]]:
    """The commands to start, in order, by name; each stays in the foreground."""
    files = ("socket", "key-file", "pid-file", "log-file", "seed-file")
    munge = [f"--{name}={folder}/munge.{name.removesuffix('-file')}" for name in files]
    nodes = {f"slurmd-{node}": ["slurmd", "-D", "-c", "-N", node] for node in ("cpu01", "gpu01")}
    # --force: munged wants a folder that all may enter; pytest's is for its user alone
    return {
        "munged": ["munged", "--foreground", "--force", *munge],
        "slurmctld": ["slurmctld", "-Dc"],
        **nodes,
    }


def start(words: list[str], log: Path) -> subprocess.Popen:
    """Start a daemon; what it prints goes into ``log``."""
    with log.open("w") as output:
        return subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT)


def end(daemon: subprocess.Popen) -> None:
    """Stop a daemon, by force if it does not heed."""
    daemon.terminate()
    try:
        daemon.wait(timeout=20)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def cancel_everything() -> None:
    """Cancel all jobs and wait until none is left."""
    slurm("scancel", "--user=root")
    wait_for(lambda: not active(), "an empty queue")


def slurm(*words: str) -> str:
    """What a Slurm command prints; empty where it fails, as it does while slurmctld starts."""
    done = subprocess.run(words, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def wait_for(condition: Callable[[], object], what: str, seconds: float = 300) -> None:
    """Wait until a condition holds.

    Raises:
        RuntimeError: it did not within ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.1)


def jobs() -> list[Job]:
    """Every job since Slurm started, in the order of submission."""
    lines = slurm("scontrol", "-o", "show", "job").splitlines()
    return sorted(job(dict(re.findall(r"(\w+)=(\S*)", line))) for line in lines if "JobId=" in line)


def active() -> list[Job]:
    """The jobs that wait, run, or are being ended."""
    return [job for job in jobs() if job.state in ("PENDING", "RUNNING", "COMPLETING")]


def job(fields: dict[str, str]) -> Job:
    """A job from the fields that scontrol prints; Snakemake's comment names the rule."""
    gpus = re.search(r"gpu:(\d+)$", fields.get("TresPerJob", ""))
    return Job(
        id=int(fields["JobId"]),
        rule=fields["Comment"].removeprefix("rule_").split("_wildcards_")[0],
        state=fields["JobState"],
        node=fields["NodeList"],
        gpus=int(gpus[1]) if gpus else 0,
        memory=int(fields["MinMemoryNode"].removesuffix("M")),
        submitted=moment(fields["SubmitTime"]),
        started=moment(fields["StartTime"]),
        ended=moment(fields["EndTime"]),
    )


def moment(text: str) -> datetime | None:
    """A time as scontrol prints it."""
    return None if text == "Unknown" else datetime.fromisoformat(text)
