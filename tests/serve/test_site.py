import dataclasses
import json
import posixpath
import re
import time
from collections import Counter
from html.parser import HTMLParser

import pytest

from redqubit.core.errors import InputError
from redqubit.serve import site as site_module
from redqubit.serve.page import address
from redqubit.serve.site import STAMP, assets, entries, export, pages

LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
ID = re.compile(r'\sid="([^"]*)"')


class Reader(HTMLParser):
    """Collects what a page must not have."""

    def __init__(self):
        super().__init__()
        self.wrong = []
        self.text = []

    def handle_starttag(self, tag, attributes):
        """Note what is inline or leaves the site."""
        names = dict(attributes)
        if tag in ("style", "img", "iframe", "base", "object", "embed"):
            self.wrong.append(tag)
        if tag == "script" and not names.get("src"):
            self.wrong.append("script without src")
        self.wrong += [f"{tag} {name}" for name in names if name == "style" or name[:2] == "on"]
        for name in ("href", "src", "action"):
            if re.match(r"\s*(javascript|data|http):", names.get(name) or "", re.IGNORECASE):
                self.wrong.append(f"{tag} {name}={names[name]}")

    def handle_data(self, data):
        """Keep the text as it would be shown."""
        self.text.append(data)


def read(text):
    reader = Reader()
    reader.feed(text)
    return reader


def test_every_object_has_its_page(chain, texts):
    """There is one page a technique, mitigation and case, and one for each list."""
    lists = "index mitigations cases literature claims challenges vocabulary search about 404"
    wanted = {f"{name}.html" for name in lists.split()}
    for item in (*chain.techniques, *chain.mitigations, *chain.cases):
        wanted.add(address(item))
    assert wanted <= texts.keys()


def test_no_path_is_used_twice(site):
    """Two pages never claim one file."""
    assert max(Counter(page.path for page in entries(site)).values()) == 1


def test_every_internal_link_leads_somewhere(texts):
    """Each relative link names a file of the site, and its fragment an element there."""
    files = {*texts, *assets()}
    anchors = {path: set(ID.findall(text)) for path, text in texts.items()}
    wrong = []
    for path, text in texts.items():
        for link in LINK.findall(text) if path.endswith(".html") else ():
            if link.startswith("https://"):
                continue
            target, _, fragment = link.partition("#")
            found = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            found = found if target else path
            if found not in files or (fragment and fragment not in anchors[found]):
                wrong.append((path, link))
    assert wrong == []


def test_no_page_uses_an_id_twice(texts):
    """Fragments are unique in their page."""
    for path, text in texts.items():
        if path.endswith(".html"):
            repeated = [name for name, n in Counter(ID.findall(text)).items() if n > 1]
            assert repeated == [], path


def test_no_page_has_inline_script_or_style(texts):
    """The policy forbids inline script and style, so that no page holds any."""
    for path, text in texts.items():
        if path.endswith(".html"):
            assert read(text).wrong == [], path
            assert "script-src &#39;self&#39;; style-src &#39;self&#39;" in text


def test_hostile_text_is_only_text(hostile, runs):
    """Markup in any field of the data arrives on the page as the text it is."""
    shown = 0
    for path, text in pages(hostile, runs):
        if path.endswith(".html"):
            reader = read(text)
            assert reader.wrong == [], path
            shown += "<script>alert(1)</script>" in "".join(reader.text)
            assert "7 * 7" in text or path == "404.html"
            assert "\u202e" not in text
        elif path.endswith(".js"):
            json.loads(text.partition(" = ")[2].rstrip(";\n"))  # ASCII JSON, so safe in a script
            assert text.isascii()
    assert shown > len(hostile.techniques)


def test_the_first_page_is_small(texts):
    """The matrix stays below 100 KB, also with the style and scripts that it is drawn with."""
    own = ("style.css", "frame.js", "list.js", "matrix.js")
    page = len(texts["index.html"].encode())
    assert page + sum(len(assets()[f"static/{name}"]) for name in own) < 100_000


def test_the_scripts_stay_short():
    """All scripts together have about 900 lines of code."""
    scripts = [text.decode() for path, text in assets().items() if path.endswith(".js")]
    lines = [line.strip() for text in scripts for line in text.splitlines()]
    assert sum(bool(line) and not line.startswith("//") for line in lines) < 950


def test_export_writes_every_page_quickly(chain, tmp_path):
    """The whole site is written, in about a second on one core."""
    spent = []
    for _ in range(2):
        start = time.perf_counter()
        count = export(chain, tmp_path / "site")
        spent.append(time.perf_counter() - start)
    assert count == sum(path.endswith(".html") for path, _ in pages(chain))
    assert min(spent) < 6.0  # 0.5 s alone; 2 s is the aim
    assert (tmp_path / "site" / "static" / "style.css").is_file()
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8").startswith("<!doctype")


def test_export_replaces_only_an_earlier_export(chain, tmp_path, monkeypatch):
    """An earlier export is replaced with all its files; any other folder is refused untouched."""
    monkeypatch.setattr(site_module, "ALL", site_module.ALL[-1:])
    folder = tmp_path / "site"
    folder.mkdir()
    export(chain, folder)
    (folder / "old.html").write_text("old")
    export(chain, folder)
    assert not (folder / "old.html").exists()
    (folder / STAMP).unlink()
    with pytest.raises(InputError, match="no earlier export"):
        export(chain, folder)
    assert (folder / "404.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_export_refuses_a_file(chain, tmp_path):
    """A file in the way is named."""
    (tmp_path / "site").write_text("mine")
    with pytest.raises(InputError, match="is a file"):
        export(chain, tmp_path / "site")
    assert (tmp_path / "site").read_text() == "mine"


def test_a_failed_export_leaves_what_was_there(chain, tmp_path, monkeypatch):
    """If a page cannot be rendered, the earlier export stays and no draft is left behind."""
    monkeypatch.setattr(site_module, "ALL", site_module.ALL[-1:])
    folder = tmp_path / "site"
    export(chain, folder)
    before = (folder / "404.html").read_bytes()

    def broken(*_):
        yield "404.html", "half"
        raise RuntimeError

    monkeypatch.setattr(site_module, "pages", broken)
    with pytest.raises(RuntimeError):
        export(chain, folder)
    assert (folder / "404.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_empty_chain_renders(chain):
    """Lists without entries say so and break nothing."""
    bare = dataclasses.replace(chain, cases=(), claims=(), challenges=())
    assert "This edition holds none." in dict(pages(bare))["claims.html"]
