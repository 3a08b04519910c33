"""Closed forms of a fully connected ReLU network's input gradients at He's initialisation.

Of the logits f_k, without biases.  A tangent vector e_j goes through the layers: after layer l its
squared length is multiplied by (2/n_(l-1)) chi2(K_l), where K_l ~ Bin(n_l, 1/2) units are active.
This is exact for each input x: whether a unit is active depends on the sign of w . x, and
(w . t)^2 does not depend on that sign.  The gradient of the loss has no such form, since p - y
depends on the weights.
"""

import numpy as np
from scipy import special, stats


def mean_chi(n: int) -> float:
    """E chi_K with K ~ Bin(n, 1/2): the mean length of a standard normal vector's active half."""
    k = np.arange(1, n + 1)
    lengths = np.sqrt(2) * np.exp(special.gammaln((k + 1) / 2) - special.gammaln(k / 2))
    return float(stats.binom(n, 0.5).pmf(k) @ lengths)


def mean_l1(d: int, hidden_layers: int, width: int) -> float:
    """E ||df_k/dx||_1 = sqrt(d) sqrt(2/pi) sqrt(2) (sqrt(2/n) E chi_K)^L.

    Each of the d entries is normal given the active units; L hidden layers of n units.
    """
    factor = np.sqrt(2 / width) * mean_chi(width)
    return float(np.sqrt(d) * np.sqrt(2 / np.pi) * np.sqrt(2) * factor**hidden_layers)


def mean_squared_l2() -> float:
    """E ||df_k/dx||_2^2 = 2, at every d, depth and width: the output layer's factor 2."""
    return 2.0
