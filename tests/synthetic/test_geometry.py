"""Angles and QR: their defining properties, on arbitrary vectors and matrices."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fragility.runtime.seeds import generator
from fragility.synthetic.geometry import cosine, qr, square

EPS = np.finfo(float).eps
entries = st.floats(-1e3, 1e3, allow_nan=False)
factors = st.floats(1e-3, 1e3)


@st.composite
def vector_pairs(draw):
    """Two vectors of one length, neither (nearly) zero."""
    n = draw(st.integers(1, 12))
    u, v = draw(arrays(float, n, elements=entries)), draw(arrays(float, n, elements=entries))
    assume(np.linalg.norm(u) > 1e-3 and np.linalg.norm(v) > 1e-3)
    return u, v


@st.composite
def gaussian_matrices(draw):
    """Square Gaussian matrices; their condition numbers reach from 1 to thousands."""
    d, index = draw(st.integers(2, 12)), draw(st.integers(0, 10**6))
    return generator(1, "test", "geometry", d, index).standard_normal((d, d))


def rotation(d, index):
    q, _ = np.linalg.qr(generator(1, "test", "rotation", d, index).standard_normal((d, d)))
    return q


@given(vector_pairs(), factors, factors)
def test_cosine_is_invariant_under_positive_scaling(pair, a, b):
    u, v = pair
    assert abs(cosine(a * u, b * v) - cosine(u, v)) < 8 * len(u) * EPS  # rounding of n products


@given(vector_pairs(), factors)
def test_cosine_changes_sign_with_a_negative_factor(pair, a):
    u, v = pair
    assert abs(cosine(-a * u, v) + cosine(u, v)) < 8 * len(u) * EPS
    assert abs(cosine(u, -a * v) + cosine(u, v)) < 8 * len(u) * EPS


@given(vector_pairs(), st.integers(0, 1000))
def test_cosine_is_invariant_under_a_common_rotation(pair, index):
    u, v = pair
    q = rotation(len(u), index)
    assert abs(cosine(q @ u, q @ v) - cosine(u, v)) < 50 * len(u) * EPS  # n^2 products, n <= 12


@given(vector_pairs())
def test_cosine_lies_between_minus_one_and_one_and_is_symmetric(pair):
    u, v = pair
    assert -1 <= cosine(u, v) <= 1
    assert cosine(u, v) == cosine(v, u)


@given(vector_pairs())
def test_cosine_with_itself_is_one_and_never_above(pair):
    u, _ = pair
    assert 1 - 4 * len(u) * EPS <= cosine(u, u) <= 1
    assert -1 <= cosine(u, -u) <= -1 + 4 * len(u) * EPS


@pytest.mark.parametrize("degrees", [0, 30, 45, 60, 90, 120, 180])
def test_cosine_of_known_angles(degrees):
    angle = np.radians(degrees)
    v = [3 * np.cos(angle), 3 * np.sin(angle)]
    assert abs(cosine([2, 0], v) - np.cos(angle)) < 4 * EPS


@pytest.mark.parametrize("u, v", [([0, 0], [1, 2]), ([1, 2], [0, 0]), ([0], [0])])
def test_the_angle_with_a_zero_vector_is_refused(u, v):
    with pytest.raises(ValueError, match="zero vector"):
        cosine(u, v)


@given(gaussian_matrices())
def test_qr_gives_an_orthogonal_and_a_triangular_factor_with_positive_diagonal(a):
    d = len(a)
    q, r = qr(a)
    assert np.allclose(q.T @ q, np.eye(d), rtol=0, atol=10 * d * EPS)  # Householder, d reflections
    assert np.array_equal(r, np.triu(r))
    assert (np.diag(r) > 0).all()


@given(gaussian_matrices())
def test_the_factors_multiply_to_the_matrix(a):
    q, r = qr(a)
    assert np.allclose(q @ r, a, rtol=0, atol=10 * len(a) * EPS * np.linalg.norm(a))


@given(gaussian_matrices(), st.integers(0, 1000))
def test_r_is_unchanged_by_a_rotation_from_the_left(a, index):
    turned = rotation(len(a), index) @ a
    # R's sensitivity to rounding is the condition number of A
    tolerance = 10 * len(a) * EPS * np.linalg.norm(a) * np.linalg.cond(a)
    assert np.allclose(qr(turned)[1], qr(a)[1], rtol=0, atol=tolerance)


@given(gaussian_matrices())
def test_the_diagonal_of_r_multiplies_to_the_determinant(a):
    _, r = qr(a)
    determinant = abs(np.linalg.det(a))
    tolerance = 10 * len(a) * EPS * np.linalg.cond(a)
    assert abs(np.prod(np.diag(r)) - determinant) < tolerance * determinant


def test_qr_of_a_triangular_matrix_with_negative_diagonal_turns_its_signs():
    q, r = qr([[-1, 2], [0, -3]])
    assert np.allclose(q, [[-1, 0], [0, -1]], atol=4 * EPS)
    assert np.allclose(r, [[1, -2], [0, 3]], atol=16 * EPS)


@pytest.mark.parametrize(
    "matrix, message",
    [
        (np.ones((2, 3)), "square"),
        (np.ones((2, 2, 2)), "square"),
        (np.ones(4), "square"),
        (3.0, "square"),
        ([[1.0]], "at least 2"),
        (np.zeros((0, 0)), "at least 2"),
        ([[1, np.nan], [0, 1]], "not finite"),
        ([[1, np.inf], [0, 1]], "not finite"),
    ],
)
def test_what_is_no_square_finite_matrix_is_refused(matrix, message):
    for function in (square, qr):
        with pytest.raises(ValueError, match=message):
            function(matrix)


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((3, 3)),
        np.ones((2, 2)),
        np.diag([1.0, 1.0, 0.0]),
        [[1, 0, 2], [0, 0, 1], [3, 0, 1]],
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    ],
)
def test_a_singular_matrix_is_refused(matrix):
    with pytest.raises(ValueError, match="singular"):
        qr(matrix)


def test_a_matrix_near_to_singular_is_still_factored():
    _, r = qr([[1, 1], [0, 1e-12]])
    assert r[1, 1] == pytest.approx(1e-12, rel=1e-3)  # known to eps / 1e-12 of itself


def test_integers_become_float64():
    assert square([[1, 2], [3, 4]]).dtype == np.float64


def test_exactly_dependent_columns_are_singular():
    stream = generator(0, "test", "dependent columns")
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


def test_a_tiny_vector_has_an_angle():
    assert cosine([1e-200, 0], [1e-200, 0]) == 1
