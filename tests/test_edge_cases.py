"""Edge cases across the library: odd values, damaged files, degenerate matrices."""

import copy
import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from fragility.experiments.linear import evidence
from fragility.paper import claims
from fragility.paper.estimates import Estimate
from fragility.report import render
from fragility.runtime import files, settings
from fragility.runtime.seeds import generator
from fragility.synthetic import data
from fragility.synthetic.geometry import cosine, qr
from fragility.synthetic.networks import LinearNetwork
from fragility.training.linear_cpu import train_one
from fragility.training.run import Run, Settings

CONFIG = yaml.safe_load((Path(settings.__file__).parents[3] / "config.yaml").read_text())


@pytest.mark.parametrize(
    "key, value",
    [
        ("results", "../x"), ("results", "a/../../x"), ("results", ".."), ("results", "."),
        ("results", "a\n"), ("results", "-x"), ("linear.learning_rate", math.nan),
        ("linear.epochs", 20.0), ("linear.dimensions", [12.0, 7]),
    ],
)  # fmt: skip
def test_refused_by_the_schema(key, value):
    config = copy.deepcopy(CONFIG)
    *blocks, name = key.split(".")
    block = config
    for b in blocks:
        block = block[b]
    block[name] = value
    with pytest.raises(settings.ConfigError, match=key):
        settings.check(config)


def test_norm_bars_in_latex():
    assert render._escape("‖A_:,d‖") == r"$\Vert$A\_:,d$\Vert$"


def rows(d, aligned):
    cos_2 = 0.99 if aligned else 0.1
    angles = {"cos_theta_1": 0.5, "cos_theta_2": cos_2, "phi": [0.49, 0.5, 0.51]}
    return pd.DataFrame({"d": [d] * 3, "valid": 1} | angles)


@pytest.mark.parametrize("unknown", [7, 8])
def test_figure_2_with_a_dimension_without_evidence_is_not_reproduced(unknown):
    m = pd.concat([rows(7, unknown != 7), rows(8, unknown != 8)])
    estimate, _ = evidence._all_dimensions(m, 0.9)["f2-match"]
    listed = claims.read_claims(Path(claims.__file__).parents[2] / "paper")
    claim = next(c for c in listed if c.id == "f2-match")
    assert claims.judge(claim, estimate) != claims.REPRODUCED


def test_exactly_dependent_columns_are_singular():
    stream = generator(0, "pending")
    accepted = 0
    for _ in range(200):
        a = stream.standard_normal((12, 12))
        a[:, -1] = a[:, :-1] @ stream.standard_normal(11)
        try:
            qr(a)
            accepted += 1
        except ValueError:
            pass
    assert accepted == 0


def test_with_phi_of_an_orthogonal_column_is_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="span"):
            data.with_phi(np.eye(3), 0.5)


def test_a_tiny_vector_has_an_angle():
    assert cosine([1e-200, 0], [1e-200, 0]) == 1


def test_training_width_one_leaves_the_initial_network_alone():
    network = LinearNetwork(np.ones((1, 3), np.float32), np.array([[1.0], [-1]], np.float32))
    before = network.hidden.copy()
    train_one(Run(np.eye(3), network, generator(0, "x")), Settings(4, 0.01, 2))
    assert np.array_equal(network.hidden, before)


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


def test_whole_floats_keep_their_digits():
    assert render.number(1234567.0) == "1234567"


def test_an_unknown_count_with_observations_is_judged():
    fields = dict.fromkeys(claims.Claim.__dataclass_fields__, "")
    claim = claims.Claim(**fields | {"rule": "count_prediction", "paper": "1/2"})
    claims.judge(claim, Estimate(math.nan, math.nan, math.nan, 3))


def test_latex_escapes_braces_dollars_and_carets():
    assert render._escape("{x}^2 ~ $5") == r"\{x\}\textasciicircum{}2 \textasciitilde{} \$5"
