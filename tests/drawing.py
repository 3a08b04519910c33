"""Reading figures back, for the tests of what each draws."""

import warnings

import numpy as np


def draw(figure):
    """No figure may fail here, or lack a letter."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        figure.canvas.draw()


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def line(ax, label):
    """The one line of that label: x and y."""
    (found,) = (drawn for drawn in ax.lines if drawn.get_label() == label)
    return np.asarray(found.get_xdata()).tolist(), np.asarray(found.get_ydata()).tolist()
