"""Numbers and intervals as text of a page."""

import re
from collections.abc import Mapping, Sequence

DASH = "–"
SMALLEST = 1e-4  # a smaller number is written with a power of ten


def number(value: object, digits: int = 2) -> str:
    """A number (or its text) with ``digits`` decimals; a dash where there is none."""
    if value in ("", None) or value != value:
        return DASH
    value = float(value)
    if value.is_integer() and abs(value) < 1e6:
        return f"{value:.0f}".replace("-", "−")
    text = f"{value:.1e}" if abs(value) >= 1e5 else rounded(value, digits)
    return text.replace("-", "−")


def rounded(value: float, digits: int) -> str:
    """A number that is not 0, with ``digits`` decimals; a smaller one with its first digit."""
    if abs(value) < SMALLEST:
        return f"{value:.1e}"
    return f"{value:.1g}" if abs(value) < 10**-digits else f"{value:.{digits}f}"


def percent(value: object) -> str:
    """A share as a whole percentage."""
    return DASH if value in ("", None) else f"{100 * float(value):.0f} %"


def interval(row: Mapping[str, str], digits: int = 3) -> str:
    """'0.986 [0.982, 0.989]': our estimate of a claim (a row of the scorecard), with its limits."""
    value = number(row["ours"], digits)
    if row["low"] in ("", row["high"]):
        return value
    return f"{value} [{number(row['low'], digits)}, {number(row['high'], digits)}]"


def printed(text: str) -> str:
    """A printed number as text: a minus sign, at most four decimals, a dash if there is none."""
    return fewer_digits(text, 4).replace("-", "−") or DASH


def fewer_digits(text: str, digits: int = 3) -> str:
    """A text whose numbers have at most ``digits`` decimals: '0.3645 [0.3011, 0.4279]'."""

    def shorter(match: re.Match) -> str:
        value = float(match[0])
        return match[0] if abs(value) < 10**-digits else f"{value:.{digits}f}"

    return re.sub(rf"-?\d+\.\d{{{digits + 1},}}(?![\d%e])", shorter, text)


def notice(stamp: Sequence[str], longest: int = 6) -> str:
    """'Not the paper's settings: ...', the notice in one line; empty if no setting is changed."""
    if not stamp:
        return ""
    more = f"; and {len(stamp) - longest} more" if len(stamp) > longest else ""
    return f"Not the paper's settings: {'; '.join(stamp[:longest])}{more}"
