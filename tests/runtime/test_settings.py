"""The configuration: what the schema promises, and what is stamped."""

import copy

import jsonschema
import pytest
import torchvision
from settings_changes import put

from fragility.runtime import settings

SCHEMA = settings.load_schema()


def objects(schema=SCHEMA, path="config"):
    """Every object of the schema, by its key."""
    if schema.get("type") == "object":
        yield path, schema
        for name, inner in schema["properties"].items():
            yield from objects(inner, f"{path}.{name}")


LEAVES = {
    f"{path}.{name}".removeprefix("config."): leaf
    for path, schema in objects()
    for name, leaf in schema["properties"].items()
    if leaf.get("type") != "object"
}


# --- the schema ---


def test_every_image_set_of_the_schema_is_one_of_torchvision():
    names = SCHEMA["properties"]["dimension"]["properties"]["dataset"]["enum"]
    assert names and all(hasattr(torchvision.datasets, name) for name in names)


def test_the_schema_is_valid_draft_2020_12():
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_object_takes_exactly_its_own_keys():
    found = dict(objects())
    assert len(found) >= 5
    for path, schema in found.items():
        assert schema["additionalProperties"] is False, path
        assert sorted(schema["required"]) == sorted(schema["properties"]), path


@pytest.mark.parametrize("key", LEAVES)
def test_every_key_says_what_it_means_its_unit_and_its_default(key):
    leaf = LEAVES[key]
    meaning, _, unit = leaf["description"].partition("unit ")
    assert len(meaning) > 10, key
    assert unit.strip(), f"{key}: no unit"
    jsonschema.Draft202012Validator(leaf).validate(leaf["default"])


@pytest.mark.parametrize("key", LEAVES)
def test_every_number_has_a_range(key):
    leaf = LEAVES[key]
    for kind in (leaf, leaf.get("items", {}), *leaf.get("anyOf", [])):
        if kind.get("type") in ("integer", "number"):
            assert {"minimum", "exclusiveMinimum"} & set(kind), key


def test_config_yaml_is_the_schema_s_defaults(config):
    def defaults(schema):
        if schema.get("type") != "object":
            return schema["default"]
        return {name: defaults(inner) for name, inner in schema["properties"].items()}

    assert config == defaults(SCHEMA)


def test_config_yaml_is_accepted_and_departs_nowhere(config):
    settings.check(config)
    assert settings.changed_settings(config) == []


# --- what is stamped ---


def test_changed_settings_are_exactly_the_changed_keys(config):
    put(config, "linear.width", 10)
    put(config, "linear.sensitivity.batch_sizes", [64])
    put(config, "seed", 1)
    assert settings.changed_settings(config) == [
        "seed: 1 (full run: 240616200)",
        "linear.width: 10 (full run: 3000)",
        "linear.sensitivity.batch_sizes: [64] (full run: [64, 256, 1024, 'full'])",
    ]


@pytest.mark.parametrize("key", LEAVES)
def test_every_key_that_results_depend_on_is_told_when_changed(config, key):
    put(config, key, "something else")
    without = ("results", "linear.sensitivity.cells_per_job", "dimension.conditions_per_job")
    expected = [] if key in without or key.startswith("stability.") else [key]
    assert [line.split(":")[0] for line in settings.changed_settings(config)] == expected


def departure(key):
    """What the schema says of a key: never, smaller, or None (any change departs)."""
    block = settings.load_schema()
    for name in key.split("."):
        block = block["properties"][name]
    return block.get("departure")


@pytest.mark.parametrize("key", LEAVES)
def test_a_changed_key_departs_from_the_paper_unless_the_schema_says_otherwise(config, key):
    default = settings.load_schema()
    for name in key.split("."):
        default = default["properties"][name]
    default = default["default"]
    is_number = isinstance(default, int | float) and not isinstance(default, bool)
    changes = {"smaller": default - 1, "larger": default + 1} if is_number else {"other": "else"}
    for kind, value in changes.items():
        put(config, key, value)
        kept = departure(key) == "never" or (departure(key) == "smaller" and kind == "larger")
        told = [line.split(":")[0] for line in settings.departures(config)]
        assert told == ([] if kept else [key]), kind


def test_sample_sizes_and_the_seed_are_marked_and_what_the_paper_gives_is_not():
    assert {departure(key) for key in LEAVES} == {None, "never", "smaller"}
    assert departure("seed") == "never"
    assert departure("linear.n_runs_table") == "smaller"
    for key in ("linear.width", "linear.epochs", "relu.dimension", "mnist.epochs"):
        assert departure(key) is None


def test_checking_and_comparing_leave_the_configuration_alone(config):
    before = copy.deepcopy(config)
    settings.check(config)
    settings.changed_settings(config)
    assert config == before
