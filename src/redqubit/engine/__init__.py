"""Batched, differentiable simulation of circuits in torch."""
