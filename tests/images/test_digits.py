"""MNIST's files, real ones and damaged ones; the blocking of an image's upper left corner."""

import shutil

import numpy as np
import pytest

from fragility.images.digit_network import DEVIATION, MEAN
from fragility.images.digits import CHECKSUMS, SIDE, blocked, corner_masks, is_intact, read
from fragility.runtime.seeds import generator

# how often each digit occurs, 0 to 9; counts that anybody who has the files can repeat
TRAIN_COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@pytest.fixture(scope="module")
def training(mnist):
    return read(mnist, "train")


@pytest.fixture(scope="module")
def testing(mnist):
    return read(mnist, "t10k")


# --- the files ---


def test_the_real_files_hold_the_training_and_the_test_digits(training, testing):
    for digits, counts in ((training, TRAIN_COUNTS), (testing, TEST_COUNTS)):
        assert digits.images.shape == (sum(counts), 28, 28)
        assert digits.labels.shape == (sum(counts),)
        assert digits.images.dtype == digits.labels.dtype == np.uint8
        assert np.bincount(digits.labels).tolist() == counts
        assert (digits.images.min(), digits.images.max()) == (0, 255)
    assert (len(training.labels), len(testing.labels)) == (60000, 10000)


def test_images_and_labels_stand_in_the_files_order(training, testing):
    # the well-known beginnings of the two label files
    assert training.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert testing.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_an_image_is_that_of_its_label_and_the_right_way_up(testing):
    # a seven's bar lies in the upper half, its stem in the lower; a transposed one would not do
    mean = {digit: testing.images[testing.labels == digit].mean(axis=0) for digit in (0, 1, 7)}
    assert mean[7][8, 8:20].mean() > 2 * mean[7][20, 8:20].mean()
    assert mean[0][14, 14] < 20 < 100 < mean[1][14, 14]
    assert mean[1][:, 14].mean() > 2 * mean[1][14].mean()  # a one stands upright


def test_mean_and_deviation_are_those_of_the_training_pixels(training):
    counts = sum(np.bincount(image.ravel(), minlength=256) for image in training.images)
    values = np.arange(256) / 255
    mean = counts @ values / counts.sum()
    deviation = np.sqrt(counts @ (values - mean) ** 2 / counts.sum())
    assert (round(mean, 4), round(deviation, 4)) == (MEAN, DEVIATION)


def test_the_arrays_can_be_written_to(training, testing):
    assert all(a.flags.writeable for digits in (training, testing) for a in digits)


@pytest.mark.parametrize("part", ["train", "t10k"])
@pytest.mark.parametrize("kind", ["images-idx3-ubyte", "labels-idx1-ubyte"])
@pytest.mark.parametrize("place", [3, 16, -1], ids=["header", "early", "last byte"])
def test_a_changed_byte_is_refused(mnist, tmp_path, part, kind, place):
    if part == "train":  # images are read before labels: what comes first is checked first
        (tmp_path / "train-images-idx3-ubyte").symlink_to(mnist / "train-images-idx3-ubyte")
    else:
        shutil.copy(mnist / "t10k-images-idx3-ubyte", tmp_path)
    (tmp_path / f"{part}-labels-idx1-ubyte").symlink_to(mnist / f"{part}-labels-idx1-ubyte")
    assert len(read(tmp_path, part).labels) in (10000, 60000)
    damaged = tmp_path / f"{part}-{kind}"
    content = bytearray(damaged.read_bytes())
    content[place] ^= 1
    damaged.unlink()  # never write through a link
    damaged.write_bytes(content)
    with pytest.raises(ValueError, match="snakemake --forcerun mnist_fetch") as error:
        read(tmp_path, part)
    assert str(damaged) in str(error.value)
    assert "delete it" in str(error.value)


@pytest.mark.parametrize("length", [-1, 8, 3, 0])  # 3 is shorter than a header
def test_a_shortened_file_is_refused(mnist, tmp_path, length):
    (tmp_path / "t10k-labels-idx1-ubyte").symlink_to(mnist / "t10k-labels-idx1-ubyte")
    name = "t10k-images-idx3-ubyte"
    (tmp_path / name).write_bytes((mnist / name).read_bytes()[:length])
    with pytest.raises(ValueError, match=name):
        read(tmp_path, "t10k")


@pytest.mark.parametrize("name", CHECKSUMS)
def test_a_missing_file_is_named_with_the_way_out(mnist, tmp_path, name):
    for other in set(CHECKSUMS) - {name}:
        (tmp_path / other).symlink_to(mnist / other)
    with pytest.raises(ValueError, match="missing") as error:
        read(str(tmp_path), name.split("-")[0])
    assert str(tmp_path / name) in str(error.value)
    assert "snakemake --forcerun mnist_fetch" in str(error.value)


def test_a_checksum_is_that_of_one_file_only(mnist):
    contents = {name: (mnist / name).read_bytes() for name in CHECKSUMS}
    for name in CHECKSUMS:
        assert [other for other in CHECKSUMS if is_intact(other, contents[name])] == [name]


# --- blocking ---


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 7), (14, 20), (28, 28), (0, 5), (5, 0)])
def test_blocking_sets_the_rectangle_and_nothing_else_in_a_copy(rows, columns):
    image = generator(7, "test", "blocked").integers(1, 256, (28, 28), dtype=np.uint8)
    before = image.copy()
    changed = blocked(image, rows, columns)
    assert np.array_equal(image, before)
    assert not np.shares_memory(changed, image)
    assert changed.dtype == np.uint8
    for r, c in np.ndindex(28, 28):
        assert changed[r, c] == (0 if r < rows and c < columns else image[r, c])


def test_blocking_twice_blocks_once():
    image = generator(7, "test", "blocked").integers(1, 256, (28, 28), dtype=np.uint8)
    assert np.array_equal(blocked(blocked(image, 4, 9), 4, 9), blocked(image, 4, 9))
    assert not np.array_equal(blocked(image, 4, 9), blocked(image, 9, 4))


# --- rectangles from the corner ---


def by_brute_force(image, rows, columns):
    """Every rectangle tried; of those with one result the smallest; ordered by what they remove."""
    smallest = {}
    for r in range(1, min(rows, len(image)) + 1):
        for c in range(1, min(columns, len(image)) + 1):
            changed = image.copy()
            changed[:r, :c] = 0
            removed = image.astype(int) - changed
            if not removed.any():
                continue
            key = changed.tobytes()
            found = (int((removed**2).sum()), r * c, r, c)
            if key not in smallest or r * c < smallest[key][1]:
                smallest[key] = found
    return [(r, c) for _, _, r, c in sorted(smallest.values())]


def pairs(masks):
    assert masks.shape == (len(masks), 2)
    return [(int(r), int(c)) for r, c in masks]


def made_up():
    """Images of different density, some of few values, so that there are ties."""
    stream = generator(7, "test", "corner masks")
    for share in (0.005, 0.02, 0.1, 0.5, 1):
        for values in ([255], [1, 2, 255], range(1, 256)):
            image = stream.choice(values, (SIDE, SIDE)) * (stream.random((SIDE, SIDE)) < share)
            yield image.astype(np.uint8)


LIMITS = [(28, 28), (14, 20), (20, 14), (1, 28), (28, 1), (5, 5)]


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_masks_of_made_up_images_are_those_of_brute_force(limit):
    lengths = []
    for image in made_up():
        before = image.copy()
        masks = pairs(corner_masks(image, *limit))
        assert masks == by_brute_force(image, *limit)
        assert np.array_equal(image, before)
        lengths.append(len(masks))
    assert max(lengths) > 4


def test_masks_of_real_sevens_are_those_of_brute_force(testing):
    sevens = testing.images[testing.labels == 7][:20]
    for image in sevens:
        masks = pairs(corner_masks(image, 14, 20))
        assert masks == by_brute_force(image, 14, 20)
        assert 20 < len(masks) < 14 * 20  # some rectangles block the same, or nothing


def test_masks_of_other_digits_up_to_the_whole_image_are_those_of_brute_force(testing):
    for image in testing.images[:5]:
        masks = pairs(corner_masks(image, 28, 28))
        assert masks == by_brute_force(image, 28, 28)
        # the last one blocks everything, and is no larger than it must be
        assert not blocked(image, *masks[-1]).any()
        assert masks[-1] == (np.flatnonzero(image.any(axis=1))[-1] + 1,
                             np.flatnonzero(image.any(axis=0))[-1] + 1)  # fmt: skip


def test_masks_remove_more_and_more_and_never_the_same(testing):
    image = testing.images[testing.labels == 7][0]
    results = [blocked(image, *mask) for mask in corner_masks(image, 14, 20)]
    removed = [np.linalg.norm(image.astype(float) - result) for result in results]
    assert removed == sorted(removed)
    assert len({result.tobytes() for result in results}) == len(results)


def image_of(pixels):
    image = np.zeros((SIDE, SIDE), dtype=np.uint8)
    for place, value in pixels.items():
        image[place] = value
    return image


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        pytest.param({(2, 3): 9}, [(3, 4)], id="one pixel"),
        # the smaller area first though it is taller: 3 x 1 before 1 x 4
        pytest.param({(0, 3): 9, (2, 0): 9}, [(3, 1), (1, 4), (3, 4)], id="tie of norms"),
        pytest.param({(0, 3): 8, (2, 0): 9}, [(1, 4), (3, 1), (3, 4)], id="norm before area"),
        # one area too: the flatter one first
        pytest.param({(0, 2): 9, (2, 0): 9}, [(1, 3), (3, 1), (3, 3)], id="tie of areas"),
        # 200^2 and 144^2 are 64 and 0 modulo 256
        pytest.param({(0, 1): 200, (1, 0): 144}, [(2, 1), (1, 2), (2, 2)], id="no overflow"),
        pytest.param({(6, 1): 5, (1, 6): 5}, [], id="beyond the largest rectangle"),
    ],
)
def test_masks_by_hand(pixels, expected):
    assert pairs(corner_masks(image_of(pixels), 5, 5)) == expected


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_an_empty_image_has_no_masks(limit):
    assert corner_masks(image_of({}), *limit).shape == (0, 2)
