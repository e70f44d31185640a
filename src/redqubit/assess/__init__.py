"""Assessments: YAML -> plan -> jobs -> evidence -> policy -> verdict."""
