"""Put the finished table of several seeds into docs/stability.md, with its commit and its day."""

import argparse
import re
import shutil
import sys
from pathlib import Path

from fragility.runtime import digests, files

PLACE = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end of table -->)", re.S)


def main() -> None:
    """Write the table into the page, and a copy of its CSV beside the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("results", type=Path, nargs="?", default=Path("results"))
    options.add_argument("page", type=Path, nargs="?", default=Path("docs/stability.md"))
    told = options.parse_args()
    try:
        table = (told.results / "stability.md").read_text(encoding="utf-8")
        text = f"{_origin(told.results / 'stability.json')}\n\n{table}"
        page = PLACE.sub(lambda _: text, told.page.read_text(encoding="utf-8"))
        files.write_text(page, told.page)
        shutil.copyfile(told.results / "stability.csv", told.page.with_suffix(".csv"))
    except (OSError, ValueError) as error:
        sys.exit(f"error: {error}; run snakemake stability first")


def _origin(path: Path) -> str:
    """Commits and day, by the table's record and those of the scores that it was made from."""
    record = digests.read_record(path)
    scores = digests.flat(record["job"]["inputs"])
    made = [digests.read_record(Path(score).with_suffix(".json")) for score in scores]
    commits = ", ".join(dict.fromkeys(each["commit"] for each in made))
    return f"Made on {record['started'][:10]} from commit {commits}."


if __name__ == "__main__":
    main()
