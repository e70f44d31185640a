"""Robust accuracy of small variational classifiers."""
