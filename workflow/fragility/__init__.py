"""Adversarial fragility by feature compression (arXiv 2406.16200), as pure functions.

One module per concept; nothing here reads or writes a file except :mod:`fragility.files`, and
nothing draws a random number except from a generator it is given.  Imports run one way, from
scripts down to seeds; ``pyproject.toml`` holds the layers and import-linter checks them.
"""
