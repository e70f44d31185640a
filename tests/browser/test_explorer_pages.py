"""The explorer in a real browser: accessible, filtered by its address, whole without scripts."""

import itertools
import os
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from redqubit import killchain

DESK, PHONE = (1600, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])
# One of each kind; long lists are filtered, since every entry of a list is alike.
KINDS = (
    "index.html",
    "technique/QML.T0010.html",
    "mitigation/QML.M0001.html",
    "mitigations.html?q=training",
    "literature.html?year=2020",
    "cases.html?kind=executed",
    "case/QML.CS001.html",
    "claims.html?verdict=supported",
    "challenges.html",
    "vocabulary.html?kind=Actors",
    "search.html?q=crosstalk",
    "about.html",
    "404.html",
)
SHOWN = "cells => cells.filter(cell => cell.checkVisibility()).length"


@pytest.fixture(scope="session")
def folder(tmp_path_factory, browser, sample):
    """Return the folder of an exported site with one run."""
    pytest.importorskip("jinja2", reason="pip install 'redqubit[serve]'")
    from redqubit.serve.runs import Run
    from redqubit.serve.site import export

    path = tmp_path_factory.mktemp("explorer") / "site"
    export(killchain.load(), path, (Run("digits", tuple(sample.evidence())),))
    return path


@pytest.fixture
def visit(browser, folder):
    """Return a function that opens a page; a console message, an error or a dialog is a failure."""
    contexts, said = [], []

    def open_page(path="index.html", size=DESK, theme="light", root=None, **options):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.on("requestfailed", lambda request: said.append(failure(request)))
        page.goto(f"{root or folder.as_uri()}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in said if text] == []


def failure(request):
    """Return what failed, or nothing where the next page was asked for before this one ended."""
    return "" if "ERR_ABORTED" in request.failure else f"{request.url}: {request.failure}"


@THEMES
@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_no_violation(visit, path, theme):
    """All rules of axe-core hold on every kind of page; a theme changes colors, so those too."""
    from axe_playwright_python.sync_playwright import Axe

    page = visit(path, theme=theme, bypass_csp=True)  # axe brings scripts of its own
    options = {"resultTypes": ["violations"], "preload": False}
    if theme == "light":
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    else:
        options["runOnly"] = ["color-contrast"]
    found = Axe().run(page, options=options).response["violations"]
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found] == []


@pytest.mark.parametrize(
    "path", ["index.html", "technique/QML.T0010.html", "literature.html?year=2020"]
)
def test_axe_finds_no_violation_on_a_phone(visit, path):
    """The narrow layout keeps all rules."""
    from axe_playwright_python.sync_playwright import Axe

    found = (
        Axe()
        .run(
            visit(path, PHONE, bypass_csp=True),
            options={"resultTypes": ["violations"], "preload": False},
        )
        .response
    )
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []


@SIZES
def test_nothing_runs_over_the_edge(visit, size):
    """Every page is as wide as the screen, folded or not."""
    page = visit(size=size)
    root = page.url.removesuffix("/index.html")
    for path in KINDS:
        page.goto(f"{root}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") == size[0], path


def test_fourteen_columns_fit_the_desk(visit):
    """All tactics stand side by side on 1600 pixels, each with its heading in one frame."""
    boxes = (
        visit()
        .locator("#matrix > section")
        .evaluate_all(
            "all => all.map(s => [s.getBoundingClientRect(), s.querySelector('h2')])"
            ".map(([b, h]) => [b.left, b.right, h.scrollWidth - h.clientWidth])"
        )
    )
    assert len(boxes) == 14
    assert boxes[-1][1] <= DESK[0]
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(boxes))
    assert all(over <= 0 for _, _, over in boxes)


def test_the_first_view_is_fast(visit):
    """The matrix is painted and its filters work within half a second, told loosely."""
    page = visit()
    start = time.perf_counter()
    page.reload()
    assert page.locator("#filters").is_visible()
    assert time.perf_counter() - start < 3.0  # 0.2 s alone
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert paint < 1500


def test_filters_and_address_are_one(visit):
    """Choosing filters writes the address, the address restores them, and back undoes them."""
    page = visit()
    cells = page.locator("#matrix a")
    whole = cells.evaluate_all(SHOWN)
    page.locator("#filters [name=component]").select_option("C3")
    page.locator("#filters [name=hardware]").select_option("photonic")
    assert page.url.endswith("?component=C3&hardware=photonic")
    some = cells.evaluate_all(SHOWN)
    assert 0 < some < whole
    kept = {
        item.id
        for item in killchain.load().techniques
        if "C3" in item.components and {"photonic", "any"} & set(item.hardware)
    }
    assert page.locator("#filters output").text_content().split()[0] == str(len(kept))
    page.reload()
    assert page.locator("#filters [name=hardware]").input_value() == "photonic"
    assert cells.evaluate_all(SHOWN) == some
    page.go_back()
    assert page.url.endswith("?component=C3")
    assert page.locator("#filters [name=hardware]").input_value() == ""
    page.get_by_role("button", name="Reset").click()
    page.wait_for_url("**/index.html")
    assert cells.evaluate_all(SHOWN) == whole


def test_an_unknown_filter_changes_nothing(visit):
    """A wrong value in a shared address is no filter at all."""
    page = visit("index.html?component=C99&maturity=<b>&color=none&x=1")
    assert page.locator("#filters output").text_content() == ""


def test_typing_filters_by_text_without_steps(visit):
    """Text narrows the matrix as it is typed; the back button leaves the page, not a letter."""
    page = visit("about.html")
    page.get_by_role("link", name="Matrix").click()
    page.locator("#filters [name=q]").type("crosstalk")
    assert page.url.endswith("?q=crosstalk")
    names = page.locator("#matrix a").evaluate_all(
        "cells => cells.filter(c => c.checkVisibility()).map(c => c.textContent)"
    )
    assert any("Crosstalk" in name for name in names)
    page.go_back()
    assert page.url.endswith("about.html")


def test_every_filter_of_the_matrix_narrows_it(visit):
    """Each select shows part of the techniques for its second choice."""
    page = visit()
    whole = page.locator("#matrix a").evaluate_all(SHOWN)
    for name in ("component", "actor", "knowledge", "access", "hardware", "maturity", "since"):
        page.locator(f"#filters [name={name}]").select_option(index=2)
        assert page.locator("#matrix a").evaluate_all(SHOWN) < whole, name
        page.locator(f"#filters [name={name}]").select_option("")


@pytest.mark.parametrize("color", ["impact", "success"])
def test_cells_can_be_colored_otherwise(visit, color):
    """Impact shows three marks a cell, success a ramp where a run measured it."""
    page = visit()
    page.locator("#filters [name=color]").select_option(color)
    assert page.url.endswith(f"?color={color}")
    assert not page.locator(".scale").is_visible()
    if color == "impact":
        assert page.locator("#matrix > section a .goal").count() % 3 == 0
        assert page.locator(".impact-legend").is_visible()
    else:
        assert page.locator("#matrix a:is(.r0, .r1, .r2, .r3, .r4, .r5)").count() > 3
    page.locator("#filters [name=color]").select_option("")
    assert page.locator(".scale").is_visible()
    assert page.locator("#matrix .goal").count() == 0


def test_a_card_tells_more_on_hover_and_focus(visit):
    """The card names the technique and its summary, describes the link, and goes on Escape."""
    page = visit()
    item = killchain.load().by_id["QML.T0012"]
    cell = page.locator(f"#matrix a[href$='{item.id}.html']").first
    card = page.locator("#card")
    assert not card.is_visible()
    cell.hover()
    card.wait_for(state="visible")
    assert item.summary in card.text_content()
    assert "redqubit attack square" in card.text_content()
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= DESK[0]
    assert cell.get_attribute("aria-describedby") == "card"
    page.mouse.move(5, 5)
    card.wait_for(state="hidden")
    page.keyboard.press("Tab")
    cell.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert card.is_visible()
    page.keyboard.press("Escape")
    assert not card.is_visible()


def test_the_matrix_can_be_walked_by_keys(visit):
    """The skip link leads past the bar; arrows move in and between tactics; Enter opens."""
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    first = page.locator("#matrix > section a").first
    first.focus()
    where = "document.activeElement.closest('section').id"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(where) == "QML.TA01"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where) == "QML.TA02"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert first.evaluate("cell => cell === document.activeElement")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert first.evaluate("cell => cell === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/technique/*.html")


def test_on_a_phone_one_tactic_fills_the_screen(visit):
    """A tab brings its tactic, the others wait beside it; filters open as a sheet."""
    page = visit(size=PHONE)
    widths = page.locator("#matrix > section").evaluate_all("all => all.map(s => s.offsetWidth)")
    assert min(widths) > PHONE[0] - 48
    page.locator(".tabs a", has_text="Impact").click()
    impact = page.locator("[id='QML.TA14']")
    page.wait_for_selector(".tabs a[aria-current]:has-text('Impact')")
    page.wait_for_timeout(600)  # the end of a smooth scroll
    assert impact.evaluate("section => section.getBoundingClientRect().left") < 40
    assert impact.get_by_role("heading").first.is_visible()
    assert not page.locator("#filters").is_visible()
    page.get_by_role("button", name="Filter and color").click()
    page.locator("#filters [name=knowledge]").select_option("white")
    assert page.url.split("?")[1].startswith("knowledge=white")


def test_without_scripts_the_pages_are_whole(visit):
    """Matrix, technique and literature show all they have; what needs scripts is not there."""
    chain = killchain.load()
    page = visit(java_script_enabled=False)
    text = page.locator("#matrix").text_content()
    assert all(item.name in text for item in chain.techniques)
    assert page.locator("#matrix a:visible").count() > 100
    assert not page.locator(".scripted:visible").count()
    page.locator("#matrix a", has_text="Model extraction by a learned clone").first.click()
    item = chain.by_id["QML.T0020"]
    assert item.how in page.locator("main").inner_text()
    assert page.locator("svg.neighborhood").is_visible()
    page.get_by_role("link", name="Literature").click()
    text = " ".join(page.locator("main").text_content().split())
    assert all(record.claim.strip() in text for record in chain.evidence)
    page.locator("summary").first.click()
    assert page.locator(".drawn li").first.is_visible()


def test_without_scripts_the_menu_opens_on_a_phone(visit):
    """The bar is a popover that the browser itself opens."""
    page = visit(size=PHONE, java_script_enabled=False)
    assert not page.locator("#bar").is_visible()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Vocabulary").click()
    page.wait_for_url("**/vocabulary.html")


def test_the_chosen_theme_stays(visit):
    """The toggle turns the ground, and the next page keeps it."""
    ground = "getComputedStyle(document.body).backgroundColor"
    page = visit(theme="light")
    light = page.evaluate(ground)
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.get_by_role("link", name="About", exact=True).click()
    page.wait_for_url("**/about.html")
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate(ground) == light


def test_the_literature_sorts_and_filters(visit):
    """A column sorts up and down by its heading; year and text narrow; the address keeps it."""
    page = visit("literature.html")
    head = page.locator("th[data-sort=title]")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.url.endswith("?sort=title")
    titles = page.locator("tr[data-item] .what").all_text_contents()
    head.get_by_role("button").click()
    page.reload()
    assert page.locator("th[data-sort=title]").get_attribute("aria-sort") == "descending"
    assert sorted(titles) == sorted(page.locator("tr[data-item] .what").all_text_contents())
    assert page.locator("tr[data-item] .what").first.text_content() == titles[-1]
    page.locator("[name=year]").select_option("2020")
    years = {row.text_content() for row in page.locator("tr:not([hidden]) [data-key=year]").all()}
    assert years == {"2020"}


def test_a_link_to_a_record_opens_its_fold(visit):
    """Coming from a technique, the record is seen, not only its source."""
    page = visit("technique/QML.T0010.html")
    link = page.locator(".records a.id").first
    name = link.text_content()
    link.click()
    page.wait_for_url(f"**/literature.html#{name}")
    assert page.locator(f"[id='{name}']").is_visible()


def test_search_finds_and_ranks(visit):
    """A name comes before a mention, words are marked, the address keeps the query."""
    page = visit("index.html")
    page.keyboard.press("/")
    page.keyboard.type("label flipping")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=label*")
    first = page.locator("#results li").first
    assert "Label flipping" in first.text_content()
    assert first.locator("mark").count() >= 2
    assert not page.locator("#letters").is_visible()
    page.locator("main [name=q]").fill("QML.T0012")
    assert "QML.T0012" in page.locator("#results li").first.text_content()
    page.locator("main [name=q]").fill("no such thing [(*")
    assert page.locator("#results li").count() == 0
    page.locator("main [name=q]").fill("")
    assert page.locator("#letters").is_visible()


@pytest.mark.parametrize("path", ["index.html", "technique/QML.T0010.html"])
def test_paper_is_white_and_shows_no_navigation(visit, path):
    """Printed from the dark theme, a page is black on white, without bars and forms."""
    page = visit(path, theme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".top").is_visible()
    assert not page.locator("form").first.is_visible()


def test_motion_is_left_out_where_it_is_not_wanted(visit):
    """With reduced motion nothing scrolls smoothly."""
    page = visit(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_hostile_text_runs_nothing(visit, tmp_path):
    """Markup in names and summaries is text in cells, cards, results and tables alike."""
    from redqubit.serve.site import export

    chain = killchain.load()
    bad = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script>"
    techniques = tuple(
        replace(item, name=f"{item.name} {bad}", summary=bad, how=bad) for item in chain.techniques
    )
    export(replace(chain, techniques=techniques), tmp_path / "site")
    page = visit(root=(tmp_path / "site").as_uri())
    page.locator("#matrix a").first.hover()
    page.locator("#card").wait_for(state="visible")
    assert bad in page.locator("#card").text_content()
    page.goto(page.url.replace("index.html", "search.html?q=onerror"))
    assert page.locator("#results li").count() > 10
    page.goto(page.url.partition("search.html")[0] + "technique/QML.T0010.html")
    assert page.locator("img, main script").count() == 0
    assert bad in page.locator("h1").text_content()


def test_the_live_site_works_under_its_headers(visit):
    """Served on this machine, the same page filters and navigates under the strict policy."""
    uvicorn = pytest.importorskip("uvicorn")
    from redqubit.serve.app import app

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app(killchain.load()), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        page = visit("", root=f"http://127.0.0.1:{listener.getsockname()[1]}")
        page.locator("#filters [name=component]").select_option("C7")
        assert page.url.endswith("?component=C7")
        page.locator("#matrix a:visible").first.click()
        page.wait_for_url("**/technique/*.html")
        page.get_by_role("searchbox").fill("pulse")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=pulse")
        assert page.locator("#results li").count() > 0
        server.should_exit = True
        thread.join(10)


@SIZES
@THEMES
@pytest.mark.parametrize("path", ["index.html", "technique/QML.T0010.html", "literature.html"])
def test_a_picture_can_be_taken(visit, path, size, theme, tmp_path):
    """The page paints; with REDQUBIT_SCREENSHOTS set, the pictures are kept there."""
    folder = Path(os.environ.get("REDQUBIT_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"explorer-{Path(path).stem}-{size[0]}x{size[1]}-{theme}.png"
    visit(path, size, theme).screenshot(path=file)
    assert file.stat().st_size > 10_000
