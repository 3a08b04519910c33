"""Training of linear and ReLU networks, one after another or many at once."""
