"""Theorem 6's data: does robust training move compression and robustness together?"""
