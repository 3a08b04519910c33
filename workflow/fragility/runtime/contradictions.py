"""Values of keys that contradict one another, which a schema cannot express."""

from collections.abc import Iterator
from pathlib import Path


def of(config: dict) -> Iterator[str]:
    """Lines of an error message, none if all is well; the configuration fits the schema."""
    yield from _of_linear(config["linear"])
    yield from _of_relu(config["relu"], config["linear"])
    yield from _of_imagenet(config["imagenet"])
    yield from _of_causes(config["causes"], config["linear"])
    yield from _of_dimension(config["dimension"])
    yield from _of_accounts(config["accounts"], config["dimension"])


def _of_linear(linear: dict) -> Iterator[str]:
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


def _of_relu(relu: dict, linear: dict) -> Iterator[str]:
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


def _of_imagenet(imagenet: dict) -> Iterator[str]:
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


def _of_causes(causes: dict, linear: dict) -> Iterator[str]:
    for key in ("linear_networks", "relu_networks"):
        wanted = causes["through_training"][key]
        if wanted > linear["max_attempts"]:
            yield (
                f"  causes.through_training.{key}: {wanted} is more than linear.max_attempts "
                f"({linear['max_attempts']}), the number of matrices drawn.  Lower "
                f"causes.through_training.{key} or raise linear.max_attempts"
            )


def _of_dimension(dimension: dict) -> Iterator[str]:
    sizes, attack, initial = (dimension[name] for name in ("sizes", "attack", "initial"))
    yield from _of_data_set(dimension)
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


def _of_data_set(dimension: dict) -> Iterator[str]:
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


def _of_accounts(accounts: dict, dimension: dict) -> Iterator[str]:
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
