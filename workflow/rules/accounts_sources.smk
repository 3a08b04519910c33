"""The networks that the accounts are measured on; a new source is one more entry here."""

ACCOUNTS = config["accounts"]
ACCOUNTS_PAGES = "8 Accounts of fragility"
# the blocks that the measured networks depend on
ACCOUNTS_STAMPED = [
    "accounts",
    "linear",
    "relu",
    "mnist",
    "imagenet",
    "dimension",
    "theory.networks",
]
# the scores of the experiment with relabelled inputs, where there is one
ACCOUNTS_RELABELLED = [
    f"{RESULTS}/{experiment}/score.csv"
    for experiment in ("causes",)
    if experiment in EVIDENCE
]
ACCOUNTS_PHOTOS = list(IMAGENET_MODELS)[: ACCOUNTS["photos"]["models"]]

# Networks on Theorem 6's data: what names each file's networks, and what their groups differ in.
ACCOUNTS_LINEAR = "linear by d"
ACCOUNTS_SMALL = f"{RESULTS}/theory/train.safetensors"
ACCOUNTS_RELU = [
    *(
        (f"{RESULTS}/relu/train/{cell}.safetensors", name, by, 0, False)
        for name, by, cells in (
            ("ReLU by d", "d", [RELU_TABLE, RELU_ATTACKED]),
            ("ReLU by layers", "layers", RELU_DEPTH),
        )
        for cell in cells
    ),
    *(
        (ACCOUNTS_SMALL, f"small ReLU of depth {layers} by d", "d", layers, False)
        for layers in THEORY["networks"]["layers"]
    ),
    (ACCOUNTS_SMALL, "softplus", "d", THEORY["networks"]["layers"][-1], True),
]
ACCOUNTS_RELU_KEYS = ("name", "by", "layers", "smooth")

# Networks of digits: files, what their groups are, and each network's group and pixel factor.
ACCOUNTS_DIGITS = {
    "digits": {
        "networks": [
            f"{RESULTS}/mnist/train/{index}.safetensors" for index in MNIST_NETWORKS
        ],
        "architecture": "digit_network",
        "by": "",
        "groups": [0.0 for _ in MNIST_NETWORKS],
        "factors": [1 for _ in MNIST_NETWORKS],
    },
}


def readable(method):
    """A regulariser's name in words: l1 penalty for penalty_l1."""
    return "PGD" if method == "pgd" else " ".join(reversed(method.split("_")))


# Networks of the experiment on dimension: by size of image, and by strength of a regulariser.
ACCOUNTS_FIRST = DIMENSION["sizes"]["topologies"][0]
ACCOUNTS_SIZED = [
    {
        "name": "digits by size",
        "by": "d",
        "where": {"topology": [ACCOUNTS_FIRST], "method": ["usual"]},
    },
    {
        "name": "robust digits by size",
        "by": "d",
        "where": {
            "topology": [ACCOUNTS_FIRST],
            "method": ["pgd"],
            "strength": [DIMENSION["sizes"]["robust"]],
        },
    },
    *(
        {
            "name": f"digits by strength of {readable(method)}",
            "by": "strength",
            "where": {
                "topology": [ACCOUNTS_FIRST],
                "side": [max(DIMENSION["sizes"]["sides"])],
                "copies": [1],
                "method": ["usual", method],
            },
        }
        for method in ACCOUNTS["regularisers"]
    ),
]


wildcard_constraints:
    account="|".join(ACCOUNTS_DIGITS),


def accounts_digits(key):
    """A function of the wildcards: that key of the source's entry."""
    return lambda wildcards: ACCOUNTS_DIGITS[wildcards.account][key]


ACCOUNTS_MEASURES = [
    f"{RESULTS}/accounts/theorem_6.csv",
    f"{RESULTS}/accounts/sized.csv",
    *(f"{RESULTS}/accounts/digits/{account}.csv" for account in ACCOUNTS_DIGITS),
    *(f"{RESULTS}/accounts/photos/{model}.csv" for model in ACCOUNTS_PHOTOS),
]
