"""The configuration: checked against its schema before any job starts, compared with the full run.

``workflow/schemas/config.schema.yaml`` gives each key's type, range, meaning, unit and, as its
default, the value of the full run.  ``config.yaml`` must equal those defaults (a test checks it).
So any difference is a choice of the user, and pages that depend on it get a notice.
"""

import difflib
from collections.abc import Iterator
from functools import cache
from math import isfinite
from pathlib import Path

import jsonschema
import yaml

from fragility.runtime import contradictions

# keys that no result depends on
WITHOUT_EFFECT = (
    "results",
    "linear.sensitivity.cells_per_job",
    "dimension.conditions_per_job",
    "stability.seeds",
    "stability.experiments",
)
SCHEMA = Path(__file__).parents[2] / "schemas" / "config.schema.yaml"


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(_checker: object, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


# Stricter than the standard, as the scripts are: 20.0 is no integer, and .nan is no number.
Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_finite}
    ),
)


class ConfigError(ValueError):
    """The configuration is wrong; the message names each wrong key and the values it takes."""


@cache
def load_schema() -> dict:
    """The schema (JSON schema, draft 2020-12) as a dictionary; cached, so it may not be changed."""
    return yaml.load(SCHEMA.read_text(encoding="utf-8"), yaml.CSafeLoader)  # every start reads it


def check(config: dict) -> None:
    """Accept the configuration, or raise one ConfigError that lists all errors."""
    schema = load_schema()
    validator = Validator(schema)
    problems = [_explain(error, schema) for error in validator.iter_errors(config)]
    problems = problems or list(contradictions.of(config))
    if problems:
        raise ConfigError("\n".join(["the configuration is not valid:", *sorted(set(problems))]))


def changed_settings(config: dict) -> list[str]:
    """Keys whose value is not the full run's, as lines "key: value (full run: value)".

    The folder of results and the packing of jobs do not count.
    """
    return [
        _line(key, value, inner)
        for key, value, inner in _changed(config, load_schema())
        if key not in WITHOUT_EFFECT
    ]


def departures(config: dict) -> list[str]:
    """The changed settings with which a run is not the paper's any more, as the same lines.

    The schema's ``departure`` says of a key that it is ``never`` one (the seed, where files come
    from), or only if it is ``smaller`` (the size of a sample); any other change is one.
    """
    return [
        _line(key, value, inner)
        for key, value, inner in _changed(config, load_schema())
        if inner.get("departure") != "never"
        and not (inner.get("departure") == "smaller" and value > inner["default"])
    ]


def _line(key: str, value: object, inner: dict) -> str:
    return f"{key}: {value} (full run: {inner['default']})"


def _changed(block: dict, schema: dict, prefix: str = "") -> Iterator[tuple[str, object, dict]]:
    """Key, value and schema of each setting that is not the full run's."""
    for name, inner in schema["properties"].items():
        if inner.get("type") == "object":
            yield from _changed(block[name], inner, f"{prefix}{name}.")
        elif block[name] != inner["default"]:
            yield f"{prefix}{name}", block[name], inner


def _explain(error: jsonschema.ValidationError, schema: dict) -> str:
    """One line: the key, the error, the values that the key takes."""
    path = ".".join(map(str, error.absolute_path))
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        unknown = [key for key in error.instance if key not in known]
        lines = []
        for key in unknown:
            near = difflib.get_close_matches(str(key), known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
            lines.append(f"  {_join(path, key)}: unknown key; {hint}")
        return "\n".join(lines)
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return "\n".join(f"  {_join(path, key)}: missing" for key in missing)
    key = _described(error.absolute_path, schema)
    hint = f" ({key['description']})" if "description" in key else ""
    if isinstance(error.instance, str) and _is_number(error.instance):
        choices = error.schema.get("anyOf") or error.schema.get("oneOf") or [error.schema]
        is_integer = any(each.get("type") == "integer" for each in choices)
        how = "in digits" if is_integer else "with a point, as in 1.0e-4"
        hint += f"; YAML reads this as text: write it {how}, without quotes"
    if error.validator in ("anyOf", "oneOf"):
        return f"  {path}: {error.instance!r} does not fit{hint}"
    return f"  {path or 'config'}: {error.message}{hint}"


def _described(path, schema: dict) -> dict:
    """The innermost part of the schema along a path that has a description."""
    described: dict = {}
    for step in path:
        schema = schema.get("properties", {}).get(step) or schema.get("items", {})
        described = schema if "description" in schema else described
    return described


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
