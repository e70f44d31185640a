"""Settings from pyproject.toml: every mistake is named."""

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.static import config, engine

IDS = ["DES-01", "DES-02", "SEC-01"]


def test_settings_are_read(tmp_path):
    """The table's keys become settings; a file without the table gives the defaults."""
    path = tmp_path / "pyproject.toml"
    path.write_text(
        '[tool.redqubit.scan]\nselect = ["DES"]\nignore = ["DES-02"]\nexclude = ["docs/"]\n'
        'fail-on = "medium"\nper-file = { "tests/*" = ["DES-01"] }\nallow = ["sklearn.svm"]\n'
    )
    read = config.read(path)
    assert read.select == ("DES",)
    assert read.fail_on == "medium"
    assert read.allow == ("sklearn.svm",)
    assert read.per_file == {"tests/*": ("DES-01",)}
    path.write_text("[project]\nname = 'a'\n")
    assert config.read(path) == config.Settings()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"selekt": []}, "did you mean 'select'"),
        ({"fail-on": "hihg"}, "did you mean 'high'"),
        ({"select": "DES"}, "list of texts"),
        ({"per-file": []}, "map a file pattern"),
        ([], "must be a table"),
    ],
)
def test_mistakes_name_the_near_miss(table, message):
    """A key that is not known is an error, never ignored."""
    with pytest.raises(InputError, match=message):
        config.settings(table, "here")


def test_broken_toml_is_an_input_error(tmp_path):
    """The file is named."""
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool")
    with pytest.raises(InputError, match="TOML"):
        config.read(path)


def test_rules_are_chosen_by_id_or_letters():
    """Ignoring wins over selecting; an unknown name is an error."""
    assert config.chosen([], [], IDS) == set(IDS)
    assert config.chosen(["des"], ["DES-02"], IDS) == {"DES-01"}
    with pytest.raises(InputError, match="DES-01"):
        config.chosen(["DES-10"], [], IDS)


def test_a_file_can_be_spared_a_rule(tmp_path):
    """Patterns of per-file apply to the path from the root."""
    (tmp_path / "old").mkdir()
    for name in ("old/a.py", "b.py"):
        (tmp_path / name).write_text("import torch\ntorch.load(p, weights_only=False)\n")
    settings = config.Settings(per_file={"old/*": ("DES-02",)})
    found = engine.scan([tmp_path], select=["DES-02"], config=settings, root=tmp_path).findings
    assert [item.place.file for item in found] == ["b.py"]
