"""Root cause?  One thing is changed at a time: do compression and robustness follow?

Each question has a file of rules, which adds its results and settings to those of the evidence.
"""

CAUSES = config["causes"]
CAUSES_PAGES = "6 Causes"
CAUSES_RESULTS = {}  # inputs of fragility.experiments.causes.evidence, by name
CAUSES_SETTINGS = {}  # its settings
CAUSES_STAMPED = []  # keys outside the block causes that its verdicts depend on


include: "causes_one_hot.smk"
include: "causes_through_training.smk"
include: "causes_robust_training.smk"
include: "causes_digits.smk"
include: "causes_relabelled.smk"


evidence(
    "causes",
    "fragility.experiments.causes.evidence",
    inputs=CAUSES_RESULTS,
    stamped=CAUSES_STAMPED,
    **CAUSES_SETTINGS,
)
