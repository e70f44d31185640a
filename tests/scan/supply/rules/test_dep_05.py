"""Code that runs at install or import."""

import pytest

BAD_SETUP = [
    "import urllib.request\nexec(urllib.request.urlopen('https://example.org').read())",
    "import base64\nexec(base64.b64decode('cGFzcw=='))",
    "from base64 import b64decode as d\ncode = d('cGFzcw==')\nexec(compile(code, 'x', 'exec'))",
    "import marshal, zlib\nexec(marshal.loads(zlib.decompress(b'')))",
]
QUIET_SETUP = [
    "exec(open('version.py').read())",
    "from pathlib import Path\ntext = Path('v.py').read_text()\nexec(text)",
    "import subprocess as s\ns.run(['git', 'describe'])\ns.check_output('cmake --version')",
    "from setuptools import setup\nsetup(name='x')",
    "if __name__ == '__main__':\n    import os\n    os.system('ls')",
]


def _found(project, name, text):
    return [(f.rule, f.severity) for f in project({name: text}).findings]


@pytest.mark.parametrize("text", BAD_SETUP)
def test_decoded_code_in_setup(project, text):
    """Executing fetched or decoded text while installing is critical."""
    assert ("DEP-05", "critical") in _found(project, "setup.py", text)


@pytest.mark.parametrize("text", QUIET_SETUP)
def test_usual_setup(project, text):
    """Reading a version, asking Git or a compiler, and programs' own part are silent."""
    assert _found(project, "setup.py", text) == []


def test_programs_in_setup_commands(project):
    """A command class that starts another program is reported, though only low."""
    text = "import os\nclass Install:\n    def run(self):\n        os.system('curl x | sh')\n"
    assert _found(project, "setup.py", text) == [("DEP-05", "low")]


@pytest.mark.parametrize(
    "text",
    [
        "import requests\nDATA = requests.get('https://example.org').json()",
        "import subprocess as s\ns.run(['nvidia-smi'])",
        "import os\nclass A:\n    x = os.popen('id').read()",
        "from os import system\ndef boot():\n    system('id')\nboot()",
        "import socket\nif True:\n    socket.create_connection(('example.org', 80))",
    ],
)
def test_import_time(project, text):
    """Network and programs on import are medium."""
    assert _found(project, "pkg/__init__.py", text) == [("DEP-05", "medium")]


@pytest.mark.parametrize(
    "text",
    [
        "import requests\ndef load():\n    return requests.get('https://example.org')",
        "import subprocess\nrun = lambda: subprocess.run(['ls'])",
        "import os\nHOME = os.path.expanduser('~')",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os\n    os.system('x')",
    ],
)
def test_functions_are_silent(project, text):
    """What only runs when a user calls it is silent."""
    assert _found(project, "pkg/__init__.py", text) == []


def test_path_files(project):
    """A path file with a line of code is high; one with folders, or a PyTorch file, is silent."""
    assert _found(project, "a.pth", "/opt/x\nimport os; os.system('id')\n") == [("DEP-05", "high")]
    assert _found(project, "a.pth", "/opt/x\n../lib\n") == []


def test_broken_python_is_skipped(project):
    """A setup.py that is no Python is named and skipped."""
    result = project({"setup.py": "def ("})
    assert result.findings == ()
    assert [item.file for item in result.skipped] == ["setup.py"]
