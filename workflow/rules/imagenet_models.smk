"""The networks and photos of the ImageNet experiments, and their section of the report."""

IMAGENET = config["imagenet"]
IMAGENET_PAGES = "5 ImageNet photos"  # numbered: the report sorts by name
IMAGENET_MODELS = {model["name"]: model for model in IMAGENET["models"]}
# Tables and figures show the first network; the others are compared with it
IMAGENET_FIRST = next(iter(IMAGENET_MODELS))
IMAGENET_RELATED = list(IMAGENET_MODELS)[: IMAGENET["relation"]["models"]]

if IMAGENET["photos"] != "packaged" and not os.path.isdir(
    os.path.expanduser(IMAGENET["photos"])
):
    raise WorkflowError(
        f"imagenet.photos: there is no folder {IMAGENET['photos']}; name one that holds ImageNet's "
        "images by synset (n02102040/...), or write: packaged"
    )


def imagenet_photos_digest():
    """A digest of the names and sizes of the photos compared, if they are the user's own.

    It is a setting because thousands of inputs would be printed with each job.  It is empty where
    timm, which has the classes' synsets, is not installed in Snakemake's environment.
    """
    if IMAGENET["photos"] == "packaged":
        return ""
    try:
        from fragility.images import photo_choice  # takes seconds to import
    except ImportError:
        return ""
    chosen = [
        entry[side] for entry in IMAGENET["experiments"] for side in ("from", "to")
    ]
    try:
        return photo_choice.digest(IMAGENET["photos"], chosen)
    except ValueError as error:
        raise WorkflowError(f"imagenet.experiments: {error}")


wildcard_constraints:
    model=r"[A-Za-z0-9_.]+",


# The settings that name the network, its weights and the folder of photos.
IMAGENET_SEEN = {
    "model": lambda wildcards: wildcards.model,
    "weights": lambda wildcards: os.path.expanduser(
        IMAGENET_MODELS[wildcards.model]["weights"]
    ),
    "sha256": lambda wildcards: IMAGENET_MODELS[wildcards.model].get("sha256", ""),
    "folder": IMAGENET["photos"],
    "threads": IMAGENET["threads"],  # a setting, too: results depend on it
}


def imagenet_all(verb, file, models=IMAGENET_MODELS):
    """The files of that name of all networks, or of some."""
    return [f"{RESULTS}/imagenet/{verb}/{model}/{file}" for model in models]
