"""The linear networks that are trained, and their paths: a cell is (d, batch size, rate)."""

LINEAR = config["linear"]
LINEAR_PAGES = "2 Linear networks"
LINEAR_CELL = "d{d}_batch{batch}_rate{rate}"
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


def linear_cell(d, batch=LINEAR["batch_size"], rate=LINEAR["learning_rate"]):
    """The name of a cell; by default that of the tables' batch size and rate."""
    return LINEAR_CELL.format(d=d, batch=batch, rate=rate)


def linear_measures(d, **cell):
    """The CSV of a cell's measures."""
    return f"{RESULTS}/linear/measure/{linear_cell(d, **cell)}.csv"


def linear_runs(wildcards):
    """The least numbers of networks, and of valid networks, that a cell trains."""
    if linear_cell(**wildcards) != linear_cell(wildcards.d):
        return LINEAR["sensitivity"]["n_runs"], 0
    return linear_wanted(int(wildcards.d))


def linear_wanted(d):
    """The same numbers for the default cell of a dimension."""
    if d != LINEAR["table_dimension"]:
        return LINEAR["n_runs"], LINEAR["n_valid"]
    # the tables' cell is part of the sensitivity grid, too
    grid_runs = (
        LINEAR["sensitivity"]["n_runs"]
        if LINEAR_DEFAULT_CELL in LINEAR_GRID_CELLS
        else 0
    )
    return max(LINEAR["n_runs_table"], grid_runs), LINEAR["n_valid"]


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


LINEAR_GRID_CELLS = {
    linear_cell(LINEAR["table_dimension"], batch, rate): (batch, rate)
    for batch in LINEAR["sensitivity"]["batch_sizes"]
    for rate in LINEAR["sensitivity"]["learning_rates"]
}
LINEAR_DEFAULT_CELL = linear_cell(LINEAR["table_dimension"])
LINEAR_PACKS = linear_packs()
LINEAR_TABLE = linear_measures(LINEAR["table_dimension"])
LINEAR_BY_DIMENSION = [linear_measures(d) for d in LINEAR["dimensions"]]
LINEAR_GRID = [
    *(f"{RESULTS}/linear/measure/{first}.csv" for first in LINEAR_PACKS),
    *([LINEAR_TABLE] if LINEAR_DEFAULT_CELL in LINEAR_GRID_CELLS else []),
]
LINEAR_TRAINED_BY_DIMENSION = [
    f"{RESULTS}/linear/train/{linear_cell(d)}.json" for d in LINEAR["dimensions"]
]
