"""Attacks that change inputs of a trained model."""
