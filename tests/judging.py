"""Verdicts on made-up evidence, for the tests of what our results say of each claim."""

from pathlib import Path

from fragility import paper

FOLDER = Path(paper.__file__).parents[1] / "paper"
CLAIMS = {claim.id: claim for claim in paper.read_claims(FOLDER)}


def verdicts(evidence_found):
    """Each judged claim's verdict."""
    scores = paper.scores(FOLDER, evidence_found)
    return dict(zip(scores["id"], scores["verdict"], strict=True))


def all_but(ours, fallen):
    """The verdicts if all claims are reproduced but those that fall."""
    return {name: paper.NOT_REPRODUCED if name in fallen else paper.REPRODUCED for name in ours}
