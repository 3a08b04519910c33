"""What is changed in training: the conditions under which a network is trained for each matrix."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fragility.synthetic.data import scale_columns
from fragility.training.interventions import Intervention

# methods with a dose; each at several strengths
ADVERSARIAL, GRADIENT, DECAY = "adversarial", "gradient penalty", "weight decay"
# the two factors, set apart
ANGLE, CURVATURE, BOTH = "angle penalty", "curvature penalty", "angle and curvature"
USUAL = "usual"
# controls: something else is changed
MARGINS, FEATURE, UNSCALED = "equal margins", "another feature", "factor 1"
DOSED = (ADVERSARIAL, GRADIENT, DECAY)
FACTORS = (USUAL, ANGLE, CURVATURE, BOTH)
CONTROLS = (MARGINS, FEATURE, UNSCALED)


@dataclass(frozen=True)
class Condition:
    """A way of training, and of making the data.

    Attributes:
        method: its name.
        strength: the dose, 0 where there is none.
        intervention: what is added to the loss.
        data: "factor", Theorem 6's data with the factor on all columns but the last; "feature",
            the same, but the label is the sign of z_1 in place of z_d; "no factor".
    """

    method: str
    strength: float = 0.0
    intervention: Intervention = field(default_factory=Intervention)
    data: str = "factor"


def all_conditions(
    radii: Sequence[float],
    gradients: Sequence[float],
    decays: Sequence[float],
    angle: float,
    curvature: float,
) -> list[Condition]:
    """Usual training; each method at its strengths; two penalties, apart and together; controls.

    Args:
        radii: of the attack, divided by ||A_:,d||.
        gradients, decays: strengths of the gradient penalty and rates of weight decay.
        angle, curvature: strengths of the two penalties.
    """
    return [
        Condition(USUAL),
        *(Condition(ADVERSARIAL, r, Intervention(radius=r)) for r in radii),
        *(Condition(GRADIENT, s, Intervention(gradient=s)) for s in gradients),
        *(Condition(DECAY, s, Intervention(decay=s)) for s in decays),
        Condition(ANGLE, angle, Intervention(angle=angle)),
        Condition(CURVATURE, curvature, Intervention(curvature=curvature)),
        Condition(BOTH, angle, Intervention(angle=angle, curvature=curvature)),
        Condition(MARGINS, 0.0, Intervention(equal_margins=1.0)),
        Condition(FEATURE, data="feature"),
        Condition(UNSCALED, data="no factor"),
    ]


def data_matrix(gaussian: NDArray, data: str, column_scale: float) -> NDArray:
    """The matrix A (d, d) of a condition's data, its label's column last.

    Args:
        gaussian: the matrix as drawn, (d, d).
        data: as in :class:`Condition`.
        column_scale: factor on all columns but the last.
    """
    if data == "no factor":
        return gaussian
    scaled = scale_columns(gaussian, column_scale)
    return np.ascontiguousarray(scaled[:, ::-1]) if data == "feature" else scaled
