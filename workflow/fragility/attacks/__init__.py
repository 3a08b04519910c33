"""Smallest perturbations: of linear networks in closed form, of the optimal classifier exactly."""
