import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from redqubit.core import record
from redqubit.killchain import document, system
from redqubit.serve import api
from redqubit.serve.app import app
from redqubit.serve.pipelines import EXAMPLES

YAML = {"Content-Type": "application/yaml"}


@pytest.fixture(scope="module")
def post(chain):
    """Return a function that asks whether a body is a pipeline: (status, answer)."""
    application = app(chain)

    def ask(body, headers=YAML, host="127.0.0.1:8321"):
        async def send():
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
                return await client.post("/api/pipeline", content=body, headers=headers)

        with ThreadPoolExecutor(1) as aside:  # a browser test may hold this thread's event loop
            answer = aside.submit(lambda: asyncio.run(send())).result()
        return answer.status_code, answer

    return ask


def test_a_pipeline_comes_back_with_every_default(post, chain):
    """YAML and JSON are read as the command line reads them."""
    text = next(iter(sorted(EXAMPLES.glob("*.yaml")))).read_text()
    wanted = record.to_json(system.check(document.parse(text, "it"), chain))
    status, answer = post(text)
    assert (status, answer.json()) == (200, wanted)
    status, answer = post(json.dumps(wanted), {"Content-Type": "application/json; charset=utf-8"})
    assert (status, answer.json()) == (200, wanted)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("name: [", "not YAML"),
        ("name: a\ncomponents: {C99: {party: user}}\n", "C99"),
        ("name: a\ncomponents: {}\nodd: 1\n", "odd"),
        ("a: &a [*a]\n", "file"),
        ("- 1\n", "mapping"),
        (b"name: \xff\n", "UTF-8"),
        ("x: !!python/object:os.system {}\n", "tag"),
    ],
)
def test_a_mistake_is_one_sentence(post, body, told):
    """What is wrong is answered in one line that starts with a capital letter."""
    status, answer = post(body)
    assert status == 400
    sentence = answer.json()["error"]
    assert told.lower() in sentence.lower()
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert "\n" not in sentence


def test_a_large_body_is_refused(post):
    """Over one megabyte is not read."""
    assert post(b"#" * (api.MOST + 1))[0] == 413


def test_foreign_pages_cannot_ask(post):
    """A content type that a form can send, another origin and another host are refused."""
    assert post("name: a", {"Content-Type": "text/plain"})[0] == 415
    assert post("name: a", {})[0] == 415
    assert post("name: a", YAML | {"Origin": "http://evil.example"})[0] == 403
    assert post("name: a", YAML | {"Origin": "null"})[0] == 403
    assert post("name: a", YAML | {"Origin": "http://127.0.0.1:8321"})[0] == 400
    assert post("name: a", host="evil.example")[0] == 400
    assert "error" not in post("name: a", host="evil.example")[1].text
