"""Values that contradict one another are refused before any job, by key and with the way out."""

import pytest
from settings_changes import message, put

from fragility.runtime import settings


def test_all_are_listed_together(config):
    put(config, "linear.max_attempts", 100)
    keys = [line.split(":")[0].strip() for line in message(config).splitlines()[1:]]
    assert keys == [
        "causes.through_training.linear_networks", "linear.classifiers.n_matrices",
        "linear.n_runs_table", "linear.n_valid",
        "linear.sensitivity.n_runs", "linear.unscaled.n_runs", "relu.max_attempts",
    ]  # fmt: skip


CONTRADICTIONS = [
    # changes, and what the lines say, each of a key
    (
        {"relu.max_attempts": 5},
        [
            "relu.attack.networks: 10 is more than relu.max_attempts (5)",
            "relu.attack.networks_table_4: 14 is more than relu.max_attempts (5)",
            "relu.networks: 50 is more than relu.max_attempts (5)",
        ],
    ),
    (
        {"relu.attack.networks": 1001},
        [
            "relu.attack.networks: 1001 is more than relu.max_attempts (1000)",
            "relu.attack.networks: 1001 is more than relu.networks (50)",
        ],
    ),
    (
        {"causes.through_training.relu_networks": 5001},
        [
            "causes.through_training.relu_networks: 5001 is more than linear.max_attempts (5000)",
        ],
    ),
    ({"relu.networks": 9}, ["relu.attack.networks: 10 is more than relu.networks (9)"]),
    (
        {"relu.column_scale": 3},
        ["linear.classifiers.column_scales: relu.column_scale (3) is missing"],
    ),
    (
        {"linear.classifiers.column_scales": [1]},
        [
            "linear.classifiers.column_scales: 5 is missing",
            "linear.classifiers.column_scales: relu.column_scale (5) is missing",
        ],
    ),
    (
        {"imagenet.models": [{"name": "a", "weights": "package"}, {"name": "a", "weights": "hub"}]},
        ["imagenet.models: a is listed twice"],
    ),
    (
        {
            "imagenet.models": [{"name": "a", "weights": "x.pth"}],
            "imagenet.relation.models": 1,
        },
        ["imagenet.models: a has its weights from the file x.pth; give the file's sha256"],
    ),
    (
        {
            "imagenet.models": [
                {"name": "a", "weights": "hub", "sha256": "0" * 64},
                {"name": "b", "weights": "package", "sha256": "0" * 64},
            ]
        },
        [
            "imagenet.models: a has a sha256, but no file as weights (hub)",
            "imagenet.models: b has a sha256, but no file as weights (package)",
        ],
    ),
    (
        {
            "imagenet.models": [{"name": "a", "weights": "hub"}],
            "imagenet.relation.models": 2,
            "imagenet.scale": [1, 0],
        },
        [
            "imagenet.relation.models: 2 is more than imagenet.models has (1)",
            "imagenet.scale: 1 is not below 0",
        ],
    ),
]


@pytest.mark.parametrize("changes, starts", CONTRADICTIONS)
def test_keys_that_exclude_one_another_are_named(config, changes, starts):
    for key, value in changes.items():
        put(config, key, value)
    lines = [line.strip() for line in message(config).splitlines()[1:]]
    assert len(lines) == len(starts)
    for line, start in zip(lines, starts, strict=True):
        assert line.startswith(start)


# --- the second paper's image sets ---


def test_a_set_that_is_not_fetched_needs_a_folder(config):
    config["dimension"]["dataset"] = "CIFAR10"
    assert "dimension.folder: only MNIST is fetched, not CIFAR10" in message(config)


def test_a_wrong_folder_is_named_with_what_torchvision_looks_for(config, tmp_path):
    config["dimension"] |= {"dataset": "CIFAR10", "folder": str(tmp_path)}
    config["dimension"]["sizes"]["sides"] = [28]
    assert f"dimension.folder: {tmp_path} has no folder cifar-10-batches-py" in message(config)
    (tmp_path / "cifar-10-batches-py").mkdir()
    settings.check(config)
    config["dimension"] |= {"folder": str(tmp_path / "nowhere"), "download": True}
    settings.check(config)


def test_a_set_without_a_known_layout_needs_its_folder(config, tmp_path):
    config["dimension"] |= {"dataset": "SVHN", "folder": str(tmp_path / "nowhere")}
    assert "there is no folder" in message(config)


@pytest.mark.parametrize(
    "block, key, value, words",
    [
        ("sizes", "sides", [28, 12], "dimension.sizes.sides: 12 does not divide 28"),
        ("network", "final_side", 5, "halving maps of side 7 does not lead to 5"),
        ("sizes", "copies", [1, 3], "halving maps of side 84 does not lead to 7"),
        ("initial", "sides", [8, 24], "halving maps of side 24 does not lead to 4"),
        ("attack", "epsilon", 0.03, "dimension.attack.epsilon: 0.03 is not among"),
        ("attack", "bounds", [0.1, 1], "do not hold all pixels"),
    ],
)
def test_settings_that_contradict_each_other_are_named(config, block, key, value, words):
    config["dimension"][block][key] = value
    assert words in message(config)
