"""Adversarial fragility by feature compression (arXiv 2406.16200), as pure functions.

One folder per subject, one module per concept; nothing draws a random number except from a
generator it is given.  Imports run one way, from experiments down to the runtime;
``pyproject.toml`` holds the layers and import-linter checks them.
"""
