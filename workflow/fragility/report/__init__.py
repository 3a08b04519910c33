"""Tables and pages for readers, the style of figures, the scorecard, provenance, the RO-Crate."""
