"""Attacks that rewrite the training set."""
