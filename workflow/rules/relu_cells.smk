"""The ReLU networks that are trained, and their paths: a cell is (d, layers, width, batch, rate)."""

import re

RELU = config["relu"]
RELU_PAGES = "3 ReLU networks"
RELU_CELL = "d{d}_layers{layers}_width{width}_batch{batch}_rate{rate}"

# The keys that every trained network depends on, and those of the networks of Tables 3 and 4.
RELU_TRAINING = [
    "seed",
    *(
        f"relu.{key}"
        for key in ("column_scale", "epochs", "networks", "max_attempts", "pairs")
    ),
]
RELU_DEFAULT = [f"relu.{key}" for key in ("width", "batch_size", "learning_rate")]


def relu_cell(**changed):
    """The name of Table 3's cell, with some of its settings changed."""
    cell = {
        "d": RELU["dimension"],
        "layers": 1,
        "width": RELU["width"],
        "batch": RELU["batch_size"],
        "rate": RELU["learning_rate"],
    }
    return RELU_CELL.format(**cell | changed)


def relu_attempts(cell):
    """The CSV of all trainings of a cell."""
    return f"{RESULTS}/relu/train/{cell}.csv"


def relu_measures(cell):
    """The CSV of the measures of a cell's networks."""
    return f"{RESULTS}/relu/measure/{cell}.csv"


def relu_attacks(cell):
    """The CSV of the attacks on a cell's networks."""
    return f"{RESULTS}/relu/attack/{cell}.csv"


def relu_attack_count(wildcards):
    """The number of a cell's networks that are attacked."""
    attacked_only = int(wildcards.d) != RELU["dimension"]
    return RELU["attack"]["networks_table_4" if attacked_only else "networks"]


def relu_wanted(wildcards):
    """The number of accurate networks that a cell needs: Table 4's networks are only attacked."""
    attacked_only = int(wildcards.d) != RELU["dimension"]
    return relu_attack_count(wildcards) if attacked_only else RELU["networks"]


def relu_condition(cell):
    """The settings in a cell's name, for one dimension: layers, width, batch size, learning rate."""
    words = dict(re.findall(r"([a-z]+)([0-9][0-9.e-]*|full)", cell))
    layers, width = int(words["layers"]), int(words["width"])
    return layers, width, words["batch"], float(words["rate"])


def relu_attacked(cell):
    """The settings in the name of an attacked cell: d, layers, width."""
    return (int(re.match(r"d(\d+)", cell)[1]), *relu_condition(cell)[:2])


RELU_TABLE = relu_cell()
RELU_ATTACKED = relu_cell(d=RELU["attack_dimension"])
RELU_DEPTH = [
    relu_cell(
        layers=layers,
        width=RELU["depth"]["width"],
        batch=RELU["depth"]["batch_size"],
        rate=RELU["depth"]["learning_rate"],
    )
    for layers in RELU["depth"]["layers"]
]
RELU_GRID = [
    relu_cell(batch=batch, rate=rate)
    for batch in RELU["sensitivity"]["batch_sizes"]
    for rate in RELU["sensitivity"]["learning_rates"]
]
# one hidden layer, of two widths and trained alike: the narrow one of RELU_DEPTH, and Table 3's
RELU_NARROW, RELU_WIDE = [
    relu_cell(
        width=width,
        batch=RELU["sensitivity"]["batch_sizes"][0],
        rate=RELU["depth"]["learning_rate"],
    )
    for width in (RELU["depth"]["width"], RELU["width"])
]
RELU_ALL_ATTACKED = list(dict.fromkeys([RELU_TABLE, RELU_ATTACKED, *RELU_DEPTH]))
