"""Graph, paths, threat model and assessments in a real browser, from files and served."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import yaml

from redqubit import killchain
from redqubit.core import record
from redqubit.killchain import likelihood, system
from redqubit.killchain.cut import minimal_cut
from redqubit.killchain.feasible import blocked_by, reachable
from redqubit.killchain.path import Goal, cheapest
from redqubit.killchain.system import Attacker
from redqubit.killchain.threat import threats

DESK, PHONE = (1600, 900), (390, 844)
GOALS = (
    ("results", "integrity", 2),
    ("results", "availability", 2),
    ("training-data", "confidentiality", 2),
    ("parameters", "confidentiality", 3),
    ("encoding-circuit", "integrity", 1),
    ("ansatz", "confidentiality", 2),
    ("reputation", "integrity", 2),
)
LEVELS = ("none", "low", "medium", "high")
SMALL = {
    "name": "moons",
    "seed": 3,
    "data": {"name": "moons", "samples": 120},
    "train": 40,
    "test": 40,
    "model": {
        "name": "qnn",
        "encoder": {"name": "angle", "n": 2},
        "ansatz": {"name": "strongly_entangling", "n": 2, "layers": 2},
        "epochs": 6,
    },
    "attacks": [{"name": "fast_gradient_sign", "radius": 1.0}, {"name": "label_flip"}],
    "defenses": ["prediction_rounding"],
}
SEARCH = """([actor, pipeline, goals]) => {
  const R = redqubit.reason, on = R.scene(actor, pipeline), all = R.reachable(on);
  return {
    feasible: all.feasible,
    verdicts: [...all.verdicts].map(([id, v]) =>
      [id, v.feasible, v.applies, v.reason, v.missing, v.obstacles]),
    goals: goals.map(([asset, protection, least]) => {
      const found = R.derive(on, {asset, protection, least}, 4);
      return [found.complete, found.exhausted, found.sets.map(({ids, cost}) =>
        [cost, ids, R.explain(on, ids).map((s) => [s.item.id, s.stage, s.sentence])])];
    }),
  };
}"""


@pytest.fixture(scope="session")
def chain():
    """Return the kill chain that ships with redqubit."""
    return killchain.load()


@pytest.fixture(scope="session")
def examples(chain):
    """Return the example pipelines by the stem of their file."""
    pytest.importorskip("jinja2", reason="pip install 'redqubit[serve]'")
    from redqubit.serve.pipelines import examples

    return {item.id: item.pipeline for item in examples(chain)}


@pytest.fixture(scope="session")
def assessed(tmp_path_factory):
    """Return the folder of a small assessment that redqubit ran."""
    folder = tmp_path_factory.mktemp("assessed")
    (folder / "small.yaml").write_text(yaml.safe_dump(SMALL))
    command = [sys.executable, "-m", "redqubit", "assess", "small.yaml", "-o", "runs/moons"]
    subprocess.run(
        [*command, "--workers", "1"],
        cwd=folder,
        check=False,
        capture_output=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert (folder / "runs" / "moons" / "evidence.jsonl").stat().st_size
    return folder / "runs"


@pytest.fixture(scope="session")
def root(tmp_path_factory, browser, chain, examples, assessed):
    """Return the file address of an exported site with one run."""
    from redqubit.serve.runs import read
    from redqubit.serve.site import export

    path = tmp_path_factory.mktemp("reasoning") / "site"
    export(chain, path, read(assessed))
    return path.as_uri()


@pytest.fixture
def visit(browser, root):
    """Return a function that opens a page; a console message, an error or a dialog is a failure."""
    contexts, said = [], []

    def open_page(path, size=DESK, theme="light", base=root, **options):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.goto(f"{base}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in said if "400 (Bad Request)" not in text] == []  # a refused file


def minds(chain, pipeline):
    """Return the attackers of a pipeline, and every other actor with gray-box knowledge."""
    listed = {mind.actor for mind in pipeline.actors}
    others = [Attacker(a.id, "gray", skill="medium") for a in chain.actors if a.id not in listed]
    return [*pipeline.actors, *others]


def test_the_browser_finds_what_the_command_line_finds(visit, chain, examples):
    """Same verdicts, same paths, same order, same sentences on every example and attacker."""
    page = visit("paths.html")
    order = {item.id: place for place, item in enumerate(chain.tactics)}
    for pipeline in examples.values():
        plain = record.to_json(pipeline)
        for mind in minds(chain, pipeline):
            found = page.evaluate(SEARCH, [record.to_json(mind), plain, list(map(list, GOALS))])
            reach = reachable(mind, pipeline, chain)
            assert found["feasible"] == list(reach.feasible)
            assert found["verdicts"] == [
                [i, v.feasible, v.applies, v.reason, list(v.missing), list(v.obstacles)]
                for i, v in reach.verdicts.items()
            ]
            for (asset, protection, least), there in zip(GOALS, found["goals"], strict=True):
                goal = Goal(asset, protection, LEVELS[least])
                answer = cheapest(mind, pipeline, goal, chain, 4)
                here = [
                    [
                        round(path.effort * 1000),
                        sorted(path.techniques),
                        [[s.technique, order[s.tactic], s.sentence] for s in path.steps],
                    ]
                    for path in answer.paths
                ]
                assert there == [True, answer.exhausted, here]


def test_blocked_techniques_are_gone_in_the_browser_too(visit, chain, examples):
    """Mitigations block the same techniques at both strengths."""
    page = visit("paths.html")
    ids = [item.id for item in chain.mitigations]
    for least in ("strong", "partial"):
        there = page.evaluate(
            "([ids, least]) => [...redqubit.reason.blockedBy(ids, least)].sort()", [ids, least]
        )
        assert there == sorted(blocked_by(ids, chain, least))


def test_the_suggested_cut_is_as_small_as_the_proven_one(visit, chain, examples):
    """The browser cuts every path with as few mitigations as the integer program."""
    page = visit("paths.html")
    whole = 0
    for pipeline in examples.values():
        offered = [
            item.id
            for item in chain.mitigations
            if item.kind == "prevent" and item.id not in pipeline.mitigations
        ]
        for mind in pipeline.actors:
            there = page.evaluate(
                "([mind, on, offered]) => redqubit.reason.cut(mind, on, {asset: 'results', "
                "protection: 'integrity', least: 3}, offered, 'partial')",
                [record.to_json(mind), record.to_json(pipeline), offered],
            )
            goal = Goal("results", "integrity", "high")
            here = minimal_cut([mind], pipeline, goal, chain, least="partial")
            assert here.complete == (there["open"] is None)
            if here.complete:
                whole += bool(here.mitigations)
                assert len(there["chosen"]) == len(here.mitigations)
    assert whole


def test_likelihoods_agree_within_their_noise(visit, chain, examples, assessed):
    """Means and middle 95 % are those of the simulation, own measurements first."""
    from redqubit.serve.runs import read

    page = visit("paths.html")
    own = likelihood.measured(item for run in read(assessed) for item in run.evidence)
    for pipeline in examples.values():
        paths = cheapest(pipeline.actors[0], pipeline, Goal("results", "integrity"), chain, 3).paths
        if not paths:
            continue
        here = likelihood.simulate(paths, chain, pipeline, measured=own)
        for path, span in zip(paths, here.paths, strict=True):
            there = page.evaluate(
                "([ids, placed]) => redqubit.reason.likely(ids, placed)",
                [sorted(path.techniques), list(pipeline.mitigations)],
            )
            assert there["mean"] == pytest.approx(span.mean, abs=0.01)
            assert there["low"] == pytest.approx(span.low, abs=0.04)
            assert there["high"] == pytest.approx(span.high, abs=0.04)


def test_a_path_is_highlighted(visit):
    """The path of the address stands in ink in the whole graph, everything else is a whisper."""
    page = visit("graph.html?path=QML.T0200,QML.T0201")
    assert "2 steps" in page.locator("#told").text_content()
    names = page.locator("#whole a.self").evaluate_all("all => all.map(a => a.dataset.t)")
    assert sorted(names) == ["QML.T0200", "QML.T0201"]
    lines = page.locator("#whole path.ink").evaluate_all("all => all.map(p => ({...p.dataset}))")
    assert {line["c"] for line in lines} == {"power-traces"}
    assert {line.get("from") or line.get("to") for line in lines} == set(names)


def test_the_neighborhood_follows_the_address_and_the_keyboard(visit, chain):
    """A technique's neighbors surround it; choosing one moves the center, back returns."""
    page = visit("graph.html?technique=QML.T0200&depth=1")
    center = page.locator("#near a.self")
    assert center.get_attribute("data-node") == "QML.T0200"
    after = {t.id for t in chain.techniques if "power-traces" in t.requires.words}
    drawn = page.locator("#near a.row").evaluate_all("all => all.map(a => a.dataset.node)")
    assert after <= set(drawn)
    center.focus()
    page.keyboard.press("ArrowRight")
    chosen = page.evaluate("document.activeElement.dataset.node")
    assert chosen in after
    page.keyboard.press("Enter")
    assert center.get_attribute("data-node") == chosen
    assert f"technique={chosen}" in page.url
    page.go_back()
    assert center.get_attribute("data-node") == "QML.T0200"
    page.locator("[name=depth]").select_option("2")
    assert page.locator("#near a.row").count() > len(drawn)
    page.locator("[name=depth]").select_option("all")
    assert page.locator("#whole").is_visible()
    assert not page.locator("#near").is_visible()
    assert page.locator("#whole a.self").count() == 1


def test_paths_follow_the_address_and_back(visit, chain, examples):
    """Choices write the address, the address restores them, back undoes them."""
    page = visit("paths.html?pipeline=hybrid_cloud_qnn&actor=api-client&asset=results")
    told = page.locator("#told").text_content()
    rows = page.locator("#paths details")
    wanted = cheapest(
        next(a for a in examples["hybrid_cloud_qnn"].actors if a.actor == "api-client"),
        examples["hybrid_cloud_qnn"],
        Goal("results", "integrity"),
        chain,
        5,
    ).paths
    sets = rows.evaluate_all("all => all.map(d => d.dataset.path.split(','))")
    assert sets == [sorted(path.techniques) for path in wanted]
    assert page.locator("#paths details[open] .sentences li").count() == len(wanted[0].steps)
    sentence = wanted[0].steps[0].sentence
    assert sentence in page.locator("#paths details[open]").text_content()
    page.locator("[name=protection]").select_option("confidentiality")
    page.wait_for_url(lambda url: "protection=confidentiality" in url)
    assert page.locator("#told").text_content() != told
    page.go_back()
    assert page.locator("#told").text_content() == told
    page.reload()
    assert page.locator("[name=pipeline]").input_value() == "hybrid_cloud_qnn"
    assert page.locator("#told").text_content() == told
    rows.nth(1).locator("summary").click()
    page.wait_for_url(lambda url: "show=" in url)
    rows.nth(1).locator("svg.layers a").first.wait_for()
    assert rows.nth(1).locator("svg.layers a").count() == len(wanted[1].steps)


def test_mitigations_make_paths_disappear(visit):
    """A chosen mitigation strikes the paths it cuts, and the address keeps it."""
    page = visit("paths.html?pipeline=hybrid_cloud_qnn&actor=api-client&protection=integrity")
    before = page.locator("#paths details").evaluate_all("all => all.map(d => d.dataset.path)")
    box = page.locator("#toggles input").first
    name, effect = box.input_value(), page.locator("#toggles .soft").first.text_content()
    cuts = int(effect.split()[1])
    assert cuts
    box.focus()
    page.keyboard.press("Space")
    assert f"with={name}" in page.url
    assert page.locator("#paths .gone").count() == cuts
    left = page.locator("#paths details").evaluate_all("all => all.map(d => d.dataset.path)")
    assert len(set(before) & set(left)) == len(before) - cuts
    assert page.evaluate("document.activeElement.value") == name
    page.reload()
    assert page.locator("#paths .gone").count() == cuts
    assert page.locator("#toggles input:checked").count() == 1
    page.locator("#strength").select_option("partial")
    assert "with=partial" in page.url
    assert page.locator("#toggles li").count() > 1
    page.go_back()
    page.go_back()
    assert page.locator("#paths .gone").count() == 0


def test_the_smallest_cut_can_be_put_in_place(visit):
    """The suggestion is applied by a button, and nothing is left."""
    page = visit("paths.html?pipeline=qsvm_finance&asset=results&protection=integrity&with=partial")
    for actor in page.locator("[name=actor] option").evaluate_all("all => all.map(o => o.value)"):
        page.locator("[name=actor]").select_option(actor)
        button = page.locator("#suggest button")
        page.wait_for_timeout(120)
        if button.count():
            button.click()
            assert page.locator("#paths details").count() == 0
            assert "every path" in page.locator("#told").text_content()
            return
    pytest.fail("no attacker of the example can be cut off")


def open_form(page):
    """Unfold every part of the form."""
    page.evaluate("document.querySelectorAll('#pipeline details').forEach((d) => (d.open = true))")


def test_tenancy_brings_the_techniques_of_co_tenants(visit, chain):
    """When the chip is shared at the same time, what co-tenants do becomes possible."""
    page = visit("threat-model.html")
    open_form(page)
    page.locator("#start").select_option("hybrid_cloud_qnn")
    page.locator("[name='actors.co-tenant']").check()
    page.locator("[name='provider.tenancy']").select_option("dedicated")
    shown = "all => all.map(row => row.dataset.id)"
    before = set(page.locator("#findings tr").evaluate_all(shown))
    page.locator("[name='provider.tenancy']").select_option("multi-tenant")
    after = set(page.locator("#findings tr").evaluate_all(shown))
    new = after - before
    assert new
    needing = {t.id for t in chain.techniques if "multi-tenant" in t.applies.words}
    assert new & needing
    assert not before & needing
    page.locator("#view [name=show]").select_option("missing")
    assert "show=missing" in page.url
    missing = set(page.locator("#findings tr").evaluate_all(shown))
    assert missing == {t.id for t in chain.techniques} - after
    assert "lacks" in page.locator("#findings").text_content()
    page.reload()
    assert page.locator("[name='provider.tenancy']").input_value() == "multi-tenant"


def test_severities_follow_the_rule_of_the_command_line(visit, chain, examples):
    """The worst severity of each technique is that of the findings of redqubit threat."""
    from redqubit.serve.page import Site
    from redqubit.serve.site import entries

    site = Site(chain)  # without runs, as the command line without measurements
    script = next(page for page in entries(site) if page.path == "data/reason.js").render()
    page = visit("threat-model.html")
    order = ["critical", "high", "medium", "low"]
    name = "multi_tenant_public_cloud"
    worst = {}
    for threat in threats(examples[name], chain):
        known = worst.get(threat.technique, "low")
        worst[threat.technique] = min(known, threat.severity, key=order.index)
    values = json.loads(script[script.index('= {"') + 2 :].rstrip().rstrip(";"))
    page.evaluate(
        "values => { for (const item of values) { const own = redqubit.reason.techniques."
        "get(item.id); own.mean = item.mean; } }",
        values["techniques"],
    )
    page.locator("#start").select_option(name)
    rows = page.locator("#findings tr").evaluate_all(
        "all => all.map(r => [r.dataset.id, r.querySelector('td').textContent])"
    )
    found = {identifier: word for identifier, word in rows if word != "step"}
    assert found == worst


def test_a_pipeline_leaves_and_comes_back(visit, chain, examples, tmp_path):
    """Exports are read by the command line as they are, and an exported JSON can be imported."""
    page = visit("threat-model.html")
    page.locator("#start").select_option("federated_qnn")
    saved = {}
    for kind in ("json", "yaml"):
        with page.expect_download() as download:
            page.locator(f"[data-export={kind}]").click()
        saved[kind] = tmp_path / f"pipeline.{kind}"
        download.value.save_as(saved[kind])
        found, wanted = system.read(saved[kind], chain), examples["federated_qnn"]
        assert sorted(found.actors, key=str) == sorted(wanted.actors, key=str)
        for part in ("name", "components", "model", "data", "provider", "service", "dependencies"):
            assert getattr(found, part) == getattr(wanted, part)
        assert sorted(found.mitigations) == sorted(wanted.mitigations)
    page.locator("#start").select_option("qgan")
    page.locator("#import").set_input_files(saved["json"])
    page.get_by_text("Imported pipeline.json").wait_for()
    assert page.locator("[name=name]").input_value() == examples["federated_qnn"].name
    page.locator("#import").set_input_files(saved["yaml"])
    page.get_by_text("Reading YAML takes").wait_for()


BROKEN = (
    "{",
    "[]",
    "null",
    '{"name": "x"}',
    '{"name": "x", "components": {"C99": {"party": "user"}}}',
    '{"name": "x", "components": {}, "model": {"family": "odd"}}',
    '{"name": "x", "components": {}, "model": {"qubits": "four"}}',
    '{"name": "x", "components": {}, "actors": [{"actor": "nobody"}]}',
    '{"name": "x", "components": {}, "actors": 3}',
    '{"name": "x", "components": {}, "mitigations": ["QML.M9999"]}',
    '{"name": "x", "components": {}, "odd": {"__proto__": 1}}',
)


def test_what_is_no_pipeline_changes_nothing(visit, tmp_path):
    """A file with a mistake is refused in a sentence, and the form stays as it was."""
    page = visit("threat-model.html")
    page.locator("#start").select_option("qgan")
    before = page.evaluate("localStorage.getItem('pipeline')")
    for text in BROKEN:
        (tmp_path / "it.json").write_text(text)
        page.evaluate("document.getElementById('said').textContent = ''")
        page.locator("#import").set_input_files(tmp_path / "it.json")
        page.get_by_text("Not imported").wait_for()
        assert page.evaluate("localStorage.getItem('pipeline')") == before, text


def test_hostile_text_of_a_pipeline_is_only_text(visit, tmp_path):
    """Markup in a name runs nowhere, neither in the form nor on the page of paths."""
    bad = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page = visit("threat-model.html")
    page.locator("#start").select_option("qgan")
    page.locator("[name=name]").fill(bad)
    assert bad in page.locator("#told").text_content()
    page.goto(page.url.replace("threat-model", "paths") + "?pipeline=kept")
    assert bad in page.locator("[name=pipeline] option:checked").text_content()
    assert page.locator("main img, main script").count() == 0


def test_an_assessment_shows_success_and_every_record(visit, chain, assessed):
    """The page of a real run tells its verdict, success with intervals, and each record."""
    lines = (assessed / "moons" / "evidence.jsonl").read_text().splitlines()
    page = visit("assessments.html")
    assert "this model" in page.locator("h2").first.text_content()
    assert page.locator(".forest .track.attack .bar").count() == 2
    page.locator(".run h2 a").click()
    assert page.locator(".record").count() == len({json.loads(line)["id"] for line in lines})
    assert page.locator(".track.control .bar").count()
    page.locator(".record summary").nth(1).click()
    assert page.locator(".record[open] table").count() == 1
    page.goto(page.url.rpartition("assessments/")[0] + "technique/QML.T0010.001.html")
    page.locator("#own a").first.click()
    assert "assessments/moons.html#" in page.url
    page.locator(".record:target").wait_for(state="attached")
    assert page.locator(".record:target").count() == 1


def test_the_matrix_is_colored_by_success_and_by_feasibility(visit, chain, examples):
    """Measured techniques carry their success; what an attacker can run is marked."""
    page = visit("index.html?color=success")
    assert page.locator("#matrix a[class^=r]").count()
    page.locator("[name=color]").select_option("feasibility")
    page.locator("#filters [name=pipeline]").select_option("qgan")
    page.locator("#filters [name=attacker]").select_option("co-tenant")
    page.wait_for_function(
        "window.redqubit.reason && document.querySelector('#matrix .f1, #matrix .f2')"
    )
    listed = {mind.actor: mind for mind in examples["qgan"].actors}
    mind = listed.get("co-tenant", Attacker("co-tenant"))
    wanted = set(reachable(mind, examples["qgan"], chain).feasible)
    found = page.locator("#matrix a.f1, #matrix a.f2").evaluate_all(
        "all => all.map(a => a.pathname.match(/([^/]+)\\.html$/)[1])"
    )
    assert set(found) == wanted
    assert "attacker=co-tenant" in page.url


@pytest.fixture
def served(chain, assessed, tmp_path):
    """Return the address of a running explorer whose folder holds a pipeline and a run."""
    import shutil

    import uvicorn

    from redqubit.serve.app import app

    shutil.copytree(assessed, tmp_path / "runs")
    plain = {"name": "Mine alone", "components": {"C14": {"party": "user"}}}
    (tmp_path / "runs" / "pipeline.yaml").write_text(yaml.safe_dump(plain))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app(chain, tmp_path / "runs"), port=port, log_level="critical", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


def test_served_pages_read_yaml_and_the_pipelines_of_the_folder(visit, served, tmp_path):
    """The explorer offers the folder's pipelines, and reads YAML that a file address cannot."""
    page = visit("paths.html", base=served)
    assert "Mine alone" in page.locator("[name=pipeline]").text_content()
    page = visit("threat-model.html", base=served)
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("name: From YAML\ncomponents: {C1: {party: user}}\n")
    bad.write_text("name: Bad\ncomponents: {C99: {party: user}}\n")
    page.locator("#import").set_input_files(good)
    page.get_by_text("Imported good.yaml").wait_for()
    assert page.locator("[name=name]").input_value() == "From YAML"
    with page.expect_response("**/api/pipeline"):
        page.locator("#import").set_input_files(bad)
    page.get_by_text("C99").wait_for()
    assert page.locator("[name=name]").input_value() == "From YAML"


def test_pages_read_without_scripts(visit):
    """Graph, paths, threat model and assessments say what they hold without scripts."""
    page = visit("graph.html", java_script_enabled=False)
    assert page.locator("#whole svg a").count() > 100
    assert page.locator("#list dt").count() > 50
    page = visit("paths.html", java_script_enabled=False)
    assert page.locator(".sentences li").count() > 10
    page = visit("threat-model.html", java_script_enabled=False)
    assert page.locator(".alternative table").count() == 12
    assert not page.locator("#pipeline").is_visible()
    page = visit("assessments.html", java_script_enabled=False)
    assert page.locator(".track").count()


PAGES = (
    "graph.html?technique=QML.T0200&depth=2",
    "graph.html?depth=all",
    "assessments.html",
    "paths.html",
    "threat-model.html?show=missing&q=pulse",
    "threat-model.html?q=pulse",
    "assessments/moons.html",
)


@pytest.mark.parametrize(
    ("size", "theme"),
    [(DESK, "light"), (PHONE, "light"), (DESK, "dark")],
    ids=["desk", "phone", "dark"],
)
def test_axe_finds_no_violation(visit, size, theme):
    """All rules of axe-core hold on every page, and nothing runs over the edge."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"], "preload": False}
    if theme == "dark":
        options["runOnly"] = ["color-contrast"]
    page = visit(PAGES[0], size, theme, bypass_csp=True)
    base = page.url.rpartition("/")[0]
    for path in PAGES if (size, theme) == (DESK, "light") else PAGES[1::2]:
        page.goto(f"{base}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        page.wait_for_timeout(60)  # the suggestion comes a moment later
        assert page.evaluate("document.documentElement.scrollWidth") == size[0], path
        found = Axe().run(page, options=options).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], path


def test_pictures_for_the_docs(visit):
    """With REDQUBIT_SCREENSHOTS set to a folder, every page is written there in both themes."""
    folder = os.environ.get("REDQUBIT_SCREENSHOTS")
    if not folder:
        pytest.skip("set REDQUBIT_SCREENSHOTS to a folder to write pictures")
    Path(folder).mkdir(parents=True, exist_ok=True)
    for path in PAGES:
        for size, theme in ((DESK, "light"), (DESK, "dark"), (PHONE, "light")):
            page = visit(path, size, theme)
            name = path.partition("?")[0].replace("/", "-").removesuffix(".html")
            page.screenshot(path=Path(folder) / f"{name}-{theme}-{size[0]}.png")
