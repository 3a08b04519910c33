"""Theorem 1: closed form, simulation, check, summary, table, figure, evidence."""
