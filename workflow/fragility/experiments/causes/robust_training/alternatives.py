"""What our results would be if the claims about robust training were false."""

import numpy as np
import pandas as pd

Results = dict[str, object]


def exchanged_cosines(results: Results, generator: np.random.Generator) -> Results:
    """Each network has the |cos| of another network of its kind and matrix, at random."""

    def exchanged(rows: pd.DataFrame) -> pd.DataFrame:
        groups = rows.groupby(["d", "layers", "width", "matrix"])
        return rows.assign(cos=groups["cos"].transform(lambda part: _permuted(part, generator)))

    return results | {"robust": [exchanged(rows) for rows in results["robust"]]}


def _permuted(values: pd.Series, generator: np.random.Generator) -> pd.Series:
    """The values that are there, in a random order; the missing stay where they are."""
    return values.where(
        values.isna(), pd.Series(generator.permutation(values.dropna()), values.dropna().index)
    )


ALTERNATIVES = {"exchanged cosines": exchanged_cosines}
