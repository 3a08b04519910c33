"""The accounts of adversarial fragility, measured as terms of one identity on every network."""
