"""Digits and photos, the networks that classify them, and how they are prepared."""
