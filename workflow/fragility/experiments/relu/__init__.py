"""ReLU networks: Tables 3 and 4."""
