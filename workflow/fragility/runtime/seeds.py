"""Independent random streams, each named by its purpose."""

import hashlib
import json

import numpy as np


def generator(seed: int, *key: str | int | float) -> np.random.Generator:
    """Return the random stream of ``key``, the same in every job, order and packing.

    The key names the experiment, the purpose, the condition and the index, for example
    ``generator(seed, "linear", "initialisation", d, run)``.  Two different keys give unrelated
    streams, so a result does not depend on when, or with which others, its stream is drawn from.

    Raises:
        TypeError: a part of the key is neither ``str``, ``int`` nor ``float``.
    """
    for part in (seed, *key):
        if type(part) not in (str, int, float):
            raise TypeError(f"a stream's key holds str, int and float; got {part!r}")
    digest = hashlib.sha256(json.dumps([seed, *key]).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
