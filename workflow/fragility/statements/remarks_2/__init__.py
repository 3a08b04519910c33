"""Remarks 2: closed form, simulation, and what becomes of them."""
