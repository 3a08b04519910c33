"""Evidence on the claims about the way through training; their ids start with causes-through."""

import pandas as pd

from fragility.experiments.causes.through_training import summary
from fragility.experiments.causes.through_training.tables import NAMES
from fragility.paper.verdicts import Evidence, Finding


def evidence(parts: list[pd.DataFrame]) -> Evidence:
    """Finding for each claim, from the measures of each kind of network."""
    kinds = {NAMES[rows["activation"].iloc[0]]: rows for rows in parts}
    early = {name: summary.early_step(rows) for name, rows in kinds.items()}
    steps = "; ".join(f"{name}: step {step}" for name, step in early.items())
    first = "; ".join(
        f"{name}: compression settles at step {table['settled'].median():.0f}, accuracy at "
        f"{table['accurate'].median():.0f} (medians)"
        for name, table in ((name, summary.steps_of(rows)) for name, rows in kinds.items())
    )
    return {
        "causes-through-present": Finding(
            None, "", {name: summary.known_before(rows)[0] for name, rows in kinds.items()}
        ),
        "causes-through-early": Finding(
            None,
            steps,
            {name: summary.predicts(rows, "mean")[early[name]] for name, rows in kinds.items()},
        ),
        "causes-through-early-easiest": Finding(
            None,
            steps,
            {name: summary.predicts(rows, "min")[early[name]] for name, rows in kinds.items()},
        ),
        "causes-through-first": Finding(
            None, first, {name: summary.order(rows) for name, rows in kinds.items()}
        ),
    }
