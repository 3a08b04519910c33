"""The program that measures all ordered pairs of photos."""

import numpy as np
import pytest
from imagenet_scripts import CLOSE, cosine, read, slope
from made_up_photos import HOUND, SMALL, SPRINGER, TENCH, first

from fragility.images.photo_choice import pixels


def test_pairs_are_all_ordered_ones_of_right_photos_of_two_classes(small):
    table, photos = read(small[1] / "pairs.csv"), read(small[1] / "photos.csv")
    # five at most: the first of each class, then the second ones; one hound is left
    taken = first(SPRINGER, 0, 1) + first(HOUND, 0, 1) + first(TENCH, 0)
    assert (photos["right"] == 1).sum() > len(taken)
    label = photos.set_index("photo")["label"][taken]
    expected = {(a, b) for a in label.index for b in label.index if label[a] != label[b]}
    found = list(zip(table["source"], table["target"], strict=True))
    assert len(found) == len(expected) == 2 * (2 * 2 + 2 + 2)
    assert set(found) == expected
    assert table["source_label"].tolist() == label[table["source"]].tolist()
    assert table["target_label"].tolist() == label[table["target"]].tolist()
    assert (table["entries"] == 3 * 160 * 160).all()
    assert (table["model"] == SMALL).all()


def test_measures_of_pairs_are_those_computed_here(small, small_network, colours):
    table, module = read(small[1] / "pairs.csv"), small_network.module
    names = sorted(set(table["source"]))
    images = dict(zip(names, pixels(str(colours), names, small_network), strict=True))
    for _, row in table.iloc[[0, 5, 9, 15]].iterrows():
        x, target = images[row["source"]], images[row["target"]]
        step, classes = (target - x).astype(float), (row["source_label"], row["target_label"])
        points = [slope(module, x + np.float32(a) * (target - x), classes) for a in (0, 0.5, 1)]
        (g, gradient), (end, _) = points[0], points[-1]
        norm, cosines = np.linalg.norm(gradient), [cosine(s, step) for _, s in points]
        relative = [np.linalg.norm(s) / norm for _, s in points]
        expected = {
            "L": np.linalg.norm(step), "M_exact": (end - g) / norm, "first_order": g / norm,
            "M": sum((s * step).sum() / 2 for _, s in points) / norm, "cos_theta_t": cosines[0],
            "average_cos": np.mean(cosines), "average_size": np.mean(np.abs(cosines)),
            "gradient_along": np.mean(relative), "gradient_largest": np.max(relative),
        }  # fmt: skip
        others = [name for name in names if name not in (row["source"], row["target"])]
        sizes = [
            abs(cosine(gradient, images[b].astype(float) - images[a]))
            for i, a in enumerate(others) for b in others[i + 1 :]
        ]  # fmt: skip
        assert len(sizes) == 3
        expected["cos_others"] = np.mean(sizes)
        for name, value in expected.items():
            assert row[name] == pytest.approx(value, rel=CLOSE, abs=1e-5), name


def test_the_chosen_experiments_measure_as_their_pairs_do(small):
    measures, pairs = read(small[1] / "measures.csv"), read(small[1] / "pairs.csv")
    joined = measures.merge(pairs, on=["source", "target"], suffixes=("", "_pair"))
    assert set(joined["experiment"]) >= {3, 4}
    names = ("L", "M", "M_exact", "first_order", "average_cos", "gradient_along", "Q_iterative")
    for name in (*names, "Q_minimal", "gradient_largest"):
        # batches and the bisection's halvings differ, hardly anything else
        np.testing.assert_allclose(joined[f"{name}_pair"], joined[name], rtol=CLOSE)
    np.testing.assert_allclose(joined["cos_2"], joined["cos_theta_t"], rtol=CLOSE)
    assert (joined["Q_minimal"] < joined["Q_iterative"]).all()
    # there both attacks end on the boundary, but not at one point: gradients may differ a little
    np.testing.assert_allclose(joined["gradient_change_pair"], joined["gradient_change"], rtol=0.2)
