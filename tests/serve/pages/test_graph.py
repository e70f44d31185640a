import re

from redqubit.serve.pages import graph


def test_every_technique_and_every_edge_is_drawn(site):
    """Techniques are links; a line joins each capability to every technique around it."""
    drawing = graph.draw(site.index)
    chain = site.chain
    assert set(re.findall(r'data-t="([^"]+)"', drawing)) == {item.id for item in chain.techniques}
    lines = re.findall(r'data-(from|to)="([^"]+)" data-c="([^"]+)"', drawing)
    granted = {("from", item.id, word) for item in chain.techniques for word in item.grants}
    needed = {("to", item.id, w) for item in chain.techniques for w in item.requires.words}
    assert set(lines) == granted | needed
    assert len(lines) == len(granted | needed)


def test_layers_follow_the_tactics(site):
    """A technique of a later tactic stands further right."""
    order = {item.id: item.order for item in site.chain.tactics}
    drawing = graph.draw(site.index)
    places = dict(re.findall(r'data-t="([^"]+)"><title>.*?<tspan x="([\d.]+)"', drawing))
    found = re.findall(r'<tspan x="([\d.]+)"', drawing)
    assert len(set(found)) == len(set(order.values()))
    if places:
        for item in site.chain.techniques:
            column = min(order[name] for name in item.tactics) - 1
            assert float(places[item.id]) == graph.COLUMN * column


def test_the_list_says_the_same(texts, site):
    """Without scripts every capability stands with who grants and who needs it."""
    page = texts["graph.html"]
    for item in site.chain.capabilities:
        if site.index.granted_by[item.id] or site.index.required_by[item.id]:
            assert f'data-word="{item.id}"' in page


def test_a_chain_without_edges_is_drawn(chain):
    """Nothing joins techniques that neither need nor grant anything."""
    from dataclasses import replace

    from redqubit.killchain.requirement import NOTHING
    from redqubit.serve.index import Index

    bare = tuple(replace(t, requires=NOTHING, grants=()) for t in chain.techniques[:3])
    drawing = graph.draw(Index(replace(chain, techniques=bare)))
    assert "<circle" not in drawing
    assert drawing.count("data-t=") == 3
