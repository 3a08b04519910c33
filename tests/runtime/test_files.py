"""Files: what is written comes back, nothing half-written appears, damage is named."""

import warnings

import numpy as np
import pandas as pd
import pytest

from fragility.runtime import files
from fragility.runtime.seeds import generator


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_text_comes_back(tmp_path):
    files.write_text("φ ‖A‖\n", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == "φ ‖A‖\n".encode()


def test_json_comes_back_in_its_order(tmp_path):
    value = {"b": [1, 2.5, "full", None], "a": {"nested": True}}
    files.write_json(value, tmp_path / "a.json")
    assert files.read_json(tmp_path / "a.json") == value
    assert list(files.read_json(tmp_path / "a.json")) == ["b", "a"]
    assert (tmp_path / "a.json").read_text().endswith("}\n")


@pytest.fixture
def frame():
    stream = generator(9, "test", "files")
    # every exponent a float has, integers, words, missing values
    floats = stream.standard_normal(500) * 10.0 ** stream.integers(-300, 300, 500)
    floats[3] = np.nan
    return pd.DataFrame({"d": range(500), "x": floats, "name": ["a,b", 'c"d'] * 250})


def test_a_table_comes_back_to_the_last_digit(tmp_path, frame):
    files.write_csv(frame, tmp_path / "a.csv")
    pd.testing.assert_frame_equal(files.read_csv(tmp_path / "a.csv"), frame, check_exact=True)


def test_equal_tables_give_equal_bytes_with_plain_line_ends(tmp_path, frame):
    files.write_csv(frame, tmp_path / "a.csv")
    files.write_csv(files.read_csv(tmp_path / "a.csv"), tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert b"\r" not in (tmp_path / "a.csv").read_bytes()


@pytest.fixture
def arrays():
    stream = generator(9, "test", "tensors")
    return {
        "weights": stream.standard_normal((3, 2, 4)),
        "single": stream.standard_normal((2, 5)).astype(np.float32),
        "indices": stream.integers(0, 9, 7),
        "empty": np.zeros((0, 3)),
    }


def test_arrays_come_back_bit_by_bit(tmp_path, arrays):
    files.write_tensors(arrays, tmp_path / "a.safetensors")
    back = files.read_tensors(tmp_path / "a.safetensors")
    assert sorted(back) == sorted(arrays)
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        assert back[name].shape == array.shape
        assert back[name].tobytes() == array.tobytes()


def test_equal_arrays_give_equal_bytes_whatever_their_order_and_layout(tmp_path, arrays):
    files.write_tensors(arrays, tmp_path / "a.safetensors")
    other = {name: np.asfortranarray(arrays[name]) for name in reversed(arrays)}
    files.write_tensors(other, tmp_path / "b.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    files.write_tensors(arrays | {"indices": arrays["indices"] + 1}, tmp_path / "c.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() != (tmp_path / "c.safetensors").read_bytes()


def test_a_slice_of_an_array_is_written_as_itself(tmp_path):
    array = np.arange(12.0).reshape(3, 4)
    files.write_tensors({"a": array.T[::2]}, tmp_path / "a.safetensors")
    assert np.array_equal(files.read_tensors(tmp_path / "a.safetensors")["a"], array.T[::2])


def test_missing_folders_are_made(tmp_path):
    files.write_text("x", tmp_path / "one" / "two" / "a.txt")
    assert names(tmp_path / "one" / "two") == ["a.txt"]


def test_nothing_but_the_file_is_left(tmp_path):
    files.write_text("old", tmp_path / "a.txt")
    files.write_text("new", tmp_path / "a.txt")
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "a.txt"
    files.write_text("old", path)
    with pytest.raises(error), files.replacing(path) as temporary:
        temporary.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_an_interrupted_first_write_leaves_nothing(tmp_path):
    with pytest.raises(ValueError), files.replacing(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise ValueError
    assert names(tmp_path) == []


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.svg"
    files.write_text("old", path)
    with files.replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
        assert temporary.parent == path.parent  # a rename within one file system is atomic
        assert temporary.suffix == ".svg"  # matplotlib chooses the format by it
        inode = temporary.stat().st_ino
    assert path.read_text() == "new"
    assert path.stat().st_ino == inode  # renamed, not copied


def test_a_value_that_is_no_json_leaves_the_old_file(tmp_path):
    files.write_json({"a": 1}, tmp_path / "a.json")
    with pytest.raises(TypeError):
        files.write_json({"a": object()}, tmp_path / "a.json")
    assert files.read_json(tmp_path / "a.json") == {"a": 1}


@pytest.mark.parametrize("cut", [0, 4, 20, -1])
def test_a_truncated_tensor_file_is_named(tmp_path, arrays, cut):
    path = tmp_path / "cut.safetensors"
    files.write_tensors(arrays, path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"cut\.safetensors is damaged.*delete it and rerun"):
        files.read_tensors(path)


def test_a_file_of_another_kind_is_no_tensor_file(tmp_path):
    (tmp_path / "a.safetensors").write_text("d,run,valid\n" * 10)
    with pytest.raises(ValueError, match=r"a\.safetensors is damaged"):
        files.read_tensors(tmp_path / "a.safetensors")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a,b\n1,2\n1,2,3\n", b"a\n\xff\xfe\n"])
def test_an_unreadable_table_is_named(tmp_path, content):
    (tmp_path / "bad.csv").write_bytes(content)
    with pytest.raises(ValueError, match=r"bad\.csv is not a readable CSV") as caught:
        files.read_csv(tmp_path / "bad.csv")
    assert str(caught.value).endswith("delete it and rerun")


def test_missing_files_are_told_from_damaged_ones(tmp_path):
    for read in (files.read_csv, files.read_json, files.read_tensors):
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "none")


def test_damaged_csv_message_is_one_line(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n1,2,3\n")
    with pytest.raises(ValueError) as caught:
        files.read_csv(tmp_path / "a.csv")
    assert "\n" not in str(caught.value)


def test_damaged_json_is_named(tmp_path):
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(ValueError, match=r"a\.json"):
        files.read_json(tmp_path / "a.json")


def test_reading_csv_warns_of_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("a\n1\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        files.read_csv(tmp_path / "a.csv")


def test_a_zero_dimensional_array_keeps_its_shape(tmp_path):
    files.write_tensors({"a": np.array(3.0)}, tmp_path / "a.safetensors")
    assert files.read_tensors(tmp_path / "a.safetensors")["a"].shape == ()
