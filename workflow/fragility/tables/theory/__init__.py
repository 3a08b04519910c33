"""Tables of the theory's checks, one module a statement."""
