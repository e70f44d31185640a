"""Attacks on quantum machine learning models: one technique a file."""
