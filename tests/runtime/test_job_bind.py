"""A program's signature against what it is told: names, types, conversions; one line for all."""

from inspect import signature
from pathlib import Path
from typing import Any, Literal

import pytest

from fragility.runtime.job import bind


def taking(kind):
    """A function with one parameter of that annotation."""

    def main(*, value):
        return None

    main.__annotations__["value"] = kind
    return signature(main)


class Table:
    """What a reader makes of a path."""

    def __init__(self, path):
        self.path = path


READERS = {Table: Table}

FITTING = [
    (int, 3, 3),
    (float, 0.5, 0.5),
    (float, 3, 3.0),
    (str, "3", "3"),
    (bool, True, True),
    (Path, "a/b.csv", Path("a/b.csv")),
    (list[int], [], []),
    (list[int], [1, 2], [1, 2]),
    (list[float], [1, 0.5], [1.0, 0.5]),
    (list[Path], ["a", "b"], [Path("a"), Path("b")]),
    (list[list[float]], [[1], [2, 3]], [[1.0], [2.0, 3.0]]),
    (list, [1, "a", None], [1, "a", None]),
    (dict, {"a": 1}, {"a": 1}),
    (dict[str, float], {"a": 1}, {"a": 1.0}),
    (Literal["l2", "linf"], "linf", "linf"),
    (Literal[1, 2], 2, 2),
    (int | None, None, None),
    (float | None, 3, 3.0),
    (float | None, None, None),
    (Path | None, "a", Path("a")),
    (int | str, 3, 3),
    (int | str, "full", "full"),
    (list[int | str], [64, "full"], [64, "full"]),
    (list[float | None], [1, None], [1.0, None]),
    (int | float, 3, 3),
    (Any, {"a": [1]}, {"a": [1]}),
    (object, None, None),
]


def types(value):
    """The type of a value, and of all that it holds."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return type(value), *map(types, inner)


@pytest.mark.parametrize(("kind", "value", "expected"), FITTING)
def test_a_value_that_fits_comes_as_the_type_asked_for(kind, value, expected):
    found = bind(taking(kind), {"value": value})["value"]
    assert found == expected
    assert types(found) == types(expected)


NOT_FITTING = [
    (int, True), (int, 3.0), (int, "3"), (int, None), (int, [3]),
    (float, True), (float, "0.5"), (float, None),
    (str, 3), (str, None), (str, ["a"]),
    (bool, 1), (bool, "true"),
    (Path, 3), (Path, None), (Path, ["a"]),
    (list[int], 3), (list[int], "12"), (list[int], [1, "2"]), (list[int], [True]),
    (list[float], [0.5, None]), (list[Path], "a"), (list[Path], ["a", 3]),
    (list[list[float]], [[1], 2]), (list[list[float]], [[1], ["2"]]),
    (dict, [1]), (dict[str, float], {"a": "1"}), (dict[str, list[int]], {"a": [1.5]}),
    (Literal["l2", "linf"], "l1"), (Literal[1, 2], True), (Literal[1, 2], 1.0),
    (int | None, "3"), (float | None, True), (list[int | str], [64, 0.5]), (Path | None, 3),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), NOT_FITTING)
def test_a_value_of_another_type_is_refused_by_name(kind, value):
    with pytest.raises(ValueError, match=r"value is .*, not ") as caught:
        bind(taking(kind), {"value": value})
    assert "\n" not in str(caught.value)


def test_a_reader_s_type_is_made_of_a_path_and_only_of_a_path():
    found = bind(taking(list[Table]), {"value": ["a.csv", "b.csv"]}, READERS)["value"]
    assert [table.path for table in found] == ["a.csv", "b.csv"]
    with pytest.raises(ValueError, match="value is 3"):
        bind(taking(Table), {"value": 3}, READERS)


def made_up(source: Path, others: list[Path], *, count: int, rate: float, name: str = "a"):
    """A program with files and settings."""


RIGHT = {"source": "a", "others": ["b"], "count": 3, "rate": 1, "name": "x"}


def test_all_that_is_wrong_is_named_in_one_line(monkeypatch):
    monkeypatch.setattr("sys.argv", ["somewhere/made_up.py"])
    told = {"others": ["b", 3], "count": True, "rate": "fast\nand loose", "seed": 7, "extra": None}
    with pytest.raises(ValueError) as caught:
        bind(signature(made_up), told)
    line = str(caught.value)
    assert line.startswith("made_up.py ")
    for words in (
        "source is missing",
        "seed is unknown",
        "extra is unknown",
        'others is ["b", 3], not list[pathlib.Path]',
        "count is true, not int",
        "not float",
    ):
        assert words in line
    assert "name" not in line  # it has a default
    assert "\n" not in line


@pytest.mark.parametrize("name", RIGHT)
def test_each_missing_name_is_refused_unless_it_has_a_default(name):
    told = {key: value for key, value in RIGHT.items() if key != name}
    if name == "name":
        assert "name" not in bind(signature(made_up), told)
    else:
        with pytest.raises(ValueError, match=f"{name} is missing$"):
            bind(signature(made_up), told)


def test_what_is_right_calls_the_program():
    arguments = bind(signature(made_up), RIGHT)
    assert arguments == RIGHT | {"source": Path("a"), "others": [Path("b")]}
    made_up(**arguments)


def test_a_long_value_is_cut():
    with pytest.raises(ValueError) as caught:
        bind(taking(int), {"value": list(range(1000))})
    assert len(str(caught.value)) < 200


def with_rest(source: Path, *, count: int, **rest: object):
    """A program that hands the rest on."""


def test_the_rest_is_handed_on_as_it_is_and_what_is_named_is_not():
    told = {"source": "a", "count": 3, "other": "b", "rate": 1}
    found = bind(signature(with_rest), told)
    assert found == {"source": Path("a"), "count": 3, "other": "b", "rate": 1}
    assert isinstance(found["rate"], int)


def test_a_rest_hides_neither_what_is_missing_nor_what_is_of_another_type():
    with pytest.raises(ValueError, match=r"source is missing; count is 0\.5, not int"):
        bind(signature(with_rest), {"count": 0.5, "other": "b"})
    with pytest.raises(ValueError, match="rest is unknown"):  # no parameter of that name
        bind(signature(made_up), RIGHT | {"rest": {}})
