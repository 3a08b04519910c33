"""Configurations that are refused, and how: by key, all at once, with what to write instead."""

import math
import re

import pytest
from settings_changes import message, put

from fragility.runtime import settings

WRONG = [
    # key, value (None: missing), and the message after the key
    ("epoch", 20, "unknown key"),
    ("linear.epoch", 20, "unknown key; did you mean epochs?"),
    ("linear.learningrate", 0.1, "unknown key; did you mean learning_rate?"),
    ("linear.sensitivity.batch_size", [64], "unknown key; did you mean batch_sizes?"),
    ("linear.zzz", 1, "unknown key; known keys: dimensions"),
    ("made_up", {}, "unknown key"),
    ("seed", None, "missing"),
    ("linear", None, "missing"),
    ("linear.width", None, "missing"),
    ("linear.classifiers.n_points", None, "missing"),
    ("linear.feasibility", None, "missing"),
    ("seed", -1, "less than the minimum of 0"),
    ("seed", "abc", "not of type 'integer'"),
    ("seed", True, "not of type 'integer'"),
    ("seed", 1.5, "not of type 'integer'"),
    ("linear", 5, "not of type 'object'"),
    ("linear.sensitivity", [64], "not of type 'object'"),
    ("linear.dimensions", [], "non-empty"),
    ("linear.dimensions", [12, 12], "non-unique"),
    ("linear.dimensions", 12, "not of type 'array'"),
    ("linear.dimensions", [1, 12], "less than the minimum of 2"),
    ("linear.dimensions", [12, 25], "greater than the maximum of 24"),
    ("linear.dimensions", [12, 7.5], "not of type 'integer'"),
    ("linear.table_dimension", [12], "not of type 'integer'"),
    ("linear.table_dimension", 11, "not among"),
    ("linear.column_scale", 0, "less than or equal to the minimum of 0"),
    ("linear.column_scale", -5, "minimum of 0"),
    ("linear.column_scale", float("inf"), "not of type"),
    ("linear.width", 0, "minimum of 1"),
    ("linear.width", 30.5, "not of type 'integer'"),
    ("linear.epochs", 0, "minimum of 1"),
    ("linear.epochs", "20", "as text"),
    ("linear.batch_size", 0, "does not fit"),
    ("linear.batch_size", -64, "does not fit"),
    ("linear.batch_size", 64.5, "does not fit"),
    ("linear.batch_size", "ful", "does not fit"),
    ("linear.batch_size", "1e3", "as text: write it in digits"),
    ("linear.learning_rate", "1e-4", r"write it with a point, as in 1\.0e-4, without quotes"),
    ("linear.n_runs", "20", "write it in digits, without quotes"),
    ("linear.learning_rate", 0, "minimum of 0"),
    ("linear.learning_rate", 11, "maximum of 10"),
    ("linear.learning_rate", [0.1], "not of type 'number'"),
    ("linear.n_runs", 1, "minimum of 2"),
    ("linear.n_runs_table", 5001, "more than linear.max_attempts"),
    ("linear.n_runs_table", 49, "less than linear.n_runs"),
    ("linear.n_valid", 5001, "more than linear.max_attempts"),
    ("linear.max_attempts", 0, "minimum of 2"),
    ("linear.aligned_above", 1, "maximum of 1"),
    ("linear.aligned_above", -0.1, "minimum of 0"),
    ("linear.sensitivity.batch_sizes", [], "non-empty"),
    ("linear.sensitivity.batch_sizes", [64, "all"], "does not fit"),
    ("linear.sensitivity.learning_rates", ["1e-4"], "as text"),
    ("linear.sensitivity.learning_rates", [0.001, 0.001], "non-unique"),
    ("linear.sensitivity.n_runs", 5001, "more than linear.max_attempts"),
    ("linear.unscaled.n_runs", 5001, "more than linear.max_attempts"),
    ("linear.unscaled.dimension", 1, "minimum of 2"),
    ("linear.unscaled.batch_size", "ful", "does not fit"),
    ("linear.unscaled.learning_rate", None, "missing"),
    ("linear.classifiers.column_scales", [5], "1 is missing"),
    ("linear.classifiers.column_scales", [5, 5], "non-unique"),
    ("linear.classifiers.n_matrices", 5001, "more than linear.max_attempts"),
    ("linear.classifiers.n_points", 0, "minimum of 1"),
    ("linear.feasibility.n_matrices", 1, "minimum of 2"),
    ("relu.epoch", 20, "unknown key; did you mean epochs?"),
    ("relu.attack", None, "missing"),
    ("relu.depth.layers", None, "missing"),
    ("relu.dimension", 1, "less than the minimum of 2"),
    ("relu.attack_dimension", 25, "greater than the maximum of 24"),
    ("relu.batch_size", "ful", "does not fit"),
    ("relu.alphas", 1, "less than the minimum of 2"),
    ("relu.depth.layers", [], "non-empty"),
    ("relu.depth.layers", [1, 21], "maximum of 20"),
    ("relu.depth.layers", [2, 3], "1 is missing in .*; the deeper networks"),
    ("relu.sensitivity.learning_rates", ["1e-3"], "as text"),
    ("relu.attack.attacks", ["ddn", "pgd"], "'pgd' is not one of"),
    ("relu.attack.attacks", [], "non-empty"),
    ("relu.max_attempts", 5001, "more than linear.max_attempts .5000., the number of matrices"),
    ("relu.networks", 1001, "more than relu.max_attempts .1000."),
    ("relu.attack.networks", 51, "more than relu.networks .50., the networks trained"),
    ("imagenet.model", [], "unknown key; did you mean models?"),
    ("imagenet.models", [], "non-empty"),
    ("imagenet.models", ["tf_efficientnet_lite0"], "not of type 'object'"),
    ("imagenet.models", [{"name": "tf_efficientnet_lite0"}], "missing"),
    ("imagenet.models", [{"name": "a/b", "weights": "hub"}], "does not match"),
    ("imagenet.models", [{"name": "a", "weights": "hub", "sha": "0" * 64}], "did you mean sha256"),
    ("imagenet.models", [{"name": "a", "weights": "x.pth", "sha256": "0" * 63}], "does not match"),
    ("imagenet.models", [{"name": "a", "weights": "x.pth", "sha256": "g" * 64}], "does not match"),
    ("imagenet.models", [{"name": "a", "weights": "hub"}] * 2, "non-unique"),
    ("imagenet.photos", "", "does not match"),
    ("imagenet.experiments", [], "non-empty"),
    ("imagenet.experiments", [{"from": 251}], "missing"),
    ("imagenet.experiments", [{"from": 251, "to": 1000}], "greater than the maximum of 999"),
    ("imagenet.experiments", [{"from": -1, "to": 243}], "less than the minimum of 0"),
    ("imagenet.experiments", [{"from": 1, "to": 2.5}], "not of type 'integer', 'string'"),
    ("imagenet.experiments", [{"from": 1, "to": 2, "count": 0}], "minimum of 1"),
    ("imagenet.both_ways", 1, "not of type 'boolean'"),
    ("imagenet.scale", [0, 1, 2], "too long"),
    ("imagenet.scale", [1, 1], "1 is not below 1"),
    ("imagenet.scale", [1, -1], "1 is not below -1"),
    ("imagenet.alphas", 1, "minimum of 2"),
    ("imagenet.iterative.step", 0, "minimum of 0"),
    ("imagenet.iterative.factors", [0.5, 2], "does not contain"),
    ("imagenet.iterative.factors", [1, 0], "minimum of 0"),
    ("imagenet.minimal.attacks", ["ddn", "pgd"], "'pgd' is not one of"),
    ("imagenet.relation.photos", 3, "minimum of 4"),
    ("imagenet.relation.models", 4, r"4 is more than imagenet.models has \(3\)"),
    ("results", "/tmp/results", "does not match"),
    ("results", "", "does not match"),
    ("results", "results/", "does not match"),
    ("results", "my results", "does not match"),
    ("results", "~/results", "does not match"),
    ("results", ["results"], "not of type 'string'"),
]


@pytest.mark.parametrize("key, value, what", WRONG)
def test_a_wrong_configuration_is_refused_by_the_name_of_its_key(config, key, value, what):
    put(config, key, value)
    lines = message(config).splitlines()
    assert lines[0] == "the configuration is not valid:"
    (line,) = [line for line in lines[1:] if line.startswith((f"  {key}:", f"  {key}."))]
    assert re.search(what, line)


def test_a_refused_value_is_told_what_its_key_means(config):
    put(config, "linear.epochs", 0)
    assert "passes over all 2^d points; unit 1" in message(config)
    put(config, "linear.sensitivity.learning_rates", [0])
    assert "Adam's learning rates; unit 1" in message(config)


def test_all_errors_are_listed_together_once_each(config):
    put(config, "linear.epochs", 0)
    put(config, "linear.widht", 3)
    put(config, "linear.n_runs", None)
    put(config, "linear.n_valid", None)
    put(config, "seed", "x")
    lines = message(config).splitlines()[1:]
    keys = [line.split(":")[0].strip() for line in lines]
    assert sorted(keys) == sorted(
        ["linear.epochs", "linear.widht", "linear.n_runs", "linear.n_valid", "seed"]
    )


RIGHT = [
    ("linear.batch_size", "full"),
    ("linear.batch_size", 1),
    ("linear.learning_rate", 1),
    ("linear.column_scale", 1),
    ("linear.aligned_above", 0),
    ("linear.n_runs_table", 50),
    ("linear.n_runs_table", 5000),
    ("linear.dimensions", [2, 12, 24]),
    ("relu.max_attempts", 50),
    ("relu.max_attempts", 5000),
    ("relu.networks", 10),
    ("relu.networks", 1000),
    ("relu.attack.networks", 50),
    ("relu.depth.layers", [1]),
    ("relu.column_scale", 1),
    ("relu.batch_size", "full"),
    ("relu.attack.attacks", ["projection"]),
    (
        "imagenet.models",
        [
            {"name": "a.b_c", "weights": "x.pth", "sha256": "0aF" * 21 + "0"},
            {"name": "d", "weights": "hub"},
        ],
    ),
    ("imagenet.experiments", [{"from": 0, "to": 999, "count": 1}, {"from": "n1", "to": "a.jpg"}]),
    ("imagenet.experiments", [{"from": 1, "to": 2}, {"from": 1, "to": 2}]),
    ("imagenet.scale", [0, 255]),
    ("imagenet.scale", [-2.1, 2.6]),
    ("imagenet.iterative.factors", [1.0]),
    ("imagenet.relation.models", 0),
    ("imagenet.relation.models", 3),
    ("results", "results/demo.1/my-run_2"),
    ("seed", 0),
]


@pytest.mark.parametrize("key, value", RIGHT)
def test_values_at_the_edge_of_their_range_are_accepted(config, key, value):
    put(config, key, value)
    settings.check(config)


@pytest.mark.parametrize(
    "key, value",
    [
        ("results", "../x"), ("results", "a/../../x"), ("results", ".."), ("results", "."),
        ("results", "a\n"), ("results", "-x"), ("linear.learning_rate", math.nan),
        ("linear.epochs", 20.0), ("linear.dimensions", [12.0, 7]),
    ],
)  # fmt: skip
def test_odd_paths_and_numbers_are_refused_by_their_key(config, key, value):
    put(config, key, value)
    assert key in message(config)
