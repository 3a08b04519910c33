"""The README's rule graph is the workflow's own."""

import re
import xml.etree.ElementTree as ElementTree

import warm
from workflow_runs import REPOSITORY, environment

# they read what everything else made, and would cover the picture with lines
LEFT_OUT = {"all", "site", "provenance", "report", "crate"}


def rule_graph(*targets):
    """Rules, and pairs where the second reads what the first made, as Snakemake has them."""
    words = ("--rulegraph", "dot", "--", *targets)
    done = warm.snakemake(*words, folder=REPOSITORY, environment=environment())
    assert done.returncode == 0, done.stdout
    dot = done.stdout
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', dot))
    return set(names.values()), {
        (names[a], names[b]) for a, b in re.findall(r"(\d+) -> (\d+)", dot)
    }


def drawn():
    """The same, read from the picture."""
    svg = "{http://www.w3.org/2000/svg}"
    names, pairs = {}, []
    for group in ElementTree.parse(REPOSITORY / "docs/rules.svg").iter(f"{svg}g"):
        title = group.find(f"{svg}title").text
        if group.get("class") == "node":
            names[title] = group.find(f"{svg}text").text
        elif group.get("class") == "edge":
            pairs.append(title.split("->"))
    return set(names.values()), {(names[a], names[b]) for a, b in pairs}


def test_the_picture_is_up_to_date():
    """After a change of rules: `make graph`."""
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = re.search(r"--rulegraph dot -- (.+) > ", makefile)[1].split()
    assert drawn() == rule_graph(*targets)


def test_the_picture_lacks_only_what_gathers_everything():
    targets = {"linear", "relu", "mnist", "imagenet", "causes", "dimension", "accounts", "theory"}
    assert drawn()[0] - targets == rule_graph("all")[0] - LEFT_OUT
