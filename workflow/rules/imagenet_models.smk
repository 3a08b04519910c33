"""Which networks see which photos, and where what they show belongs in the report."""

IMAGENET = config["imagenet"]
IMAGENET_PAGES = "ImageNet"
IMAGENET_MODELS = {model["name"]: model for model in IMAGENET["models"]}
# Tables and figures show the first; the others are compared with it
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
    """A digest of the names and sizes of the photos compared that are the user's own.

    A setting, for as inputs thousands of names would be printed with each job.  Empty where timm,
    which knows the classes' synsets, is not installed beside Snakemake.
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


# The settings that say which network, with which weights, sees which photos.
IMAGENET_SEEN = {
    "model": lambda wildcards: wildcards.model,
    "weights": lambda wildcards: os.path.expanduser(
        IMAGENET_MODELS[wildcards.model]["weights"]
    ),
    "sha256": lambda wildcards: IMAGENET_MODELS[wildcards.model].get("sha256", ""),
    "folder": IMAGENET["photos"],
    "threads": IMAGENET["threads"],  # a setting too: the bytes depend on it
}


def imagenet_all(verb, file, models=IMAGENET_MODELS):
    """A file of each network, or of some of them."""
    return [f"{RESULTS}/imagenet/{verb}/{model}/{file}" for model in models]
