"""The scorecard's rows: each claim beside our number, its verdict, and how easily it could fail."""

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from fragility.paper import severity
from fragility.paper.claims import Claim
from fragility.paper.estimates import Estimate
from fragility.paper.verdicts import (
    BY_CONSTRUCTION,
    HOLDS_HERE,
    HOLDS_NOT_HERE,
    NOT_REPRODUCED,
    OWN_SETTINGS,
    PARTLY,
    REPRODUCED,
    WITHOUT_EVIDENCE,
    Finding,
    Judgement,
    judge,
)

COLUMNS = [
    "id", "artifact", "statement", "quantity", "paper", "ours", "low", "high", "n", "rule",
    "tolerance", "judged_low", "judged_high", "verdict", "parts", "alternatives", "passed", "note",
    "reason", "fixed", "trial", "assumptions", "answered_by", "location",
]  # fmt: skip
UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"), 0)


def scores(
    claims: Sequence[Claim],
    findings: Mapping[str, Finding],
    changed: severity.Changed,
    *,
    told: Mapping[str, object],
    departures: Sequence[str] = (),
) -> pd.DataFrame:
    """The rows of some claims, in their order.

    Args:
        claims: those of one part.
        findings: by the claim's id.
        changed: the same under each alternative, several times (``severity.passed``).
        told: values of the configuration's keys that quantities name.
        departures: settings that are not the paper's; if there are any, no verdict is given.

    Raises:
        ValueError: claims and findings are not the same, or a quantity names an unknown key.
    """
    tested = {claim.id for claim in claims if claim.rule not in WITHOUT_EVIDENCE}
    if tested != set(findings):
        raise ValueError(
            f"claims without evidence: {_listed(tested - set(findings))}; "
            f"evidence without a claim: {_listed(set(findings) - tested)}"
        )
    rows = [
        _row(claim, findings.get(claim.id, Finding(UNKNOWN)), changed, told, departures)
        for claim in claims
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _row(
    claim: Claim,
    finding: Finding,
    changed: severity.Changed,
    told: Mapping[str, object],
    departures: Sequence[str],
) -> dict:
    ours, judgement, parts = judge(claim, finding)
    share = severity.passed(claim, finding, changed)
    verdict = judgement.verdict if finding.elsewhere is False else _elsewhere(judgement.verdict)
    if verdict in (REPRODUCED, HOLDS_HERE) and _cannot_fail(claim, share):
        verdict = BY_CONSTRUCTION
    if departures and claim.rule not in WITHOUT_EVIDENCE:
        verdict = OWN_SETTINGS
    row = {name: getattr(claim, name, "") for name in COLUMNS} | {
        "quantity": filled(claim.quantity, told),
        "ours": ours.value, "low": ours.low, "high": ours.high, "n": ours.n,
        "judged_low": judgement.low, "judged_high": judgement.high, "verdict": verdict,
        "parts": _parts(finding.parts, {} if departures else parts), "passed": share,
        "alternatives": "; ".join(_alternatives(claim)),
        "note": _note(claim, finding, verdict), "assumptions": ";".join(claim.assumptions),
        "answered_by": ";".join(claim.answered_by),
    }  # fmt: skip
    return row


def _elsewhere(verdict: str) -> str:
    return {REPRODUCED: HOLDS_HERE, NOT_REPRODUCED: HOLDS_NOT_HERE, PARTLY: HOLDS_NOT_HERE}.get(
        verdict, verdict
    )


def _cannot_fail(claim: Claim, share: float) -> bool:
    return bool(claim.by_construction) or share >= severity.CANNOT_FAIL


def _note(claim: Claim, finding: Finding, verdict: str) -> str:
    why = claim.by_construction if verdict == BY_CONSTRUCTION else ""
    return "; ".join(filter(None, [why, finding.note]))


def _parts(estimates: Mapping[str, Estimate], judged: Mapping[str, Judgement]) -> str:
    """Each part's number and interval, and its verdict if it is judged, in words."""
    verdicts = {name: f", {one.verdict}" for name, one in judged.items()}
    return "; ".join(
        f"{name}: {e.value:.4g} [{e.low:.4g}, {e.high:.4g}]{verdicts.get(name, '')}"
        for name, e in estimates.items()
    )


def _alternatives(claim: Claim) -> list[str]:
    if claim.rule == "count_prediction":
        return ["the printed count moved by a quarter of its trials"]
    if claim.rule in ("prediction", "inside"):
        return ["half the printed number", "twice the printed number"]
    return list(claim.alternatives)


def filled(text: str, told: Mapping[str, object]) -> str:
    """A text with ``{key}`` replaced by the key's value; lists are joined by commas."""

    def value(match: re.Match) -> str:
        if match[1] not in told:
            raise ValueError(f"{text!r} names {match[1]}, which is not told; told: {_listed(told)}")
        found = told[match[1]]
        return ", ".join(map(str, found)) if isinstance(found, list) else str(found)

    return re.sub(r"\{([a-z_0-9.]+)\}", value, text)
