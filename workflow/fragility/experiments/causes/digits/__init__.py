"""Digits: do compression and fragility move together when networks are trained to be robust?"""
