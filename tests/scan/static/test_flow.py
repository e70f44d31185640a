"""Data flows: what reaches an expression from outside, through files and functions."""

from pathlib import Path

import pytest

from redqubit.scan.static.guards import allow_listed
from redqubit.scan.static.module import Module
from redqubit.scan.static.project import Project
from redqubit.scan.static.source import walk
from redqubit.scan.static.sources import OUTSIDE


def flow(text: str, **options):
    """Return the flow into the argument of ``sink``."""
    module = Module("a.py", text)
    (call,) = module.calls(".sink")
    return module.flow(call.arg(0), **options)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("import sys\nsink(sys.argv[1])", "argv"),
        ("import argparse\np = argparse.ArgumentParser()\na = p.parse_args()\nsink(a.x)", "argv"),
        ("sink(input())", "input"),
        ("import sys\nsink(sys.stdin.read())", "input"),
        ("from flask import request\nsink(request.args['a'])", "request"),
        ("from flask import request\nsink(request.get_json()['a'])", "request"),
        ("def view(request):\n    sink(request.POST['a'])", "request"),
        ("@app.get('/x')\ndef f(a: str):\n    sink(a)", "request"),
        ("import requests\nsink(requests.get(u).json()['a'])", "download"),
        ("def f(p):\n    with open(p) as s:\n        sink(s.read())", "file"),
        ("def f(s):\n    sink(s.read().decode())", "file"),
        ("import os\nsink(os.environ['MODE'])", "env"),
        ("def f(job):\n    sink(job.result()['a'])", "job"),
        ("import json\ndef f(o):\n    sink(o['a'])\njson.loads(t, object_hook=f)", "payload"),
        (
            "class JobRequest(BaseModel):\n  n: int\n@app.post('/x')\ndef f(request: JobRequest):\n"
            "    sink(request.n)",
            "request",
        ),
        ("def handler(event, context):\n    sink(event['a'])", "request"),
        ("from django.http import JsonResponse\ndef v(request, pk):\n    sink(pk)", "request"),
        ("class V(APIView):\n    def get(self, request, pk):\n        sink(pk)", "request"),
        (
            "class S(x.RunServicer):\n    def R(self, request, context):\n        sink(request.n)",
            "request",
        ),
        ("def f(ch, method, properties, body):\n    sink(body)", "request"),
        ("def f(client, userdata, msg):\n    sink(msg.payload)", "request"),
        ("def f(m):\n    sink(m.data)\nsub.subscribe(path, callback=f)", "request"),
        ("def f(m):\n    sink(m)\nclient.on_message = f", "request"),
        (
            "import gradio as gr\ndef f(t):\n    sink(t)\ngr.Interface(fn=f, inputs='text')",
            "request",
        ),
        ("def f(sqs):\n    sink(sqs.receive_message(QueueUrl=q)['Messages'])", "request"),
        ("async def f(ws):\n    sink(await ws.receive_json())", "request"),
        (
            "import azure.functions as af\ndef main(r: af.HttpRequest):\n    sink(r.get_json())",
            "request",
        ),
        ("def f(req):\n    sink(req.headers['X'])", "request"),
        ("import click\n@click.command()\ndef f(a):\n    sink(a)", "argv"),
        ("import numpy as np\ndef f(p):\n    sink(np.load(p))", "file"),
    ],
)
def test_outside_data_has_an_origin(text, origin):
    """Requests, downloads, jobs, files and the process's user are told apart."""
    found = flow(text)
    assert found is not None
    assert found.origin == origin


@pytest.mark.parametrize(
    "text",
    [
        "x = input()\ny = f'<{x}>'\nsink(y)",
        "x = input()\ny = [x]\nsink(y[0])",
        "y = []\ny.append(input())\nsink(y)",
        "d = {}\nd['a'] = input()\nsink(d)",
        "sink([v for v in input().split()])",
        "a, b = input().split()\nsink(b)",
        "x = ''\nfor part in input():\n    x += part\nsink(x)",
        "sink(str(input()) if c else 'a')",
        "sink(unknown(input()))",
        "class C:\n  def __init__(self):\n    self.x = input()\n  def f(self):\n    sink(self.x)",
        "def f(v):\n    sink(v)\nf(input())",
        "def f(v):\n    sink(v)\ndef g():\n    x = input()\n    f(v=x)",
        "def read():\n    return input()\nsink(read())",
        "def same(v):\n    return v\nsink(same(input()))",
        "async def f():\n    sink(await g(input()))",
        "if (x := input()):\n    sink(x)",
        "while True:\n    x = input()\n    if x:\n        break\nsink(x)",
        "def f(v):\n    sink(v)\ntasks.add_task(f, input())",
        "def f(v):\n    sink(v)\nthreading.Thread(target=f, args=(input(),)).start()",
        "def f(v):\n    sink(v)\npool.submit(f, v=input())",
        "def f(v):\n    sink(v)\nloop.run_in_executor(None, f, input())",
        "def f(v):\n    sink(v)\nf.delay(input())",
        "def f(v):\n    sink(v)\npool.apply_async(f, (input(),))",
        "class C:\n  def f(self, v):\n    sink(v)\n  def g(self):\n    pool.map(self.f, input())",
        "def f(v):\n    sink(v)\nTABLE = {'f': f}\nTABLE['f'](input())",
        "def f(v):\n    sink(v)\nTABLE = {'f': f}\nmake = TABLE.get(k)\nmake(input())",
        "d = {}\ndef put(k):\n    d[k] = input()\ndef f():\n    sink(d['a'])",
        "d = []\ndef put():\n    d.append(input())\ndef f():\n    for v in d:\n        sink(v)",
        "global_value = input()\ndef f():\n    sink(global_value)",
    ],
)
def test_data_is_followed(text):
    """Assignments, containers, loops, attributes, calls and returns carry data on."""
    found = flow(text)
    assert found is not None
    assert found.origin == "input"
    assert found.hops[0].text.startswith("data enters")


@pytest.mark.parametrize(
    "text",
    [
        "sink('a')",
        "sink(len(input()))",
        "sink(input() == 'a')",
        "x = input()\nx = 'a'\nsink(x)",
        "def same(v):\n    return 'a'\nsink(same(input()))",
        "if c:\n    x = input()\nelse:\n    sink(x)",
        "NAMES = {'a': 'b'}\nsink(NAMES.get(input()))",
        "def f(v):\n    sink(v)\ndef g():\n    pool.submit(f, 1, input())",
        "import os\nsink(os.environ['IBM_TOKEN'])",
        "sink(open('a.txt').read())",
        "from pathlib import Path\nsink((Path(__file__).parent / x).read_text())",
        "from importlib import resources\nsink(resources.files('p').joinpath(x).read_text())",
        "def f(v):\n    return f(v)\nsink(f(input))",
        "sink([v for v in (1, 2)])\n[v for v in input()]",
        "import hashlib\nsink(hashlib.sha256(input().encode()).hexdigest())",
        "with open(p, 'w') as s:\n    sink(s)",
        "def f(v):\n    sink(v)\nf('a')",
    ],
)
def test_clean_data_has_no_flow(text):
    """Constants, comparisons, overwritten values, secrets' names and package data are clean."""
    assert flow(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "from django.db import models\ndef v(request, n):\n    sink(n)\nv(r, 1)",
        "class V(Base):\n    def get(self, request, pk):\n        sink(pk)",
        "import streamlit as st\nsink(st.number_input('shots', max_value=100))",
        "from urllib.request import Request\nreq = Request(u)\nsink(req.data)",
        "def f(client, userdata, msg):\n    sink(client.name)",
    ],
)
def test_what_only_looks_like_a_handler_is_none(text):
    """Functions that the file itself calls, other classes, and bounded fields."""
    assert flow(text) is None


def test_sanitizers_end_a_flow():
    """The caller names the calls that take the danger out of a value."""
    text = "sink(float(input()))"
    assert flow(text) is not None
    assert flow(text, clean=("float",)) is None
    with pytest.raises(TypeError):
        flow(text, clean="float")


def test_a_guard_ends_a_flow_where_it_dominates():
    """A membership test before the use counts, one in another branch does not."""
    checked = "x = input()\nif x not in ('a', 'b'):\n    raise ValueError\nsink(x)"
    other = "x = input()\nif x in ('a', 'b'):\n    pass\nsink(x)"
    part = "x = input()\nif x.get('kind') == 'a':\n    sink(x['name'])"
    caller = "def f(v):\n    sink(v)\nx = input()\nif x in ('a', 'b'):\n    f(x)"
    assert flow(checked, guard=allow_listed) is None
    assert flow(caller, guard=allow_listed) is None
    assert flow(other, guard=allow_listed) is not None
    assert flow(part, guard=allow_listed) is not None


def test_weak_origins_are_asked_for():
    """Local files and parameters nobody passes count only on demand."""
    local = "sink(open('a.txt').read())"
    parameter = "def f(v):\n    sink(v)"
    assert flow(local, origins={"local"}).origin == "local"
    assert flow(parameter, origins={"parameter"}).origin == "parameter"
    assert "parameter" not in OUTSIDE


def test_numbers_of_a_web_framework_are_marked():
    """An annotation that the framework enforces bars text."""
    text = "@app.get('/x')\ndef f(a: {}):\n    sink(a)"
    assert flow(text.format("int")).numeric
    assert not flow(text.format("str")).numeric
    assert flow("@app.get('/x')\ndef f(a: Session = Depends(g)):\n    sink(a)") is None


def test_whoever_names_a_file_chooses_its_content():
    """The flow of a file whose path is outside data starts at the path's source."""
    found = flow("import sys\nsink(open(sys.argv[1]).read())")
    assert found.origin == "argv"
    assert any("names the file" in hop.text for hop in found.hops)


def test_functions_of_other_files_are_followed(tmp_path: Path):
    """Imports, re-exports and callers across the files of a package are part of a flow."""
    package = tmp_path / "p"
    package.mkdir()
    (package / "__init__.py").write_text("from .reading import read\n")
    (package / "reading.py").write_text("def read(name):\n    return open(name).read()\n")
    (package / "use.py").write_text("def use(v):\n    sink(v)\n")
    (package / "main.py").write_text(
        "import sys\nfrom p import read\nfrom .use import use\nuse(read(sys.argv[1]))\n"
    )
    project = Project(list(walk([tmp_path], root=tmp_path)))
    module = project.module("p/use.py")
    (call,) = module.calls(".sink")
    found = module.flow(call.arg(0))
    assert found.origin == "argv"
    assert found.hops[0].place.file == "p/main.py"
    assert found.hops[-1].place.file == "p/use.py"
    assert project.asked


def test_recursion_and_size_are_bounded():
    """Functions that call each other and very long programs end."""
    loop = "def f(a):\n    return g(a)\ndef g(a):\n    return f(a)\nsink(f(input))"
    assert flow(loop) is None
    chain = "x0 = 1\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(2000)) + "sink(x2000)"
    assert flow(chain) is None
