"""Browser front end for teaching."""
