"""The paper's symbols as HTML."""

import re

from markupsafe import Markup, escape

_SUBSCRIPTS = {
    r"θ_?([tα])\b": r"θ<sub>\1</sub>",
    "A_:,d": "A<sub>:,d</sub>",
    "R_dd": "R<sub>dd</sub>",
    r"\b([fRWaQxAI])_\{([^{}]*)\}": r"\1<sub>\2</sub>",
    r"\b([fRWaQxAI])_([0-9A-Za-z+−-]{1,3})\b": r"\1<sub>\2</sub>",
    r"\b([23RAed])\^(\((?:[^()]|\([^()]*\))*\)|[-−]?\w+(?:\.\d+)?)": r"\1<sup>\2</sup>",
}


def symbols(text: object) -> Markup:
    """A plain text as HTML, with the subscripts of the paper's symbols (θ1, A_:,d, 2^d)."""
    safe = typeset(str(escape(str(text))))
    for pattern, shown in _SUBSCRIPTS.items():
        safe = re.sub(pattern, shown, safe)
    return Markup(safe)


def typeset(text: str) -> str:
    """A text in any markup with θ1 as one word (for the search), and percentages unbroken."""
    text = re.sub(r"cos θ_?([12])", lambda match: f"cos θ{'₁₂'[int(match[1]) - 1]}", text)
    return re.sub(r"(\d) %", "\\1\N{NO-BREAK SPACE}%", text)
