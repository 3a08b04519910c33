"""Theorem 7: closed form, simulation, and what becomes of them."""
