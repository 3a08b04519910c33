"""Data frames as CSV, Markdown and LaTeX, estimates with their intervals."""

import re
from pathlib import Path

import pandas as pd

from fragility.report.words import DASH, notice, rounded
from fragility.runtime import files

# LaTeX for each character that it does not print as it is; letters of the paper become mathematics
LATEX = {
    **{character: rf"\{character}" for character in "_%&#${}"},
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "θ": r"$\theta$", "φ": r"$\phi$", "α": r"$\alpha$", "ε": r"$\varepsilon$", "κ": r"$\kappa$",
    "ρ": r"$\rho$",
    "δ": r"$\delta$", "σ": r"$\sigma$", "∇": r"$\nabla$", "∑": r"$\sum$", "Σ": r"$\Sigma$",
    "√": r"$\surd$", "‖": r"$\Vert$", "|": r"$|$", "≥": r"$\ge$", "≤": r"$\le$", "<": "$<$",
    ">": "$>$", "−": "$-$", "–": "--", "×": r"$\times$", "±": r"$\pm$", "²": "$^2$", "½": r"$1/2$",
    "₁": "$_1$", "₂": "$_2$", "₇": "$_7$", "¹": "$^1$", "⁻": "$^-$", "°": r"$^\circ$",
    "∓": r"$\mp$", "≈": r"$\approx$", "“": "``", "”": "''",
    "→": r"$\to$", "…": r"\ldots{}", "·": r"$\cdot$", "∞": r"$\infty$",
}  # fmt: skip


def write(
    frame: pd.DataFrame,
    paths: list[str],
    *,
    title: str,
    headings: dict[str, str],
    notes: str = "",
    stamp: list[str] = (),
    digits: int = 4,
) -> None:
    """Write a table to all ``paths``, each in the format of its suffix (csv, md, tex).

    CSV holds every column at full precision.  The others show the columns of ``headings``, under
    its names, an interval (``x_low``, ``x_high``) in brackets after its estimate ``x``.

    Args:
        frame: one row per row of the table.
        paths: the files to write, all of one name.
        title: of the LaTeX table.
        headings: columns shown, and their headings.
        notes: a paragraph below the table in Markdown.
        stamp: settings that are not the full run's, for the notice.
        digits: decimals of numbers shown.
    """
    shown = formatted(frame, headings, digits)
    warning = f"**{notice(stamp)}**\n\n" if stamp else ""
    below = f"\n\n{notes}" if notes else ""
    name = Path(paths[0]).stem
    texts = {
        ".csv": lambda: frame.to_csv(index=False, lineterminator="\n"),
        ".md": lambda: f"{warning}{pipe_table(shown)}{below}\n",
        ".tex": lambda: _latex(shown, title, name, stamp),
    }
    for path in paths:
        files.write_text(texts[Path(path).suffix](), path)


def formatted(frame: pd.DataFrame, headings: dict[str, str], digits: int = 4) -> pd.DataFrame:
    """The columns of ``headings`` as strings, estimates with their intervals."""
    columns = {}
    for name, heading in headings.items():
        low, high = frame.get(f"{name}_low"), frame.get(f"{name}_high")
        if low is None:
            columns[heading] = [number(value, digits) for value in frame[name]]
        else:
            triples = zip(frame[name], low, high, strict=True)
            columns[heading] = [with_interval(*triple, digits) for triple in triples]
    return pd.DataFrame(columns)


def with_interval(value: float, low: float, high: float, digits: int = 4) -> str:
    """'0.3645 [0.3011, 0.4279]'; without limits the number alone, without a number a dash."""
    text = number(value, digits)
    if pd.isna(low) or pd.isna(high):
        return text
    return f"{text} [{number(low, digits)}, {number(high, digits)}]"


def number(value: object, digits: int = 4) -> str:
    """A cell as text: integers and words unchanged, floats rounded, a dash for a missing value."""
    if pd.isna(value):
        return DASH
    if isinstance(value, float) and not value.is_integer():
        return rounded(value, digits)
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def pipe_table(shown: pd.DataFrame) -> str:
    """A frame of strings as a Markdown table, a row per row; bars inside cells are escaped."""
    safe = shown.rename(columns=_escape_bars).map(_escape_bars)
    return safe.to_markdown(index=False, disable_numparse=True)


def _escape_bars(text: str) -> str:
    return text.replace("|", r"\|")


def _latex(shown: pd.DataFrame, title: str, name: str, stamp: list[str]) -> str:
    escaped = shown.rename(columns=_escape).map(_escape)
    body = escaped.to_latex(index=False, caption=_escape(title), label=f"tab:{name}", escape=False)
    return f"% {notice(stamp)}\n{body}" if stamp else body


# what is mathematics as a whole: an angle, a letter with its index, a power, a root
_MATHS = re.compile(
    r"(θ_?[12tα]\b|A_:,d|\b[A-Za-z]_[A-Za-z0-9]{1,3}(?![A-Za-z0-9_])|\b[23ARed]\^(?:\((?:[^()]|\([^()]*\))*\)|[-−]?\w+(?:\.\d+)?)"
    r"|√\([^()]*\))"
)


def _escape(text: str) -> str:
    """Text with LaTeX for the characters of our headings; symbols become mathematics."""
    text = re.sub(r"(?<![\w.])-(?=\d)", "−", text)
    parts = _MATHS.split(text)  # every second one is mathematics
    parts[1::2] = [f"${_maths(part)}$" for part in parts[1::2]]
    parts[::2] = ["".join(LATEX.get(c, c) for c in part) for part in parts[::2]]
    return "".join(parts)


def _maths(text: str) -> str:
    r"""'√(a_i1² + θ1)' in mathematics: ``\sqrt{a_{i1}^2 + \theta_{1}}``."""
    text = re.sub(r"θ_?([12tα])", r"θ_{\1}", text)
    text = re.sub(r"([A-Za-z])_(:,d|[A-Za-z0-9]{1,3})", r"\1_{\2}", text)
    text = re.sub(r"([√^])(?:\((.*)\)|([-−]?\w+(?:\.\d+)?))", r"\1{\2\3}", text)
    own = {c: LATEX[c].strip("$") for c in set(text) if LATEX.get(c, "").startswith("$")}
    own = {c: f"{w} " if w[-1].isalpha() else w for c, w in own.items()}
    return "".join((own | {"√": r"\sqrt"}).get(c, c) for c in text)
