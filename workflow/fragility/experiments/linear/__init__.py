"""Linear networks: Tables 1 and 2, Figure 2."""
