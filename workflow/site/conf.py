"""Sphinx's settings for the site; fragility.report.site writes the pages next to a copy of this."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = html_title = "Feature compression, checked"
author = ""
language = "en"
extensions = ["myst_nb", "claims_domain"]
exclude_patterns = ["_extra", "_static"]

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3
# the last: a type variable of one module has the name of another module's class
suppress_warnings = ["myst.header", "mystnb.unknown_mime_type", "ref.python"]
maximum_signature_line_length = 60
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries = False

html_theme = "furo"
html_theme_options = json.loads(Path(__file__).with_name("theme.json").read_text(encoding="utf-8"))
html_static_path = ["_static"]
html_extra_path = ["_extra"]
html_css_files = ["site.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_use_index = html_domain_indices = False
html_last_updated_fmt = None
html_search_language = "words"
html_show_search_summary = False  # read by fetch, which file:// forbids
