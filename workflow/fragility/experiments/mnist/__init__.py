"""MNIST: Tables 5 and 6, Figure 3."""
