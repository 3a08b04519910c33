"""The networks that are trained: topology, size of image, regulariser, and how many of each."""

from collections.abc import Mapping

USUAL, ROBUST = "usual", "pgd"


def name_of(topology: str, side: int, copies: int, method: str, strength: float) -> str:
    """The name of a condition: its settings."""
    told = method if method == USUAL else f"{method}_{strength}"
    return f"{topology}_side{side}_copies{copies}_{told}"


def conditions(block: Mapping) -> list[dict]:
    """All conditions of the config's block ``dimension``, each once.

    For each topology: usual training at each number of copies.  The first topology also gets PGD
    training there, both kinds on images reduced to each side, and each regulariser at each strength
    on the images as they are.

    Returns:
        Dictionaries of name, topology, side, copies, method, strength and networks.
    """
    sizes, regularisers = block["sizes"], block["regularisers"]
    full, first = max(sizes["sides"]), sizes["topologies"][0]
    kinds = [(USUAL, 0.0), (ROBUST, float(sizes["robust"]))]
    n = block["networks"]
    wanted = [
        (topology, full, copies, USUAL, 0.0, n)
        for topology in sizes["topologies"]
        for copies in sizes["copies"]
    ]
    wanted += [(first, full, copies, *kinds[1], n) for copies in sizes["copies"]]
    wanted += [(first, side, 1, *kind, n) for side in sizes["sides"] for kind in kinds]
    wanted += [
        (first, full, 1, method, float(strength), regularisers["networks"])
        for method in regularisers["methods"]
        for strength in regularisers["strengths"]
    ]
    merged: dict[str, dict] = {}
    for *settings, networks in wanted:
        name = name_of(*settings)
        fields = ("topology", "side", "copies", "method", "strength")
        known = merged.setdefault(
            name, {"name": name} | dict(zip(fields, settings, strict=True)) | {"networks": 0}
        )
        known["networks"] = max(known["networks"], networks)
    return list(merged.values())


def packs(block: Mapping) -> list[list[dict]]:
    """The conditions by job: every k-th one, so that jobs take about as long, k jobs in all."""
    every = conditions(block)
    k = -(-len(every) // block["conditions_per_job"])
    return [every[start::k] for start in range(k)]
