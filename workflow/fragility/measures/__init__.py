"""The paper's measures of a network: compression, and gradients along a path between inputs."""
