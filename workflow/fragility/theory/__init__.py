"""Closed forms of the paper's statements, one module a statement; their twins are in simulation."""
