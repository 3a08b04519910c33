"""Verdicts on made-up evidence, for the tests of what our results say of each claim."""

from pathlib import Path

from fragility.paper import claims

FOLDER = Path(claims.__file__).parents[2] / "paper"
CLAIMS = {claim.id: claim for claim in claims.read_claims(FOLDER)}


def verdicts(evidence_found):
    """Each judged claim's verdict."""
    scores = claims.scores(FOLDER, evidence_found)
    return dict(zip(scores["id"], scores["verdict"], strict=True))


def all_but(ours, fallen):
    """The verdicts if all claims are reproduced but those that fall."""
    return {name: claims.NOT_REPRODUCED if name in fallen else claims.REPRODUCED for name in ours}
