"""The second paper: input gradients, vulnerability and the dimension of the input."""
