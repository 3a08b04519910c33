"""What the user gets wrong is one clear error; what goes wrong during a run: test_faults.py."""

from workflow_runs import (
    RESULTS,
    copy_of_repository,
    edit,
    snakemake,
)


def test_a_wrong_key_stops_before_any_job(tmp_path):
    folder = copy_of_repository(tmp_path / "wrong")
    edit(folder / "tests/config.tiny.yaml", "epochs: 40", "epoch: 40")
    done = snakemake(folder, check=False)
    assert done.returncode != 0
    assert "linear.epoch: unknown key; did you mean epochs?" in done.stdout
    assert not (folder / RESULTS).exists()


def test_too_few_valid_runs_name_what_to_change(tmp_path):
    folder = copy_of_repository(tmp_path / "few")
    edit(folder / "tests/config.tiny.yaml", "epochs: 40", "epochs: 1")
    edit(folder / "tests/config.tiny.yaml", "max_attempts: 200", "max_attempts: 30")
    edit(folder / "tests/config.tiny.yaml", "learning_rate: 0.01", "learning_rate: 0.000001")
    done = snakemake(folder, "table_1", check=False)
    assert done.returncode != 0
    for word in ("d=5", "of 30 attempts", "valid fraction", "raise linear.max_attempts"):
        assert word in done.stdout
    assert not list((folder / RESULTS).glob("linear/train/*"))


def test_a_gpu_that_is_not_there_is_a_clear_error(copy):
    import torch

    words = ["table_1", "--forcerun", "linear_train", "--resources", "gpu=1"]
    done = snakemake(copy, *words, check=torch.cuda.is_available())
    if not torch.cuda.is_available():
        assert done.returncode != 0
        assert "torch finds no CUDA device" in done.stdout
        assert "--resources gpu=0" in done.stdout
