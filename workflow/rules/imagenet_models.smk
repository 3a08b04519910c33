"""Which networks see which photos, and where what they show belongs in the report."""

import hashlib

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

    A parameter, for as inputs thousands of names would be printed with each job.  Empty where timm,
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
        photos = photo_choice.every(IMAGENET["photos"], chosen)
    except ValueError as error:
        raise WorkflowError(f"imagenet.experiments: {error}")
    listed = sorted((photo.name, photo.path.stat().st_size) for photo in photos)
    return hashlib.sha256(repr(listed).encode()).hexdigest()


wildcard_constraints:
    model=r"[A-Za-z0-9_.]+",


def imagenet_model(wildcards):
    """The options that say which network, with which weights, sees which photos."""
    model = IMAGENET_MODELS[wildcards.model]
    options = {
        "--model": model["name"],
        "--weights": os.path.expanduser(model["weights"]),
    }
    options |= {"--sha256": model["sha256"]} if "sha256" in model else {}
    options |= {"--photos": IMAGENET["photos"], "--torch-threads": IMAGENET["threads"]}
    return [str(word) for pair in options.items() for word in pair]
