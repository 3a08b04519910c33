"""Put a snapshot of a finished default run into docs/ and README: findings, verdicts, figures."""

import argparse
import re
import shutil
import sys
from pathlib import Path

import pandas as pd
import yaml

from fragility.paper.claims import read_claims, read_csv_strings
from fragility.paper.verdicts import MEANINGS, VERDICTS
from fragility.report import findings, picture, templates
from fragility.report.render import pipe_table
from fragility.report.words import interval, printed
from fragility.runtime import files, times

CONTENT = Path("workflow/site")
CLAIMS = Path("workflow/paper/claims")
# the figures that matter, one or two a part
FIGURES = {
    "theorem_1": "theory", "theorem_4": "theory", "figure_2": "linear", "linear_scatter": "linear",
    "relu_phi": "relu", "relu_match": "relu", "mnist_scatter": "mnist",
    "imagenet_against_chance": "imagenet", "imagenet_by_step": "imagenet",
}  # fmt: skip


def main() -> None:
    """Write the snapshot from the folder of results named on the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("results", type=Path, nargs="?", default=Path("results"))
    results = options.parse_args().results
    scores = read_csv_strings(results / "scorecard.csv")
    by_id = {row["id"]: row for row in scores.to_dict("records")}
    values = findings.Values(by_id, results / "tables")
    said = yaml.safe_load((CONTENT / "findings.yaml").read_text(encoding="utf-8"))
    try:
        found = [findings.chosen(said[k], values, strict=True) for k in ("answers", "findings")]
    except findings.FindingError as error:
        sys.exit(f"error: {error}")
    rows = yaml.safe_load((CONTENT / "picture.yaml").read_text(encoding="utf-8"))["rows"]
    drawing = templates.environment(CONTENT / "pages").get_template("_picture.svg")
    files.write_text(drawing.render(marks=picture.marks(rows, by_id)), "docs/figures/picture.svg")
    for name in FIGURES:
        shutil.copyfile(results / f"figures/{name}.svg", f"docs/figures/{name}.svg")
    Path("docs/tables").mkdir(exist_ok=True)
    for name in findings.tables_named([one for each in said.values() for one in each]):
        shutil.copyfile(results / f"tables/{name}.csv", f"docs/tables/{name}.csv")
    when = told(read_csv_strings(results / "provenance.csv"))
    files.write_text(findings_page(*found, when), "docs/findings.md")
    files.write_text(scorecard_page(scores, when), "docs/scorecard.md")
    files.write_text(glossary(), "docs/glossary.md")
    files.write_csv(scores, "docs/scorecard.csv")
    files.write_csv(pd.DataFrame(times.reference(results)), "docs/times.csv")
    readme = Path("README.md").read_text(encoding="utf-8")
    readme = put(readme, "answers", "\n\n".join(map(sentence, found[0])))
    files.write_text(put(readme, "verdicts", counted(scores, by_part(scores))), "README.md")


def told(jobs: pd.DataFrame) -> str:
    """Which run the snapshot is of."""
    commits = " and ".join(sorted({name[:12] for name in jobs["commit"]}))
    return f"Of a default run of commit {commits}, finished on {jobs['started'].max()[:10]}."


def sentence(finding: findings.Finding) -> str:
    """A finding as a paragraph, with the claims it rests on."""
    claims = ", ".join(f"`{name}`" for name in finding.claims)
    head = f"**{finding.headline}:** " if finding.headline else ""
    return f"{head}{finding.text}" + (f" ({claims})" if claims else "")


def findings_page(answers: list, found: list, when: str) -> str:
    """The page of findings, with its figures, each under the first finding of its part."""
    lines = ["# Findings", "", f"{when} Intervals are 95 %.", ""]
    lines += ["\n\n".join(map(sentence, answers)), "", "![The picture](figures/picture.svg)", ""]
    shown: set[str] = set()
    for one in found:
        lines += [f"## {one.headline}", "", sentence(one._replace(headline="")), ""]
        names = [n for n, part in FIGURES.items() if part == one.part and n not in shown]
        shown |= set(names)
        lines += [f"![{name.replace('_', ' ')}](figures/{name}.svg)\n" for name in names]
    return "\n".join(lines).rstrip() + "\n"


def by_part(scores: pd.DataFrame) -> pd.Series:
    """The title of the part of the paper that each claim belongs to."""
    parts = yaml.safe_load((CONTENT / "parts.yaml").read_text(encoding="utf-8"))
    titles = {
        claim.id: part["title"]
        for part in parts
        for claim in read_claims(CLAIMS / f"{part['id']}.yaml")
    }
    return scores["id"].map(titles)


def counted(scores: pd.DataFrame, groups: pd.Series) -> str:
    """Counts of verdicts by group, in the groups' order, as a table in Markdown."""
    counts = pd.crosstab(groups, scores["verdict"])
    found = [name for name in VERDICTS if name in counts]
    counts = counts.reindex(index=groups.unique(), columns=found, fill_value=0)
    counts.loc["all"] = counts.sum()
    return pipe_table(counts.astype(str).replace("0", "").reset_index(names="where"))


def scorecard_page(scores: pd.DataFrame, when: str) -> str:
    """All claims with both numbers and the verdict."""
    rows = scores.to_dict("records")
    shown = pd.DataFrame(
        {
            "claim": [f"`{row['id']}`" for row in rows],
            "what the paper says": scores["statement"],
            "paper": [printed(row["paper"]) for row in rows],
            "ours [95 %]": [interval(row) for row in rows],
            "verdict": scores["verdict"]
            + scores["turns"].map(lambda t: ", since it turns" * bool(t)),
        }
    )
    meanings = "\n".join(f"- *{v}*: {MEANINGS[v]}" for v in VERDICTS if v in set(scores["verdict"]))
    counts = counted(scores, scores["artifact"])
    return f"# All claims\n\n{when}\n\n{counts}\n\n{meanings}\n\n{pipe_table(shown)}\n"


def glossary() -> str:
    """The symbols, in plain Markdown."""
    symbols = yaml.safe_load((CONTENT / "symbols.yaml").read_text(encoding="utf-8"))
    lines = [f"- **{s['plain']}**, {s['name']}: {s['short']}. {s['long']}" for s in symbols]
    return re.sub("</?sub>", "", "# Glossary\n\n" + "\n".join(lines) + "\n")


def put(text: str, name: str, block: str) -> str:
    """A text with what stands between a pair of comments replaced."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(start)
    return f"{before}{start}\n{block}\n{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    main()
