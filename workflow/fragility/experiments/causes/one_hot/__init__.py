"""Theorem 1's data: do trained networks satisfy condition (1)?"""
