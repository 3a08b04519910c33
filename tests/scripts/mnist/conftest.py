"""A digit network trained, its sevens blocked and measured once, for all these tests."""

import numpy as np
import pandas as pd
import pytest
import torch
from mnist_jobs import block, measure, read_masks, train
from workflow_runs import in_folders

from fragility.images.digit_network import DigitNetwork
from fragility.images.digits import read
from fragility.runtime import files


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mnist scripts")
    (folder / "fetch.txt").write_text("")  # only that it is there counts
    return folder


@pytest.fixture(scope="session")
def trained(base, mnist):
    """The base, with a training in the folder "one"."""
    in_folders(base, {"one": lambda folder: train(folder, mnist)})["one"].check_returncode()
    return base


@pytest.fixture(scope="session")
def weights(trained):
    return files.read_tensors(trained / "one/n.safetensors")


@pytest.fixture(scope="session")
def network(weights):
    """The network in double precision, put together here."""
    net = DigitNetwork().double()
    net.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    return net.eval()


@pytest.fixture(scope="session")
def testing(mnist):
    return read(mnist, "t10k")


@pytest.fixture(scope="session")
def blocked(trained, mnist, weights):
    """What was said of the network trained, and of one that knows no seven."""
    zeros = {name: np.zeros_like(value) for name, value in weights.items()}
    files.write_tensors(zeros, trained / "zeros.safetensors")
    jobs = {
        "block": lambda folder: block(folder, mnist),
        "block by zeros": lambda folder: block(folder, mnist, network="../zeros.safetensors"),
    }
    done = in_folders(trained, jobs)
    done["block"].check_returncode()
    return done


@pytest.fixture(scope="session")
def masks(trained, blocked):
    return read_masks(trained / "block/masks.csv")


@pytest.fixture(scope="session")
def ones(masks, testing):
    """For each seven with a one: its row, the seven and the one, pixels in [0, 1]."""
    found = []
    for _, row in masks[masks["rows"] != ""].iterrows():
        seven = testing.images[row["seven"]] / 255
        one = seven.copy()
        one[: int(row["rows"]), : int(row["columns"])] = 0
        found.append((row, seven, one))
    return found


@pytest.fixture(scope="session")
def measured(trained, mnist, masks):
    """What was said of all, of attacks that are too weak on two sevens, and of no sevens."""
    made = masks[masks["rows"] != ""]
    files.write_csv(made.iloc[2:4], trained / "two masks.csv")
    files.write_csv(masks.assign(rows="", columns=""), trained / "no masks.csv")
    jobs = {
        "measure": lambda folder: measure(folder, mnist),
        "measure weak": lambda folder: measure(
            folder, mnist, masks="../two masks.csv", attacks=["ddn"], steps=1, largest_step=1e-3,
            alphas=2,
        ),
        "measure none": lambda folder: measure(folder, mnist, masks="../no masks.csv"),
    }  # fmt: skip
    done = in_folders(trained, jobs)
    done["measure"].check_returncode()
    done["measure weak"].check_returncode()
    return done


@pytest.fixture(scope="session")
def measures(trained, measured):
    return pd.read_csv(trained / "measure/measures.csv")


@pytest.fixture(scope="session")
def pictures(trained, measured):
    return files.read_tensors(trained / "measure/p.safetensors")


@pytest.fixture(scope="session")
def failed(trained, mnist):
    """What was said of data that are not there and of weights of something else."""
    files.write_tensors({"matrices": np.eye(3)}, trained / "else.safetensors")
    nowhere = trained / "nowhere"
    return in_folders(
        trained,
        {
            "train without data": lambda folder: train(folder, nowhere),
            "block without data": lambda folder: block(folder, nowhere),
            "block with others": lambda folder: block(folder, mnist, network="../else.safetensors"),
            "block too many": lambda folder: block(folder, mnist, sevens=2000),
        },
    )
