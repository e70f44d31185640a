"""The source keeps to the words of docs/words.md."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "words.md").read_text()


def banned() -> dict[str, str]:
    """Return each banned word with the word to use instead."""
    words = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 4:
            words |= {word.strip(): cells[0] for word in cells[3].split(",") if word.strip()}
    british = re.search(r"^Not: (.*)\.$", PAGE, re.MULTILINE)
    assert british
    return words | dict.fromkeys(british[1].split(", "), "the American spelling")


def found(word: str, text: str) -> list[int]:
    """Return the lines that use ``word``; after a dot it is another library's name."""
    pattern = re.compile(rf"(?<![.A-Za-z]){re.escape(word)}(?![A-Za-z])")
    return [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def test_the_page_bans_words() -> None:
    """The tables are read: words of every table and the spellings are among the banned."""
    assert {"adversary", "statevector", "countermeasure", "defence"} <= banned().keys()


def test_words_are_found_in_identifiers_and_prose() -> None:
    """A banned word counts alone or between underscores, and not inside another word."""
    assert found("eps", "def f(max_eps: float): steps = np.finfo(float).eps") == [1]
    assert found("eps", "steps = np.finfo(float).eps  # epsilon") == []


def test_the_source_uses_no_banned_word() -> None:
    """Each thing has one word; only rules that match other people's code spell theirs."""
    rules = ROOT / "src" / "redqubit" / "scan" / "static" / "rules"
    files = [path for path in (ROOT / "src").rglob("*.py") if rules not in path.parents]
    texts = {path: path.read_text() for path in files}
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {word!r}; say {instead}"
        for path, text in texts.items()
        for word, instead in banned().items()
        for line in found(word, text)
    ]
    assert not wrong, "\n".join(wrong)
