"""The document that a rule gives to its program, and the settings that Snakemake compares.

Snakemake reruns a job when its params change.  It compares them as a set of values without names,
and leaves out every function with a parameter input, output, threads or resources.  So each setting
is a param of its own whose value is the text ``name=JSON``.  The document, which names files too,
is one further param that is not compared: each setting, input and output in it is compared
elsewhere.
"""

import json
from collections.abc import Callable, Mapping

from fragility.runtime.digests import flat
from fragility.runtime.writers import Writers

OURS = ("code", "digests")  # inputs that the program does not take as parameters


class Document(dict):
    """The document: as a text all of it; as a dict only the part that the shared cache hashes.

    That part is the names of the files the job writes, relative to the folder of results, so that
    another folder of results finds the same entry.
    """

    def __init__(self, told: dict) -> None:
        within = sorted(_within(path, told["results"]) for path in flat(told["outputs"]))
        super().__init__(outputs=within)
        self.told = told

    def __str__(self) -> str:
        return json.dumps(self.told, ensure_ascii=False)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def params(rule: Callable, writers: Writers, results: str, settings: Mapping[str, object]) -> dict:
    """The params of a rule: settings and the names of inputs, compared, and the document, ``job``.

    Args:
        rule: returns Snakemake's object of the rule, once all rules are read.
        writers: finds the job that writes a file.
        results: the folder of results.
        settings: by name, plain values or functions of the wildcards that give such.

    Raises:
        ValueError: a setting has the name of a param that every rule has, "inputs" or "job".
    """
    if taken := {"inputs", "job"} & settings.keys():
        raise ValueError(f"a setting may not be called {min(taken)}: every rule has such a param")

    # Snakemake prescribes these parameters' names, among them the builtin input
    def document(wildcards, input, output, threads, resources) -> Document:
        read = _named(input, OURS)
        left = input.get("digests", [])
        return Document(
            {
                "rule": rule().name,
                "results": results,
                "inputs": read,
                "digests": {path: writers.of(path).rule.name for path in _listed(left)},
                "volatile": [path for path in flat(read) if writers.is_volatile(path)],
                "outputs": _named(output),
                "settings": {name: _value(value, wildcards) for name, value in settings.items()},
                "device": "cuda" if resources.get("gpu", 0) else "cpu",
                "threads": threads,
            }
        )

    def inputs(wildcards) -> str:
        read = _named(rule().expand_input(dict(wildcards.items()))[0], OURS)
        within = {name: _within(value, results) for name, value in read.items()}
        return f"inputs={_sorted(within)}"

    compared = {name: _compared(name, value) for name, value in settings.items()}
    return compared | {"inputs": inputs, "job": document}


def _compared(name: str, value: object) -> str | Callable:
    """A setting as Snakemake compares it: the text ``name=JSON``, or a function that gives it."""
    if callable(value):
        return lambda wildcards: f"{name}={_sorted(value(wildcards))}"
    text = f"{name}={_sorted(value)}"
    return lambda wildcards: text  # a function, since braces in a plain text are wildcards


def _sorted(value: object) -> str:
    """JSON with sorted keys: the order of keys has no meaning."""
    return json.dumps(value, sort_keys=True)


def _value(value: object, wildcards) -> object:
    return value(wildcards) if callable(value) else value


def _named(files, without: tuple[str, ...] = ()) -> dict[str, str | list[str]]:
    """Snakemake's files by name, as plain texts."""
    return {
        name: str(value) if isinstance(value, str) else list(map(str, value))
        for name, value in files.items()
        if name not in without
    }


def _listed(value: object) -> list[str]:
    return [str(value)] if isinstance(value, str) else list(map(str, value))


def _within(value: str | list[str], results: str) -> str | list[str]:
    """Paths relative to the folder of results, so that it may have any name."""
    if isinstance(value, list):
        return [_within(path, results) for path in value]
    return value.removeprefix(f"{results}/")
