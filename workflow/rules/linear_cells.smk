"""The linear networks that are trained, and their paths.

A cell is (d, factor, batch size, rate); the factor is empty, or LINEAR_NO_FACTOR.
"""

from fragility.experiments.linear.batches import batch_at

LINEAR = config["linear"]
LINEAR_PAGES = "2 Linear networks"
LINEAR_CELL = "d{d}{factor}_batch{batch}_rate{rate}"
LINEAR_NO_FACTOR = "_unscaled"  # A's columns as drawn
LINEAR_SOLVED = f"{RESULTS}/linear/classifiers/d{{d}}.csv"

# The keys that a trained network depends on, and those that choose which networks are shown.
LINEAR_TRAINING = [
    "seed",
    *(f"linear.{key}" for key in ("column_scale", "width", "epochs", "max_attempts")),
]
LINEAR_DEFAULT = [
    f"linear.{key}"
    for key in ("batch_size", "learning_rate", "n_valid", "aligned_above")
]


wildcard_constraints:
    factor=f"|{LINEAR_NO_FACTOR}",


def linear_batch(d):
    """The tables' batch size at a dimension (assumption L1)."""
    return batch_at(int(d), LINEAR["batch_size"], LINEAR["table_dimension"])


def linear_cell(d, batch=None, rate=LINEAR["learning_rate"], factor=""):
    """The name of a cell; by default that of the tables' batch size and rate."""
    batch = linear_batch(d) if batch is None else batch
    return LINEAR_CELL.format(d=d, factor=factor, batch=batch, rate=rate)


def linear_measures(d, **cell):
    """The CSV of a cell's measures."""
    return f"{RESULTS}/linear/measure/{linear_cell(d, **cell)}.csv"


def linear_scale(wildcards):
    """The factor on all columns of A but the last."""
    return 1 if wildcards.factor else LINEAR["column_scale"]


def linear_ask(cells, n_runs, n_valid=0):
    """The same numbers asked of each of some cells."""
    return [(cell, n_runs, n_valid) for cell in cells]


def linear_needs():
    """By cell, the least numbers of networks, and of valid ones, that a table or figure needs."""
    needs = [
        (LINEAR_DEFAULT_CELL, LINEAR["n_runs_table"], 0),
        *linear_ask(LINEAR_DEFAULT_CELLS, LINEAR["n_runs"], LINEAR["n_valid"]),
        *linear_ask(LINEAR_GRID_CELLS, LINEAR["sensitivity"]["n_runs"]),
        *linear_ask(LINEAR_ONE_BATCH_CELLS, LINEAR["n_runs"]),
        *linear_ask(LINEAR_FACTOR_CELLS, LINEAR["unscaled"]["n_runs"]),
    ]
    most = {}
    for cell, *numbers in needs:
        most[cell] = [max(pair) for pair in zip(numbers, most.get(cell, [0, 0]))]
    return most


def linear_runs(wildcards):
    """The least numbers of networks, and of valid networks, that a cell trains."""
    other = [LINEAR["sensitivity"]["n_runs"], 0]  # a cell that no table shows
    return LINEAR_NEEDS.get(linear_cell(**wildcards), other)


def linear_packs():
    """The sensitivity grid's cells except the default, by the name of the first cell of each job."""
    cells = [
        cell for name, cell in LINEAR_GRID_CELLS.items() if name != LINEAR_DEFAULT_CELL
    ]
    size = LINEAR["sensitivity"]["cells_per_job"]
    packs = [cells[start : start + size] for start in range(0, len(cells), size)]
    return {linear_cell(LINEAR["table_dimension"], *pack[0]): pack for pack in packs}


def linear_together(wildcards):
    """The cells that a job trains, as BATCH:RATE: those of its pack, or its own only."""
    cells = LINEAR_PACKS.get(
        linear_cell(**wildcards), [(wildcards.batch, wildcards.rate)]
    )
    return [f"{batch}:{rate}" for batch, rate in cells]


LINEAR_DIMENSIONS = LINEAR["dimensions"]
LINEAR_DEFAULT_CELLS = [linear_cell(d) for d in LINEAR_DIMENSIONS]
LINEAR_DEFAULT_CELL = linear_cell(LINEAR["table_dimension"])
LINEAR_TABLE = linear_measures(LINEAR["table_dimension"])
LINEAR_BY_DIMENSION = [linear_measures(d) for d in LINEAR_DIMENSIONS]
LINEAR_TRAINED_BY_DIMENSION = [
    f"{RESULTS}/linear/train/{cell}.json" for cell in LINEAR_DEFAULT_CELLS
]

# the sensitivity grid, at the tables' dimension
LINEAR_GRID_CELLS = {
    linear_cell(LINEAR["table_dimension"], batch, rate): (batch, rate)
    for batch in LINEAR["sensitivity"]["batch_sizes"]
    for rate in LINEAR["sensitivity"]["learning_rates"]
}
LINEAR_PACKS = linear_packs()
LINEAR_GRID = [
    *(f"{RESULTS}/linear/measure/{first}.csv" for first in LINEAR_PACKS),
    *([LINEAR_TABLE] if LINEAR_DEFAULT_CELL in LINEAR_GRID_CELLS else []),
]

# the tables' batch size at every dimension, to compare with as many steps at each
LINEAR_ONE_BATCH_CELLS = [
    linear_cell(d, LINEAR["batch_size"]) for d in LINEAR_DIMENSIONS
]
LINEAR_BOTH_BATCHES = list(
    dict.fromkeys(
        linear_measures(d, batch=batch)
        for d in LINEAR_DIMENSIONS
        for batch in (None, LINEAR["batch_size"])
    )
)

# networks trained without the factor on A's columns, and the same with it
LINEAR_FACTORS = {LINEAR["column_scale"]: "", 1: LINEAR_NO_FACTOR}
LINEAR_FACTOR_CELLS = [
    linear_cell(
        LINEAR["unscaled"]["dimension"],
        LINEAR["unscaled"]["batch_size"],
        LINEAR["unscaled"]["learning_rate"],
        factor,
    )
    for factor in LINEAR_FACTORS.values()
]
LINEAR_SCALED, LINEAR_UNSCALED = (
    f"{RESULTS}/linear/measure/{cell}.csv"
    for cell in (LINEAR_FACTOR_CELLS[0], LINEAR_FACTOR_CELLS[-1])
)

LINEAR_NEEDS = linear_needs()
