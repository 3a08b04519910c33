"""What is solved or certified: linear networks, the optimal classifier, lower bounds."""
