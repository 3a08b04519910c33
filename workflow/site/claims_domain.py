"""Claims for Sphinx: a checked link with a verdict for each, and entries in the search.

It is loaded by Sphinx from the site's source folder, so it imports nothing of the library.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.search.en import SearchEnglish
from sphinx.util.nodes import make_refnode

PAGE = "claims"
# the search takes what stands before the last dot for a module's name, and puts names into HTML
SAFE = str.maketrans({".": "․", "'": "’", '"': "”"})


class Claims(Domain):
    """The role ``{claims:claim}`` with a claim's id."""

    name = label = "claims"
    object_types = {"claim": ObjType("claim", "claim")}
    roles = {"claim": XRefRole(warn_dangling=True)}
    dangling_warnings = {"claim": "unknown claim: %(target)s"}
    data_version = 1

    def _all(self) -> dict[str, dict]:
        path = Path(self.env.srcdir) / "claims.json"
        return {each["id"]: each for each in json.loads(path.read_text(encoding="utf-8"))}

    def get_objects(self) -> Iterator[tuple]:
        """Each claim, under another name than its anchor: else the text becomes the anchor."""
        for each in self._all().values():
            text = f"{each['id']}: {each['text']}".translate(SAFE)
            yield f"claim {each['id']}", text, "claim", PAGE, each["id"], 1

    def merge_domaindata(self, docnames, otherdata) -> None:
        """Nothing to merge: claims are not read from pages."""

    def resolve_xref(self, env, fromdocname, builder, typ, target, node, contnode):
        """The link to a claim, or None."""
        claim = self._all().get(target)
        if claim is None:
            return None
        text = nodes.inline("", f"{claim['mark']} {target}")
        link = make_refnode(builder, fromdocname, PAGE, target, text, claim["text"])
        link["classes"] += ["verdict", claim["kind"]]
        return link

    def resolve_any_xref(self, env, fromdocname, builder, target, node, contnode) -> list:
        """Claims are found by their own role only."""
        return []


class Words(SearchEnglish):
    """English, but θ₁ is θ1 and 0.3645 is one word, in pages and in what is asked for."""

    lang = "words"
    js_splitter_code = r"""
function splitQuery(query) {
    return query.normalize("NFKC").replace(/\u2212/g, "-").match(/\d+\.\d+|[\p{L}\p{N}_]+/gu) || [];
}
"""

    def split(self, text: str) -> list[str]:
        """The words of a text."""
        return re.findall(r"\d+\.\d+|\w+", unicodedata.normalize("NFKC", text).replace("․", "."))


def setup(app) -> dict:
    """Register both."""
    app.add_domain(Claims)
    app.add_search_language(Words)
    return {"parallel_read_safe": True, "version": "1"}
