"""The problem of Theorem 6: matrices A, corners z, points Az, and the networks trained on them."""
