"""Theorem 7: closed form, simulation, check, summary, table, figure, evidence."""
