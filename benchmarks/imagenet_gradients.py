"""Gradients between two photos: in batches with the folded network, and one by one with timm's.

One run, two threads.  EfficientNet-Lite 0 with its trained weights; then Inception-Resnet-v2 with
random weights, for the time of the paper's network on this machine.  The last line is the ratio.
"""

from pathlib import Path

import numpy as np
import timm
import torch
import yaml
from plain_loop import seconds

from fragility.images import photo_choice, photos, pretrained
from fragility.images.batchnorm_folding import folded
from fragility.measures.gradient_path import follow

ALPHAS, PAIR, CLASSES = 24, ("imagenet_16_251.jpg", "imagenet_00_243.jpg"), (251, 243)
IMAGES = 2 * 1300  # photos of two synsets that the paper's run classifies


def plain(network, x, target, alphas) -> np.ndarray:
    """The plain loop: one alpha, one backward pass."""
    cosines = np.empty(alphas)
    for k, alpha in enumerate(np.linspace(0, 1, alphas)):
        at = (x + float(alpha) * (target - x)).requires_grad_()
        outputs = network(at)
        (outputs[0, CLASSES[0]] - outputs[0, CLASSES[1]]).backward()
        step, slope = (target - x).flatten(), at.grad.flatten()
        cosines[k] = float(slope @ step / slope.norm() / step.norm())
    return cosines


def overlay(gradient: float, forward: float) -> float:
    """Seconds that the overlay of the paper's network takes, from the seconds of one pass each."""
    base, ours = (
        yaml.safe_load(Path(name).read_text())["imagenet"]
        for name in ("config.yaml", "overlays/inception_resnet_v2.yaml")
    )
    settings, relation = base | ours, base["relation"] | ours["relation"]
    count = settings["experiments"][0]["count"]
    pairs = 2 * (relation["photos"] // 2) ** 2
    attack = settings["minimal"]["steps"] * len(settings["minimal"]["attacks"])
    gradients = count * (settings["alphas"] + settings["alphas_figure"] + attack + 100)
    gradients += pairs * (settings["alphas"] / 2 + 1 + 3 + relation["steps"])
    forwards = IMAGES + count * (3 * settings["minimal"]["steps"] + 100) + pairs * (3 + 12)
    return gradients * gradient + forwards * forward


def main() -> None:
    torch.set_num_threads(2)
    model = pretrained.load("tf_efficientnet_lite0", "package")
    x, target = torch.from_numpy(photo_choice.pixels("packaged", PAIR, model)).split(1)
    loaded = pretrained.load("tf_efficientnet_lite0", "package", fold=False).module
    network = loaded.network.to(memory_format=torch.contiguous_format)

    def as_it_comes(pixels):
        return network((pixels - loaded.mean) / loaded.deviation)

    ours = follow(model.module, x, target, CLASSES, ALPHAS, chunk=8)
    # float32 through some fifty layers; both cosines are near 0
    assert np.abs(ours.cosines[0] - plain(as_it_comes, x, target, ALPHAS)).max() < 1e-4
    fast = seconds(lambda: follow(model.module, x, target, CLASSES, ALPHAS, chunk=8)) / ALPHAS
    slow = seconds(lambda: plain(as_it_comes, x, target, ALPHAS)) / ALPHAS
    print(f"EfficientNet-Lite 0: one by one {slow:.3f} s, in batches {fast:.3f} s a gradient")
    untrained = timm.create_model("inception_resnet_v2").eval().requires_grad_(False)
    big = pretrained.Normalised(
        folded(untrained, torch.rand(1, 3, 299, 299)), (0.5,) * 3, (0.5,) * 3
    )
    big = big.eval().requires_grad_(False).to(memory_format=torch.channels_last)
    size = 299
    x, target = (
        torch.from_numpy(photos.read(photo_choice.located("packaged", n), size, 0.8975, "bicubic"))[
            None
        ]
        for n in PAIR
    )
    gradient = seconds(lambda: follow(big, x, target, CLASSES, 8, chunk=8)) / 8
    with torch.no_grad():
        forward = seconds(lambda: big(x.expand(8, -1, -1, -1))) / 8
    print(f"Inception-Resnet-v2: {gradient:.3f} s a gradient, {forward:.3f} s a forward pass")
    print(
        f"the paper's network and images would take about {overlay(gradient, forward) / 60:.0f} min"
    )
    print(f"ratio: {slow / fast:.1f}")


if __name__ == "__main__":
    main()
