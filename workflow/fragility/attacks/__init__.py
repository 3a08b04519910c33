"""Smallest perturbations that attacks find with a network's gradients, or along directions."""
