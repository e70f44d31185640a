"""Anomaly scores of machine sensors."""
