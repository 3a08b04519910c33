"""The batch size at each dimension: as many Adam steps at every d (assumption L1)."""

from math import ceil


def batch_at(d: int, batch_size: int | str, table_dimension: int) -> int | str:
    """Points per step at dimension d, so that an epoch has as many steps as at the table's.

    Args:
        d: input dimension, with 2^d points.
        batch_size: points per step at ``table_dimension``, or "full" for all points.
        table_dimension: input dimension of Tables 1 and 2.

    Returns:
        ``batch_size`` times 2^(d - table_dimension), at least 1; or "full".
    """
    if batch_size == "full":
        return batch_size
    return max(1, round(batch_size * 2.0 ** (d - table_dimension)))


def steps(d: int, batch_size: int | str, epochs: int) -> int:
    """Adam steps of a training at dimension d; the last batch of an epoch may be smaller."""
    return epochs * (1 if batch_size == "full" else ceil(2**d / int(batch_size)))
