"""Remarks 2: closed form, simulation, check, summary, table, figure, evidence."""
