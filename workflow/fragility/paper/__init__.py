"""The paper as data: claims and their rules, estimates, and the audit of its printed tables."""
