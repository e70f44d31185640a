"""Ansatze: circuits of trainable weights."""
