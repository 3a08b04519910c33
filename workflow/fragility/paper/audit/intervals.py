"""Interval arithmetic on printed numbers, in exact fractions.

A number printed with k decimals means any number that rounds to it (half a unit of the last digit
to either side), or, for "agrees if truncated", any number within one unit.  One printed with all
digits of a single-precision number has that number's step as its unit.  A number without decimals
is a count, and exact.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

ROUNDED, CUT = Fraction(1, 2), 1  # units of the last digit to either side
SINGLE = 8  # digits: so many hold a single-precision number
Interval = tuple[Fraction, Fraction]


def printed_interval(text: str, width: Fraction | int = ROUNDED) -> Interval:
    """All numbers that a printed one may be: ``width`` units of its last digit to either side."""
    half = width * unit(text) if "." in text else 0
    return Fraction(text) - half, Fraction(text) + half


def unit(text: str) -> Fraction:
    """One unit of the last printed digit: 1/100 for "0.10"; of 8 digits or more a float32 step."""
    decimals = text.partition(".")[2]
    digit = Fraction(1, 10 ** len(decimals))
    if len(text.replace(".", "").lstrip("-0")) < SINGLE:
        return digit
    return max(digit, Fraction(float(np.spacing(np.float32(text.lstrip("-"))))))


def value_range(
    formula: Callable, inputs: Sequence[str], width: Fraction | int = ROUNDED
) -> Interval:
    """The least and the greatest value of a formula over all numbers that its inputs may be.

    The formula must rise or fall in each printed input, whatever the others.  It may return a pair
    instead of a value: the least and the greatest value that it allows.
    """
    ends = [printed_interval(text, width) for text in inputs]

    def extreme(pick: Callable, part: int) -> Fraction:
        corner = [low for low, _ in ends]
        for i, pair in enumerate(ends):
            corner[i] = pick(pair, key=lambda x: value([*corner[:i], x, *corner[i + 1 :]])[part])
        return value(corner)[part]

    def value(corner: list[Fraction]) -> Interval:
        result = formula(*corner)
        return result if isinstance(result, tuple) else (result, result)

    return extreme(min, 0), extreme(max, 1)


def overlap(a: Interval, b: Interval) -> bool:
    """Whether two intervals have a number in common."""
    return a[0] <= b[1] and b[0] <= a[1]


def mean(*numbers: Fraction) -> Fraction:
    """The mean; of one number, the number itself."""
    return sum(numbers) / len(numbers)
