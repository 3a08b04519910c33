"""Theorem 4: closed form, simulation, check, summary, table, figure, evidence."""
