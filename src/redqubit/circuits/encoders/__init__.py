"""Encoders: circuits that carry a classical sample into a quantum state."""
