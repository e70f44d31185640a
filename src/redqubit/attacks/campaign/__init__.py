"""Chains of attacks in which one stage feeds the next."""
