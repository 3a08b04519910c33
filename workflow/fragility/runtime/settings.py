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
    return yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))


def check(config: dict) -> None:
    """Accept the configuration, or raise one ConfigError that lists all errors."""
    schema = load_schema()
    validator = Validator(schema)
    problems = [_explain(error, schema) for error in validator.iter_errors(config)]
    problems = problems or list(_contradictions(config))
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


def _contradictions(config: dict) -> Iterator[str]:
    """Errors that a schema cannot express: values of keys that contradict one another."""
    yield from _linear_contradictions(config["linear"])
    yield from _relu_contradictions(config["relu"], config["linear"])
    yield from _imagenet_contradictions(config["imagenet"])
    yield from _causes_contradictions(config["causes"], config["linear"])
    yield from _dimension_contradictions(config["dimension"])
    yield from _accounts_contradictions(config["accounts"], config["dimension"])


def _linear_contradictions(linear: dict) -> Iterator[str]:
    if linear["table_dimension"] not in linear["dimensions"]:
        yield (
            f"  linear.table_dimension: {linear['table_dimension']} is not among "
            f"linear.dimensions {linear['dimensions']}; add it there"
        )
    for key in ("n_runs", "n_runs_table", "n_valid"):
        if linear[key] > linear["max_attempts"]:
            yield (
                f"  linear.{key}: {linear[key]} is more than linear.max_attempts "
                f"({linear['max_attempts']}).  Lower linear.{key} or raise linear.max_attempts"
            )
    for block, key in (
        ("sensitivity", "n_runs"),
        ("unscaled", "n_runs"),
        ("classifiers", "n_matrices"),
    ):
        if linear[block][key] > linear["max_attempts"]:
            yield (
                f"  linear.{block}.{key}: {linear[block][key]} is more than linear.max_attempts "
                f"({linear['max_attempts']}), the number of matrices drawn.  Lower "
                f"linear.{block}.{key} or raise linear.max_attempts"
            )
    if linear["n_runs_table"] < linear["n_runs"]:
        yield (
            f"  linear.n_runs_table: {linear['n_runs_table']} is less than linear.n_runs "
            f"({linear['n_runs']}), but Table 2 shows the first linear.n_runs of them; raise "
            f"linear.n_runs_table"
        )
    for scale in {1, linear["column_scale"]} - set(linear["classifiers"]["column_scales"]):
        yield (
            f"  linear.classifiers.column_scales: {scale} is missing; the scorecard compares "
            f"linear.column_scale ({linear['column_scale']}) with 1"
        )


def _relu_contradictions(relu: dict, linear: dict) -> Iterator[str]:
    attempts = relu["max_attempts"]
    if attempts > linear["max_attempts"]:
        yield (
            f"  relu.max_attempts: {attempts} is more than linear.max_attempts "
            f"({linear['max_attempts']}), the number of matrices drawn.  Lower relu.max_attempts "
            f"or raise linear.max_attempts"
        )
    for key, wanted in (
        ("networks", relu["networks"]),
        ("attack.networks", relu["attack"]["networks"]),
        ("attack.networks_table_4", relu["attack"]["networks_table_4"]),
    ):
        if wanted > attempts:
            yield (
                f"  relu.{key}: {wanted} is more than relu.max_attempts ({attempts}).  Lower "
                f"relu.{key} or raise relu.max_attempts"
            )
    if relu["attack"]["networks"] > relu["networks"]:
        yield (
            f"  relu.attack.networks: {relu['attack']['networks']} is more than relu.networks "
            f"({relu['networks']}), the networks trained.  Lower relu.attack.networks or raise "
            f"relu.networks"
        )
    if relu["column_scale"] not in linear["classifiers"]["column_scales"]:
        yield (
            f"  linear.classifiers.column_scales: relu.column_scale ({relu['column_scale']}) is "
            f"missing; the ReLU networks are compared with the optimal classifier there; add it"
        )
    if 1 not in relu["depth"]["layers"]:
        yield (
            f"  relu.depth.layers: 1 is missing in {relu['depth']['layers']}; the deeper networks "
            f"are compared with one hidden layer; add it"
        )


def _imagenet_contradictions(imagenet: dict) -> Iterator[str]:
    models = imagenet["models"]
    names = [model["name"] for model in models]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield (
            f"  imagenet.models: {name} is listed twice, but results are named after the model; "
            f"remove one"
        )
    for model in models:
        is_file = model["weights"] not in ("package", "hub")
        if is_file and "sha256" not in model:
            yield (
                f"  imagenet.models: {model['name']} has its weights from the file "
                f"{model['weights']}; give the file's sha256, too"
            )
        if not is_file and "sha256" in model:
            yield (
                f"  imagenet.models: {model['name']} has a sha256, but no file as weights "
                f"({model['weights']}); remove the sha256"
            )
    if imagenet["relation"]["models"] > len(models):
        yield (
            f"  imagenet.relation.models: {imagenet['relation']['models']} is more than "
            f"imagenet.models has ({len(models)}); lower imagenet.relation.models"
        )
    low, high = imagenet["scale"]
    if low >= high:
        yield f"  imagenet.scale: {low} is not below {high}; give the smaller one first"


def _causes_contradictions(causes: dict, linear: dict) -> Iterator[str]:
    for key in ("linear_networks", "relu_networks"):
        wanted = causes["through_training"][key]
        if wanted > linear["max_attempts"]:
            yield (
                f"  causes.through_training.{key}: {wanted} is more than linear.max_attempts "
                f"({linear['max_attempts']}), the number of matrices drawn.  Lower "
                f"causes.through_training.{key} or raise linear.max_attempts"
            )


def _dimension_contradictions(dimension: dict) -> Iterator[str]:
    sizes, attack, initial = (dimension[name] for name in ("sizes", "attack", "initial"))
    yield from _data_set_errors(dimension)
    full, final = max(sizes["sides"]), dimension["network"]["final_side"]
    for side in sizes["sides"]:
        if full % side:
            yield (
                f"  dimension.sizes.sides: {side} does not divide {full}, the images' own side; "
                f"an image is reduced by averages over equal blocks"
            )
    halved = [
        ("dimension.network.final_side", final, sizes["topologies"],
         [*sizes["sides"], *(full * copies for copies in sizes["copies"])]),
        ("dimension.initial.final_side", initial["final_side"], ["strided"], initial["sides"]),
    ]  # fmt: skip
    for key, last, topologies, sides in halved:
        if not {"strided", "max", "average"} & set(topologies):
            continue
        for side in sorted(set(sides)):
            times, rest = divmod(side, last)
            if rest or times < 1 or times & (times - 1):
                yield (
                    f"  {key}: halving maps of side {side} does not lead to {last}; choose sides "
                    f"(and copies) that are {last} times a power of 2"
                )
    if any(side % min(initial["sides"]) for side in initial["sides"]):
        yield (
            f"  dimension.initial.sides: {initial['sides']} are not all multiples of the smallest, "
            f"so that the dilation cannot grow with the side"
        )
    if attack["epsilon"] not in attack["epsilons"]:
        yield (
            f"  dimension.attack.epsilon: {attack['epsilon']} is not among "
            f"dimension.attack.epsilons {attack['epsilons']}; add it there"
        )
    if attack["bounds"][0] > 0 or attack["bounds"][1] < 1:
        yield (
            f"  dimension.attack.bounds: {attack['bounds']} do not hold all pixels of an image, "
            f"which are from 0 to 1"
        )


def _data_set_errors(dimension: dict) -> Iterator[str]:
    """What is wrong with the image set's folder, as far as can be seen without torchvision."""
    name, folder = dimension["dataset"], dimension["folder"]
    if folder == "fetched":
        if name != "MNIST":
            yield (
                f"  dimension.folder: only MNIST is fetched, not {name}; name the folder that is "
                f"torchvision's root of {name}"
            )
        if dimension["download"]:
            yield (
                "  dimension.download: the files that the experiment mnist fetches are not "
                "downloaded by torchvision; name a folder, or set it to false"
            )
        return
    path = Path(folder).expanduser()
    if dimension["download"]:
        return
    inside = {"MNIST": "MNIST", "FashionMNIST": "FashionMNIST", "KMNIST": "KMNIST",
              "CIFAR10": "cifar-10-batches-py", "CIFAR100": "cifar-100-python",
              "STL10": "stl10_binary", "ImageFolder": "train"}.get(name, ".")  # fmt: skip
    if not (path / inside).is_dir():
        yield (
            f"  dimension.folder: {path} has no folder {inside}, where torchvision looks for "
            f"{name}; correct it, or set dimension.download to true"
            if inside != "."
            else f"  dimension.folder: there is no folder {path}; correct it, or set "
            f"dimension.download to true"
        )


def _accounts_contradictions(accounts: dict, dimension: dict) -> Iterator[str]:
    methods = dimension["regularisers"]["methods"]
    for method in accounts["regularisers"]:
        if method not in methods:
            yield (
                f"  accounts.regularisers: {method} is not among dimension.regularisers.methods "
                f"{methods}; add it there"
            )
    blocks = {"accounts.points": accounts, "accounts.photos.points": accounts["photos"]}
    for key, block in blocks.items():
        if block["points"] % 2 == 0:
            yield f"  {key}: {block['points']} is even; Simpson's rule needs an odd number"


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
        hint += "; YAML reads this as text: write it with a point, as in 1.0e-4"
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
