"""The GPU against the CPU: training, gradients, attacks, the workflow.  Marked ``gpu``.

`make test` and .ci/run leave these out; on a machine with a GPU: pytest -m gpu
"""

import json
import re

import numpy as np
import pytest
import torch
from training_runs import (
    DIGIT_SETTINGS,
    PRECISION,
    linear_error,
    linear_run,
    random_digits,
    relu_error,
    relu_run,
)
from workflow_runs import REPOSITORY, RESULTS, contents, copy_of_repository, planned, snakemake

from fragility.attacks.minimal import Goal, smallest
from fragility.attacks.relu import smallest_perturbations
from fragility.images import pretrained
from fragility.images.digit_training import new_network, train
from fragility.images.photos import packaged_photos, read
from fragility.measures.gradient_path import follow
from fragility.runtime import devices
from fragility.synthetic.data import corners, label, points
from fragility.synthetic.networks import margins
from fragility.training import linear_torch, relu_torch
from fragility.training.run import Settings

pytestmark = pytest.mark.gpu
BOTH = "cpu", "cuda"
CLASSES = 160, 243  # any two of ImageNet's
for_each_precision = pytest.mark.parametrize("dtype", PRECISION, ids=lambda dtype: dtype.__name__)


@pytest.fixture(autouse=True, scope="module")
def gpu():
    """As a job sets the device up; without a GPU every test here fails with the job's error."""
    devices.make_deterministic()
    return devices.require("cuda")


@for_each_precision
def test_linear_networks_trained_on_either_are_the_same(dtype):
    rate, tolerance = PRECISION[dtype]
    settings = Settings(64, rate, 20)
    on_cpu, on_gpu = (
        linear_torch.train_together(
            [linear_run(8, 3000, dtype, i) for i in range(5)], settings, device
        )
        for device in BOTH
    )
    assert max(map(linear_error, on_gpu, on_cpu)) < tolerance


@for_each_precision
@pytest.mark.parametrize("layers", [1, 3])
def test_relu_networks_trained_on_either_are_the_same(dtype, layers):
    rate, tolerance = PRECISION[dtype]
    settings = Settings(32, rate, 10)
    on_cpu, on_gpu = (
        relu_torch.train_together(
            [relu_run(7, 100, layers, dtype, i) for i in range(5)], settings, device
        )
        for device in BOTH
    )
    assert max(map(relu_error, on_gpu, on_cpu)) < tolerance


def test_digit_networks_trained_on_either_are_the_same():
    before = new_network(7, 0).state_dict()
    on_cpu, on_gpu = (
        train(random_digits(), DIGIT_SETTINGS, 7, 0, device).state_dict() for device in BOTH
    )
    for name, value in on_cpu.items():
        assert (on_gpu[name] - value).norm() < 1e-3 * (value - before[name]).norm()


def test_relu_networks_fall_to_the_same_perturbations_on_either():
    run = relu_run(6, 100, 2, np.float64)
    network = relu_torch.train_together([run], Settings(8, 0.01, 20), "cpu")[0]
    z = corners(6)
    x = points(run.matrix, z)
    right = margins(network, x, label(z)) > 0
    assert right.sum() > 32
    on_cpu, on_gpu = (
        smallest_perturbations(  # the attack that draws no random numbers
            network, x[right], label(z)[right], unit=np.linalg.norm(run.matrix[:, -1]),
            attacks=["projection"], steps=60, device=device,
        ).norm
        for device in BOTH
    )  # fmt: skip
    assert np.isfinite(on_cpu).mean() > 0.5
    # a last digit may send a point to another piece of the boundary, not many of them
    assert np.isclose(on_gpu, on_cpu, rtol=1e-4, equal_nan=True).mean() > 0.9


@pytest.fixture(scope="module")
def lite0():
    """A pretrained network and two photos, on each device: (network, x, target)."""
    model = pretrained.load("tf_efficientnet_lite0", "package")
    settings = model.size, model.crop_fraction, model.interpolation
    pixels = [read(photo.path, *settings) for photo in packaged_photos()[:2]]
    x, target = (torch.from_numpy(one[None]) for one in pixels)
    return lambda device: (model.module.to(device), x.to(device), target.to(device))


def test_gradients_of_a_pretrained_network_are_float32_s_on_either(lite0):
    # TF32 would leave an error of some 1e-3, half precision more
    on_cpu, on_gpu = (follow(*lite0(device), CLASSES, 11) for device in BOTH)
    np.testing.assert_allclose(on_gpu.length, on_cpu.length, rtol=1e-6)
    np.testing.assert_allclose(on_gpu.gradient_norms, on_cpu.gradient_norms, rtol=1e-4)
    largest = np.abs(on_cpu.cosines).max()
    np.testing.assert_allclose(on_gpu.cosines, on_cpu.cosines, atol=1e-4 * largest)


def test_a_pretrained_network_falls_to_the_same_perturbation_on_either(lite0):
    norms = []
    for device in BOTH:
        network, x, target = lite0(device)
        with torch.no_grad():
            goal = Goal(network(x).argmax(dim=1), network(target).argmax(dim=1))
        attacks = ["ddn", "projection"]
        norms.append(smallest(network, x, goal, attacks=attacks, bounds=(0, 1), steps=20).norm)
    assert np.isfinite(norms[0]).all()
    np.testing.assert_allclose(norms[1], norms[0], rtol=0.02)


# --- the workflow


@pytest.fixture(scope="module")
def on_gpu(tmp_path_factory):
    """The whole tiny workflow, run through profiles/gpu."""
    folder = copy_of_repository(tmp_path_factory.mktemp("gpu") / "run")
    snakemake(folder, "--profile", "profiles/gpu")
    return folder


def gpu_rules() -> set[str]:
    rules = REPOSITORY / "workflow/rules"
    text = "\n".join(path.read_text() for path in rules.glob("*.smk"))
    return {
        rule.split(":")[0]
        for rule in re.split(r"^rule ", text, flags=re.M)[1:]
        if re.search(r"\bgpu=1\b", rule)
    }


def test_jobs_that_can_use_a_gpu_name_it_in_their_records_and_no_others_do(on_gpu):
    name = torch.cuda.get_device_name()
    used = set()
    for path in (on_gpu / RESULTS).rglob("*.json"):
        record = json.loads(path.read_text())
        if isinstance(record, dict) and record.get("device", "cpu") != "cpu":
            assert record["device"] == name
            used.add(record["job"]["rule"])
    assert used == gpu_rules()
    assert used == {
        "linear_train", "relu_train", "relu_attack", "mnist_train", "mnist_measure",
        "imagenet_choose", "imagenet_measure", "imagenet_compare",
    }  # fmt: skip


def test_a_finished_run_has_nothing_left_to_do(on_gpu):
    assert not planned(on_gpu, "--profile", "profiles/gpu")


def test_a_gpu_gives_the_same_bytes_again(on_gpu):
    before = contents(on_gpu)
    snakemake(on_gpu, "--profile", "profiles/gpu", "--forcerun", *sorted(gpu_rules()))
    assert contents(on_gpu) == before
