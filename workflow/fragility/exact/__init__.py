"""Exact solutions and certificates: linear networks, the optimal classifier, lower bounds."""
