"""Lemma 3: closed form, simulation, and what becomes of them."""
