"""Training the networks that three statements are measured on."""

from workflow_runs import run_job

from fragility.measures.compression import relu_accuracy
from fragility.runtime import files
from fragility.synthetic.networks import relu_networks


def test_every_dimension_and_depth_has_its_accurate_networks(theory, trained):
    asked = theory["networks"]
    pairs = relu_networks(files.read_tensors(trained / "train.safetensors"))
    shapes = [(len(matrix), len(network.weights) - 1) for matrix, network in pairs]
    assert shapes == [
        (d, layers)
        for d in asked["dimensions"]
        for layers in asked["layers"]
        for _ in range(asked["networks"])
    ]
    assert all(relu_accuracy(matrix, network) == 1 for matrix, network in pairs)
    conditions = files.read_json(trained / "train.json")["conditions"]
    assert [(one["d"], one["layers"]) for one in conditions] == shapes


def test_too_few_accurate_networks_are_an_error_that_names_the_keys(theory, tmp_path):
    hopeless = theory["networks"] | {"epochs": 1, "learning_rate": 1e-9, "max_attempts": 2}
    done = run_job(
        "theory/train", tmp_path, inputs={}, outputs={"networks": "train.safetensors"},
        settings={"settings": hopeless, "seed": 1},
    )  # fmt: skip
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ReLU networks with 1 hidden layers at d=4: 0 of 2 are correct")
    assert "theory.networks.epochs (now 1)" in last
    assert list(tmp_path.iterdir()) == []
