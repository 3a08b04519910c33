"""Made-up photos of three classes, and networks of random weights that tell them apart."""

import hashlib

import numpy as np
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from fragility.images import imagenet_classes, pretrained
from fragility.images.photo_choice import pixels
from fragility.runtime.seeds import generator

SMALL = "test_efficientnet"  # timm's own, for tests: 160 x 160 pixels
SPRINGER, HOUND, TENCH = 217, 160, 0
COLOURS = {SPRINGER: (200, 60, 40), HOUND: (40, 60, 200), TENCH: (60, 200, 60)}


def made_up(label, k, side=180):
    """A photo of its class's colour with noise of its own."""
    noise = generator(7, "test", "scripts imagenet", label, k).integers(-30, 31, (side, side, 3))
    return Image.fromarray(np.clip(np.array(COLOURS[label]) + noise, 0, 255).astype(np.uint8))


def taught(name, folder, photos):
    """Random weights, but for a last layer that tells the colours apart; path and checksum.

    The output of a class says how far the features lie towards those of its photos; all other
    classes are out of reach.
    """
    torch.manual_seed(7)
    network = timm.create_model(name).eval().requires_grad_(False)
    config = timm.data.resolve_model_data_config(network)
    mean, deviation = (torch.tensor(config[key])[:, None, None] for key in ("mean", "std"))
    model = pretrained.Pretrained(
        name, network, config["input_size"][1], config["interpolation"], config["crop_pct"]
    )
    head = network.get_classifier()
    features = {}
    for label in photos:
        images = torch.from_numpy(pixels(str(folder), photos[label], model))
        kept = network.forward_features((images - mean) / deviation)
        features[label] = network.forward_head(kept, pre_logits=True).mean(dim=0)
    centre = torch.stack(list(features.values())).mean(dim=0)
    head.weight.zero_()
    head.bias.fill_(-100)
    for label, feature in features.items():
        way = feature - centre
        head.weight[label] = 8 * way / (way @ way)
        head.bias[label] = -8 * centre @ way / (way @ way)
    path = folder.parent / f"{name}.safetensors"
    save_file(network.state_dict(), path)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"model": name, "weights": str(path), "sha256": checksum}


def first(label, *numbers):
    return [f"{imagenet_classes.synset(label)}/{k}.JPEG" for k in numbers]
