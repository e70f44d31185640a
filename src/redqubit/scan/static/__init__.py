"""Static analysis of Python sources and notebooks; nothing that is scanned is ever run."""
