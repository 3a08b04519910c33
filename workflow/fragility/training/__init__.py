"""Training: the linear networks (many at once), and the direction that training tends to."""
