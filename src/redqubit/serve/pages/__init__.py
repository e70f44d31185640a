"""The pages of the explorer: each module yields its own."""

from typing import Final

from redqubit.serve.pages import about, matrix, missing, technique

ALL: Final = (matrix, technique, about, missing)

# The bar: name and path, in groups.
NAVIGATION: Final = (
    (("Matrix", "index.html"),),
    (("About", "about.html"),),
)
