"""Lemma 3: closed form, simulation, check, summary, table, figure, evidence."""
