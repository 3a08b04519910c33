"""Monte Carlo twins of the statements, one module each; they know nothing of the closed forms."""
