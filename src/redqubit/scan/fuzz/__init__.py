"""Fuzzing: circuits through compilers and formats, payloads through parsers, models by laws."""
