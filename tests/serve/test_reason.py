from redqubit.killchain.model import Requirement
from redqubit.serve.reason import facts, need


def test_a_requirement_keeps_its_shape():
    """Nested parts stay nested, and empty ones are left out."""
    inner = Requirement(all=("a", "b"))
    assert need(Requirement()) == {}
    assert need(Requirement(all=("c",), any=("d", inner))) == {
        "all": ["c"],
        "any": ["d", {"all": ["a", "b"]}],
    }


def test_every_object_is_there(chain):
    """The browser knows every technique, trait, actor and mitigation, and the name of each word."""
    found = facts(chain)
    for kind in ("techniques", "traits", "actors", "mitigations"):
        assert [item["id"] for item in found[kind]] == [item.id for item in getattr(chain, kind)]
    assert found["words"] == dict(chain.words)


def test_a_measurement_comes_before_what_was_published(chain):
    """A technique measured on the user's model carries its own distribution of success."""
    name = chain.executables[0].id
    found = {item["id"]: item for item in facts(chain, {name: (30, 40)})["techniques"]}
    assert found[name]["basis"] == "measured"
    assert found[name]["mean"] == (30 + 0.5) / 41
    assert list(found[name]["chance"]) == sorted(found[name]["chance"])
    assert abs(found[name]["chance"][40] - 0.75) < 0.05


def test_mitigations_block_and_weigh_what_their_edges_say(chain):
    """An edge counts for sub-techniques; what only detects blocks nothing and weighs less."""
    kinds = {item.id: item for item in chain.mitigations}
    for found in facts(chain)["mitigations"]:
        item = kinds[found["id"]]
        assert set(found["blocks"]["strong"]) <= set(found["blocks"]["partial"])
        assert set(found["blocks"]["partial"]) <= set(found["factors"])
        assert bool(found["blocks"]["partial"]) <= (item.kind == "prevent")
        edges = {edge.technique for edge in item.mitigates}
        wanted = {t.id for t in chain.techniques if {t.id, t.parent} & edges}
        assert set(found["factors"]) == wanted
