"""Made-up claims and estimates, for tests of rules, severity and scores."""

from fragility.paper.claims import Claim
from fragility.paper.estimates import Estimate


def claim(**changed):
    """A claim whose rule and numbers are what a test is about."""
    words = ("artifact", "statement", "quantity", "rule", "reason", "location")
    return Claim(**{"id": "made-up"} | dict.fromkeys(words, "") | changed)


def near(value, half=0.01, n=100):
    """An estimate with limits at equal distance."""
    return Estimate(value, value - half, value + half, n, 0.05)
