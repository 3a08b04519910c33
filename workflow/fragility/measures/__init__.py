"""What the paper measures of a network: compression, and gradients along a path between inputs."""
