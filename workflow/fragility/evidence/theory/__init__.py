"""Evidence on the theory's claims, one module a statement."""
