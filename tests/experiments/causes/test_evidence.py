"""The evidence on causes has a finding for each claim of its file, and no other."""

import inspect

import causes_results
from judging import FOLDER

from fragility.experiments.causes.evidence import evidence
from fragility.paper import claims


def test_each_claim_has_a_finding():
    names = inspect.signature(evidence).parameters
    results = {name: getattr(causes_results, name)() for name in names}
    listed = claims.read_claims(FOLDER / "claims/causes.yaml")
    assert set(evidence(**results)) == {claim.id for claim in listed}
