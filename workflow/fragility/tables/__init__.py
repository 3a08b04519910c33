"""Tables: measures in, data frames out; and a data frame to Markdown, LaTeX and HTML."""
