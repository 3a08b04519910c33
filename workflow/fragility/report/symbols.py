"""The paper's symbols as HTML."""

import re

from markupsafe import Markup, escape

_SUBSCRIPTS = {
    r"cos θ_?([12])": lambda m: f"cos θ{'₁₂'[int(m[1]) - 1]}",  # one word for the search
    r"θ_?([tα])\b": r"θ<sub>\1</sub>",
    "A_:,d": "A<sub>:,d</sub>",
    "R_dd": "R<sub>dd</sub>",
    r"\b([fRWaQx])_\{([^{}]*)\}": r"\1<sub>\2</sub>",
    r"\b([fRWaQx])_([0-9A-Za-z+−-]{1,3})\b": r"\1<sub>\2</sub>",
    r"\b([23RAed])\^(\((?:[^()]|\([^()]*\))*\)|[-−]?\w+(?:\.\d+)?)": r"\1<sup>\2</sup>",
}


def symbols(text: object) -> Markup:
    """A plain text as HTML, with the subscripts of the paper's symbols (θ1, A_:,d, 2^d)."""
    safe = str(escape(str(text)))
    for pattern, shown in _SUBSCRIPTS.items():
        safe = re.sub(pattern, shown, safe)
    return Markup(safe)
