"""The paper's statements, one folder each: closed form, simulation, and a check of both."""

# Folder and title of each, in the order of the paper.
STATEMENTS = {
    "theorem_1": "Theorem 1",
    "lemma_2": "Lemma 2",
    "remarks_2": "Remarks 2: average case and worst case",
    "lemma_3": "Lemma 3",
    "theorem_4": "Theorem 4",
    "theorem_5": "Theorem 5",
    "theorem_6": "Theorem 6",
    "theorem_7": "Theorem 7",
    "section_5": "Section 5: the two paths",
    "figure_1": "Figure 1",
}
# Statements whose check takes trained ReLU networks, too.
ON_NETWORKS = ("theorem_7", "section_5", "figure_1")


def dimensions(name: str, settings: dict) -> list[int]:
    """The dimensions at which a statement is checked, from the configuration's block on theory."""
    block = settings[name]
    chains = [int(chain.split("-")[0]) for chain in block.get("chains", [])]
    trained = settings["networks"]["dimensions"] if name in ON_NETWORKS else []
    return sorted({*block.get("dimensions", []), *chains, *trained})
