"""Theorem 4: closed form, simulation, and what becomes of them."""
