"""Build the site: pages from the run's results, by Sphinx, into one folder."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import yaml
from sphinx.cmd.build import build_main

from fragility.paper import claims
from fragility.report import site_source as source
from fragility.report.findings import FindingError
from fragility.report.site import Site, Told
from fragility.runtime import digests, files, job


def main(
    made: list[Path],
    content: list[Path],
    docs: list[Path],
    captions: list[Path],
    statements: list[Path],
    library: list[Path],
    listed: list[Path],
    assumptions: Path,
    index: Path,
    start: Path,
    pages: list[Path],
    manifest: Path,
    *,
    results: str,
    titles: list[str],
    stamp: list[str],
) -> dict:
    """Write the site's folder, the list of its files with their digests, and the report's pages.

    ``made`` are all files of the run so far, ``content`` those of ``workflow/site``, ``docs`` pages
    of the repository; ``library`` is the library's code; ``listed`` are the files of claims, one a
    part; ``titles`` are those of the report's ``pages``; ``stamp`` lists the changed settings.

    Raises:
        job.ResultError: a finding does not hold, a key is unknown, or Sphinx warns.
    """
    told = Told(
        results=Path(results),
        content=next(path.parent for path in content if path.name == "conf.py"),
        statements=[{"name": path.stem} | _yaml(path) for path in statements],
        docs=docs,
        library=library,
        captions={path.stem: path for path in captions},
        claims={path.stem: [each.id for each in claims.read_claims(path)] for path in listed},
        assumptions=claims.read_csv_strings(assumptions),
        stamp=stamp,
    )
    try:
        site = Site(told)
    except FindingError as error:
        raise job.ResultError(str(error)) from error
    with tempfile.TemporaryDirectory() as folder:
        built = build(site, Path(folder))
        replace(index.parent, built)
    files.write_text(source.start_page(site), start)
    for path, title in zip(pages, titles, strict=True):
        files.write_text(source.report_page(site, path, title), path)
    made_files = sorted(path for path in index.parent.rglob("*") if path.is_file())
    digests.write({str(path): digests.of(path) for path in made_files}, str(manifest))
    size = sum(path.stat().st_size for path in made_files)
    return {"files": len(made_files), "bytes": size}


def _yaml(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def build(site: Site, folder: Path) -> Path:
    """Write the source into ``folder``, run Sphinx there, and return the folder of its pages."""
    source.write(site, folder / "source")
    theme = {"announcement": source.NOTICE} if site.stamp else {}
    (folder / "source/theme.json").write_text(json.dumps(theme), encoding="utf-8")
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # no date of today anywhere
    words = ["-b", "html", "-q", "-W", "--keep-going", "-d", folder / "doctrees"]
    if build_main([str(word) for word in (*words, folder / "source", folder / "html")]):
        raise job.ResultError("Sphinx failed or warned; its messages are above this line")
    for name in (".buildinfo", "objects.inv"):
        (folder / "html" / name).unlink(missing_ok=True)
    return folder / "html"


def replace(target: Path, built: Path) -> None:
    """Put the built folder in the place of an earlier one, of which nothing stays."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(built, target)


if __name__ == "__main__":
    job.run(main)
