"""Theorem 6: closed form, simulation, and what becomes of them."""
