"""Attacks that copy a model through its prediction service."""
