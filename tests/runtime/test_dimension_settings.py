"""Errors of the second paper's settings, all found before any job."""

from pathlib import Path

import pytest
import torchvision
import yaml

from fragility.runtime import settings

CONFIG = Path(settings.__file__).parents[3] / "config.yaml"


@pytest.fixture
def config():
    return yaml.safe_load(CONFIG.read_text(encoding="utf-8"))


def message(config):
    with pytest.raises(settings.ConfigError) as caught:
        settings.check(config)
    return str(caught.value)


def test_every_name_of_the_schema_is_a_set_of_torchvision():
    schema = settings.load_schema()["properties"]["dimension"]["properties"]["dataset"]
    assert all(hasattr(torchvision.datasets, name) for name in schema["enum"])


def test_an_unknown_set_is_refused_with_the_names_there_are(config):
    config["dimension"]["dataset"] = "CIFAR"
    assert "dimension.dataset: 'CIFAR' is not one of" in message(config)


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


def test_the_overlays_are_valid(config):
    for name in ("cifar10", "copied_pixels"):
        overlay = yaml.safe_load((CONFIG.parent / f"overlays/{name}.yaml").read_text())
        whole = merged(config, overlay)
        settings.check(whole)


def merged(config, changes):
    return config | {
        key: merged(config[key], value) if isinstance(value, dict) else value
        for key, value in changes.items()
    }
