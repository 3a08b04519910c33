"""The drawing of the idea, in two dimensions; its script (idea.js) moves what is drawn here.

A column of A is a pair of numbers, first the other one, then the feature.  The network is that of
Theorem 6: its weights are the last row of A's inverse.  Its script computes the same numbers.
"""

import json
from math import hypot
from typing import NamedTuple

Column = tuple[float, float]

SCALE, MIDDLE = 28.0, 200.0  # pixels of a unit, and of the origin, in a square of 400
FAR = 60.0  # where lines end, in units: outside of the picture
PRESETS: dict[str, tuple[Column, Column]] = {  # the other column, the feature
    "no compression": ((3.0, 0.0), (0.0, 2.0)),
    "strong": ((3.0, 1.5), (2.0, 1.6)),
    "factor 5": ((4.5, 3.0), (-0.4, 2.0)),
}


class Numbers(NamedTuple):
    """What the drawing shows of a matrix.

    Attributes:
        phi: Theorem 6's share |R_dd| / ‖feature‖.
        cos_theta_1: |cos| of the angle between the network's weights and the feature.
        network: the length of the smallest perturbation that changes the network's answer.
        optimal: the same for the optimal classifier: half the distance between the classes.
    """

    phi: float
    cos_theta_1: float
    network: float
    optimal: float


def numbers(other: Column, feature: Column) -> Numbers:
    """The numbers of the matrix with these columns.

    Raises:
        ZeroDivisionError: the columns lie on one line, or one of them is zero.
    """
    determinant = other[0] * feature[1] - other[1] * feature[0]
    weights = (-other[1] / determinant, other[0] / determinant)  # last row of the inverse
    length = hypot(*feature)
    product = weights[0] * feature[0] + weights[1] * feature[1]
    return Numbers(
        phi=abs(determinant) / hypot(*other) / length,
        cos_theta_1=abs(product) / hypot(*weights) / length,
        network=1 / hypot(*weights),
        optimal=min(hypot(*_plus(feature, other, sign)) for sign in (-1, 0, 1)),
    )


def boundary(other: Column, feature: Column) -> list[Column]:
    """The optimal classifier's boundary, a line of three pieces: as near to either class."""
    mixed = other[0] * feature[0] + other[1] * feature[1]
    far = FAR * hypot(*other)
    corners = [(-far, -mixed), (-abs(mixed), -mixed), (abs(mixed), mixed), (far, mixed)]
    determinant = other[0] * feature[1] - other[1] * feature[0]
    return [
        (
            (v * feature[1] - u * other[1]) / determinant,
            (u * other[0] - v * feature[0]) / determinant,
        )
        for v, u in corners
    ]


def nearest(other: Column, feature: Column) -> tuple[Column, Column]:
    """A point of the first class that is nearest to the other class, and half the way there."""
    sign = min((0, -1, 1), key=lambda s: hypot(*_plus(feature, other, s)))
    start = _plus(feature, other, 1 if sign == 0 else sign)
    half = _plus(feature, other, sign)
    return start, (start[0] - half[0], start[1] - half[1])


def foot(other: Column, feature: Column) -> tuple[Column, Column]:
    """The point A(1, 1), and the point of the network's boundary that is nearest to it."""
    start = _plus(feature, other, 1)
    share = (start[0] * other[0] + start[1] * other[1]) / hypot(*other) ** 2
    return start, (share * other[0], share * other[1])


def _plus(feature: Column, other: Column, sign: int) -> Column:
    return feature[0] + sign * other[0], feature[1] + sign * other[1]


def place(point: Column) -> str:
    """A point in pixels, 'x,y', the second axis upwards."""
    return f"{MIDDLE + SCALE * point[0]:.1f},{MIDDLE - SCALE * point[1]:.1f}"


def points(other: Column, feature: Column) -> dict[str, str]:
    """Where each movable part of the drawing is, by its id."""
    far = [tuple(sign * FAR * each / hypot(*other) for each in other) for sign in (-1, 1)]
    signs = {"pp": (1, 1), "mp": (-1, 1), "pm": (1, -1), "mm": (-1, -1)}
    corners = {
        f"point-{name}": place((a * other[0] + b * feature[0], a * other[1] + b * feature[1]))
        for name, (a, b) in signs.items()
    }
    lines = {
        "optimal-line": boundary(other, feature),
        "network-line": far,
        "optimal-step": nearest(other, feature),
        "network-step": foot(other, feature),
        "arrow-other": [(0.0, 0.0), other],
        "arrow-feature": [(0.0, 0.0), feature],
    }
    return corners | {name: " ".join(map(place, line)) for name, line in lines.items()}


def drawing(preset: str = "strong") -> dict:
    """What the page's template needs: the drawing of a preset, as it is before the script runs."""
    other, feature = PRESETS[preset]
    return {
        "presets": json.dumps(PRESETS), "names": list(PRESETS), "points": points(other, feature),
        "numbers": numbers(other, feature), "other": place(other), "feature": place(feature),
    }  # fmt: skip
