import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from redqubit.assess.store import Store
from redqubit.serve.app import HEADERS, Live, app
from redqubit.serve.pages import missing


class Client:
    """Asks an application without a network."""

    def __init__(self, application):
        self.application = application

    def request(self, method, path, headers=None):
        """Return the answer; an error inside is an answer too."""

        async def ask():
            transport = httpx.ASGITransport(self.application, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:8000"
            ) as client:
                return await client.request(method, path, headers=headers)

        with ThreadPoolExecutor(1) as aside:  # a browser test may hold this thread's event loop
            return aside.submit(lambda: asyncio.run(ask())).result()

    def get(self, path, headers=None):
        """Ask for a page."""
        return self.request("GET", path, headers)


@pytest.fixture(scope="module")
def client(chain):
    return Client(app(chain))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/technique/QML.T0010.html",
        "/static/style.css",
        "/nowhere",
        "/data/matrix.js",
    ],
)
def test_every_answer_carries_the_headers(client, path):
    """Pages, assets and errors alike say what a browser may do with them."""
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_live_and_static_pages_are_the_same(client, chain):
    """The page of a technique is the text that the export writes."""
    live = Live(chain, None)
    path = "technique/QML.T0010.html"
    assert client.get(f"/{path}").content == live.pages[path].render().encode()
    assert client.get("/").content == client.get("/index.html").content


@pytest.mark.parametrize(
    "host", ["attacker.example", "127.0.0.1.attacker.example", "localhost.example:8000", ""]
)
def test_a_foreign_host_name_is_refused(client, host):
    """A name that an attacker points at this machine reads nothing."""
    answer = client.get("/index.html", headers={"host": host})
    assert answer.status_code == 400
    assert "technique" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "127.0.0.1:1234"])
def test_this_machine_is_answered(client, host):
    """The loopback address and localhost are served on any port."""
    assert client.get("/index.html", headers={"host": host}).status_code == 200


def test_a_page_that_is_known_is_not_sent_again(client):
    """With the tag of the page it holds, a browser gets 304 and no body."""
    first = client.get("/about.html")
    again = client.get("/about.html", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert client.get("/about.html", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/QML.T0010", "technique/QML.T0010.html"),
        ("/technique/qml.t0010.html", "technique/QML.T0010.html"),
        ("/literatur.html", "literature.html"),
        ("/a/b/matigations.html", "mitigations.html"),
    ],
)
def test_a_wrong_address_gets_the_near_miss(client, path, near):
    """The error page names the page that was probably meant, by a link that works from there."""
    answer = client.get(path)
    assert answer.status_code == 404
    depth = path.count("/") - 1
    assert f'Did you mean <a href="{"../" * depth}{near}">' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/..%2f..%2fetc%2fpasswd",
        "/static/../app.py",
        "/" + "a" * 5000,
        "/%00",
        "/%ff",
    ],
)
def test_a_hostile_address_is_not_found_and_not_repeated(client, path):
    """Whatever stands in the address, the answer is the error page without it."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert "alert" not in answer.text
    assert "root:" not in answer.text
    assert len(answer.text) < 20_000


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_there_is_no_description_of_the_application(client, path):
    """The framework's own pages are off."""
    assert client.get(path).status_code == 404


def test_only_reading_is_allowed(client):
    """Other methods than GET and HEAD are refused."""
    assert client.request("POST", "/index.html").status_code == 405
    assert client.request("HEAD", "/index.html").status_code == 200


def test_an_error_says_nothing_about_the_server(chain, monkeypatch):
    """A page that fails gives a plain sentence: no trace, no path, and all the headers."""

    def broken(*_):
        raise RuntimeError("secret detail")

    client = Client(app(chain))
    monkeypatch.setattr(missing, "page", broken)
    answer = client.get("/nowhere")
    assert answer.status_code == 500
    assert answer.text == "The page could not be rendered.\n"
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_a_new_run_appears_without_a_restart(chain, runs, tmp_path):
    """Evidence that is written while the explorer runs shows on the page of its technique."""
    found = next(
        item
        for item in runs[0].evidence
        if item.technique and item.success and item.defense == "none"
    )
    path = f"/technique/{found.technique}.html"
    client = Client(app(chain, tmp_path))
    told = "Measured on your model"
    assert told not in client.get(path).text
    (tmp_path / "first").mkdir()
    Store(tmp_path / "first").append(found)
    assert told in client.get(path).text
    (tmp_path / "first" / "evidence.jsonl").write_text("broken\n")
    assert told in client.get(path).text
    shutil.rmtree(tmp_path / "first")
    assert told not in client.get(path).text
