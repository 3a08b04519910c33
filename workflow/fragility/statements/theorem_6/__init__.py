"""Theorem 6: closed form, simulation, check, summary, table, figure, evidence."""
