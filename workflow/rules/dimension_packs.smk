"""The conditions of the second paper's networks, packed into jobs, and the files that these write."""

from fragility.experiments.dimension import conditions as dimension_conditions

DIMENSION = config["dimension"]
DIMENSION_PAGES = "7 Gradients and dimension"
DIMENSION_FETCHED = DIMENSION["folder"] == "fetched"
DIMENSION_PARTS = dimension_conditions.packs(DIMENSION)
DIMENSION_PACKS = range(len(DIMENSION_PARTS))
DIMENSION_IMAGES = f"{RESULTS}/dimension/images.safetensors"


def dimension_files(kind, suffix):
    """The files of one kind that the packs' jobs write."""
    return [f"{RESULTS}/dimension/{kind}/{pack}{suffix}" for pack in DIMENSION_PACKS]
