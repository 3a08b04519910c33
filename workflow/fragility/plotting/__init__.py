"""Figures: a data frame to matplotlib Axes; only :func:`fragility.plotting.style.save` saves."""
