"""Lets ``python -m redqubit`` be the command ``redqubit``."""

from redqubit.cli import main

if __name__ == "__main__":
    main()
