"""The pages of the explorer: each module yields its own."""

from typing import Final

from redqubit.serve.pages import (
    about,
    cases,
    challenges,
    claims,
    literature,
    matrix,
    missing,
    mitigations,
    search,
    technique,
    vocabulary,
)

ALL: Final = (
    matrix,
    technique,
    mitigations,
    cases,
    literature,
    claims,
    challenges,
    vocabulary,
    search,
    about,
    missing,
)

# The bar: name and path, in groups.
NAVIGATION: Final = (
    (("Matrix", "index.html"),),
    (
        ("Mitigations", "mitigations.html"),
        ("Cases", "cases.html"),
        ("Literature", "literature.html"),
        ("Claims", "claims.html"),
        ("Challenges", "challenges.html"),
        ("Vocabulary", "vocabulary.html"),
        ("About", "about.html"),
    ),
)
