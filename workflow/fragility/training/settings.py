"""What every training is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How a network is trained; the names are those of config.yaml.

    Attributes:
        batch_size: points per Adam step, or None for all 2^d (the last batch may be smaller).
        learning_rate: Adam's; its betas and eps are PyTorch's defaults (0.9, 0.999, 1e-8).
        epochs: passes over the 2^d points, in a new random order each.
    """

    batch_size: int | None
    learning_rate: float
    epochs: int
