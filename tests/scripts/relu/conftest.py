"""ReLU networks trained, measured and attacked once, for all tests of these programs."""

import numpy as np
import pandas as pd
import pytest
from relu_jobs import COUNT, D, attack, measure, train
from workflow_runs import in_folders

from fragility.runtime import files
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix
from fragility.synthetic.networks import relu_networks


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """A folder with the matrices, as linear_draw writes them."""
    folder = tmp_path_factory.mktemp("relu")
    draws = [gaussian_matrix(D, generator(3, "test", "scripts relu", i)) for i in range(COUNT)]
    files.write_tensors({"matrices": np.stack(draws)}, folder / "a.safetensors")
    return folder


@pytest.fixture(scope="session")
def trained(base):
    """The folder of three accurate networks."""
    in_folders(base, {"one": train})["one"].check_returncode()
    return base / "one"


@pytest.fixture(scope="session")
def runs(trained):
    """The runs that gave the networks."""
    return files.read_tensors(trained / "n.safetensors")["runs"].tolist()


@pytest.fixture(scope="session")
def pairs(trained):
    """The networks trained, with their A."""
    return relu_networks(files.read_tensors(trained / "n.safetensors"))


@pytest.fixture(scope="session")
def seen(base, trained):
    """The folder in which the networks were measured and attacked."""
    networks = trained / "n.safetensors"
    jobs = {"measure": measure, "attack": attack}
    done = in_folders(
        base, {name: lambda folder, job=job: job(folder, networks) for name, job in jobs.items()}
    )
    for process in done.values():
        process.check_returncode()
    return base


@pytest.fixture(scope="session")
def measures(seen):
    return pd.read_csv(seen / "measure/measures.csv", keep_default_na=False)


@pytest.fixture(scope="session")
def attacks(seen):
    return pd.read_csv(seen / "attack/attacks.csv")
