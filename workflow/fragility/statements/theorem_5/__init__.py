"""Theorem 5: closed form, simulation, check, summary, table, figure, evidence."""
