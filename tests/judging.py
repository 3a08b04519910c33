"""Verdicts on made-up evidence, for the tests of what our results say of each claim."""

from pathlib import Path

from fragility.paper import claims
from fragility.paper.verdicts import NOT_REPRODUCED, REPRODUCED, Finding, judge

FOLDER = Path(claims.__file__).parents[2] / "paper"
CLAIMS = {claim.id: claim for claim in claims.read_all_claims(FOLDER / "claims")}


def verdicts(evidence_found):
    """Each claim's verdict by its rule alone."""
    return {
        name: judge(CLAIMS[name], Finding(*found)).judgement.verdict
        for name, found in evidence_found.items()
    }


def all_but(ours, fallen):
    """The verdicts if all claims are reproduced but those that fall."""
    return {name: NOT_REPRODUCED if name in fallen else REPRODUCED for name in ours}


def estimates(evidence_found):
    """Each claim's number; of a claim about several parts, that of the part that decides."""
    return {
        name: judge(CLAIMS[name], Finding(*found)).estimate
        for name, found in evidence_found.items()
    }
