"""The nearest of many photos, by exact search in blocks of bounded memory."""

import tracemalloc

import numpy as np
import pytest

from fragility.images.nearest import nearest
from fragility.runtime.seeds import generator


def brute(sources, targets):
    return [
        int(np.argmin([np.square(t.astype(float) - s.astype(float)).sum() for t in targets]))
        for s in sources
    ]


def some_images(n, shape, *key, dtype=np.float32):
    drawn = generator(7, "test", "nearest", *key).random((n, *shape))
    return (drawn * 255).astype(dtype) if np.issubdtype(dtype, np.integer) else drawn.astype(dtype)


@pytest.mark.parametrize("block_bytes", [1, 3001, 100_003, 1 << 28])
@pytest.mark.parametrize("shape", [(3, 5, 7), (3, 41, 43), (1,)])  # 105, 5289 and 1 pixel
@pytest.mark.parametrize("dtype", [np.float32, np.uint8, np.float64])
def test_it_is_the_nearest_by_brute_force(block_bytes, shape, dtype):
    sources = some_images(13, shape, "sources", dtype=dtype)
    targets = some_images(17, shape, "targets", dtype=dtype)
    found = nearest(sources, targets, block_bytes)
    assert found.dtype == np.int64
    assert found.tolist() == brute(sources, targets)
    assert len(set(found.tolist())) > 1


def close_images():
    """Targets within some 1e-4 of one bright image: float32 products cannot tell them apart."""
    bright = 1 - 0.01 * some_images(1, (3, 31, 33), "bright")
    near = [bright + 1e-4 * some_images(30, (3, 31, 33), "close", k) for k in range(2)]
    return near[0].astype(np.float32), near[1].astype(np.float32)


@pytest.mark.parametrize("block_bytes", [50_001, 1 << 28])
def test_targets_that_float32_products_cannot_tell_apart(block_bytes):
    sources, targets = close_images()
    s, t = sources.reshape(30, -1), targets.reshape(30, -1)
    single = np.square(t).sum(1) - 2 * s @ t.T
    assert single.argmin(1).tolist() != brute(sources, targets)  # negative control
    assert nearest(sources, targets, block_bytes).tolist() == brute(sources, targets)


@pytest.mark.parametrize("block_bytes", [1, 70_001, 1 << 28])
def test_ties_go_to_the_lowest_index(block_bytes):
    targets = some_images(6, (3, 30, 30), "ties")[[0, 1, 2, 1, 3, 1, 0]]
    sources = targets[[3, 5, 6, 0, 4]] + np.float32(0.01)
    assert nearest(sources, targets, block_bytes).tolist() == [1, 1, 0, 0, 4]
    corners = np.array([[2.0, 0, 0], [0, 1, 0], [0, 0, -1]])
    assert nearest(np.zeros((2, 3)), corners, block_bytes).tolist() == [1, 1]
    assert nearest(targets[:1], targets[:1]).tolist() == [0]


@pytest.mark.parametrize("block_bytes", [1, 9001, 1 << 28])
def test_sources_may_be_an_iterator_and_targets_a_memory_map(tmp_path, block_bytes):
    sources, targets = (some_images(9, (3, 8, 8), name) for name in ("one", "other"))
    np.save(tmp_path / "targets.npy", targets)
    mapped = np.load(tmp_path / "targets.npy", mmap_mode="r")
    expected = brute(sources, targets)
    assert nearest((image for image in sources), mapped, block_bytes).tolist() == expected
    assert nearest(list(sources), targets, block_bytes).tolist() == expected
    np.save(tmp_path / "sources.npy", sources)
    mapped_too = np.load(tmp_path / "sources.npy", mmap_mode="r")
    assert nearest(mapped_too, mapped, block_bytes).tolist() == expected


def test_progress_counts_up_to_all_sources():
    images, counts = some_images(10, (3, 8, 8), "progress"), []
    nearest(images, images, block_bytes=60_000, progress=counts.append)
    assert counts[-1] == 10 and len(counts) > 2
    assert counts == sorted(set(counts))


def test_memory_stays_within_its_bound(tmp_path):
    pixels = 30_000
    np.save(tmp_path / "targets.npy", some_images(40, (pixels,), "mapped"))
    targets = np.load(tmp_path / "targets.npy", mmap_mode="r")

    def peak(block_bytes):
        stream = generator(7, "test", "drawn")
        tracemalloc.start()
        nearest((stream.random(pixels, dtype=np.float32) for _ in range(40)), targets, block_bytes)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    room = 4 * pixels + 2 * 8 * pixels + (1 << 20)  # a source, two images in float64, the rest
    assert peak(2_000_000) < 2_000_000 + room
    assert peak(20_000_000) > 2_000_000 + room  # negative control: all sources at once


def test_without_sources_there_is_nothing_to_find():
    assert nearest([], some_images(2, (3,), "none")).shape == (0,)


def test_what_cannot_be_compared_is_refused():
    images = some_images(4, (3, 5), "refused")
    with pytest.raises(ValueError, match="no target"):
        nearest(images, images[:0])
    with pytest.raises(ValueError, match=r"\(3, 5\).*\(5, 3\)"):
        nearest(images, images.reshape(4, 5, 3))
    with pytest.raises(ValueError, match="float64"):
        nearest([images[0], images[1].astype(float)], images)
    for value in (np.nan, np.inf, 1e30):
        wrong = images.copy()
        wrong[2, 1, 1] = value
        with pytest.raises(ValueError, match="target 2"):
            nearest(images, wrong)
        with pytest.raises(ValueError, match="source 2"):
            nearest(wrong, images)
