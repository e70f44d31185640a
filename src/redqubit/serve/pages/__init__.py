"""The pages of the explorer: each module yields its own."""

from typing import Final

from redqubit.serve.pages import (
    about,
    assessments,
    cases,
    challenges,
    claims,
    graph,
    literature,
    matrix,
    missing,
    mitigations,
    paths,
    search,
    technique,
    threat_model,
    vocabulary,
)

ALL: Final = (
    matrix,
    technique,
    graph,
    paths,
    threat_model,
    assessments,
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
    (
        ("Matrix", "index.html"),
        ("Graph", "graph.html"),
        ("Paths", "paths.html"),
        ("Threat model", "threat-model.html"),
        ("Assessments", "assessments.html"),
    ),
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
