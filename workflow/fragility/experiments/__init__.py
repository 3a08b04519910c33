"""The paper's experiments, one folder each: tables, figures, evidence."""
