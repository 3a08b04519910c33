"""Section 5: closed form, simulation, and what becomes of them."""
