"""Which functions a framework, broker or decoder calls, and what it hands over."""

import pytest

from redqubit.scan.static import handlers
from redqubit.scan.static.module import Module
from redqubit.scan.static.scope import parameters


def told(text: str) -> tuple[Module, dict[str, str]]:
    """Return the module and what hands each parameter of its function ``f`` outside data."""
    module = Module("a.py", text)
    function = next(item for item in module.functions if item.name in {"f", "get", "on_message"})
    return module, {
        item.arg: handlers.sender(module, function, item) for item in parameters(function)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(event, _ctx):\n    pass", {"event": handlers.WEB, "_ctx": ""}),
        (
            "class A(B.XServicer):\n    def f(self, request, context):\n        pass",
            {"self": "", "request": handlers.WEB, "context": ""},
        ),
        (
            "def f(ch, method, properties, body):\n    pass\nq.basic_consume('a', f)",
            {"ch": "", "method": "", "properties": "", "body": handlers.MESSAGE},
        ),
        ("def f(client, text):\n    pass\nc.on_data = f", {"client": "", "text": handlers.MESSAGE}),
        (
            "def on_message(ws, text):\n    pass",
            {"ws": "", "text": handlers.MESSAGE},
        ),
        ("def f(method):\n    pass\napp.add_url_rule('/<method>', f)", {"method": handlers.WEB}),
        (
            "async def f(ws):\n    async for x in ws:\n        pass\nw.serve(f)",
            {"ws": handlers.MESSAGE},
        ),
        (
            "class A(APIView):\n    def get(self, req, key):\n        pass",
            {"self": "", "req": "", "key": handlers.WEB},
        ),
        ("import gradio\ndef f(a):\n    pass\ngradio.Interface(fn=f)", {"a": handlers.FORM}),
    ],
)
def test_servers_hand_over_data_beside_objects_of_their_own(text: str, expected: dict[str, str]):
    """A function that a server calls is handed outside data beside the framework's objects."""
    module, found = told(text)
    assert found == expected
    assert any(handlers.serves(module, function) for function in module.functions)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("def f(a):\n    pass", ""),
        ("import typer\ndef f(a):\n    pass\ntyper.run(f)", handlers.COMMAND),
        ("import json\ndef f(a):\n    pass\njson.loads(x, object_hook=f)", handlers.PAYLOAD),
    ],
)
def test_commands_and_hooks_serve_nobody(text: str, sender: str):
    """A command or a decoder's hook is handed outside data, and answers no request."""
    module, found = told(text)
    assert found == {"a": sender}
    assert not any(handlers.serves(module, function) for function in module.functions)
