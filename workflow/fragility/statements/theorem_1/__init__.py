"""Theorem 1: closed form, simulation, and what becomes of them."""
