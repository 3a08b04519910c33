"""The paper's statements, one folder each."""
