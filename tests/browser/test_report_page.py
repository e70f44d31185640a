"""The report in a real browser: accessible, legible and whole on desk, phone and paper."""

import os
from pathlib import Path

import pytest

DESK, PHONE = (1600, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])

# Text that leaves its drawing, and labels of one drawing that overlap, by their real boxes.
CHART_FAULTS = """() => {
  const faults = [];
  for (const svg of document.querySelectorAll("svg.chart")) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    const boxes = [...svg.querySelectorAll("text.label")].map((t) => t.getBoundingClientRect());
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
          box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        faults.push(["outside", svg.querySelector("title").textContent, text.textContent]);
    }
    for (let i = 0; i < boxes.length; i++)
      for (let j = 0; j < i; j++) {
        const a = boxes[i], b = boxes[j];
        if (a.left < b.right - 1 && b.left < a.right - 1 &&
            a.top < b.bottom - 2 && b.top < a.bottom - 2)
          faults.push(["overlap", svg.querySelector("title").textContent]);
      }
  }
  return faults;
}"""


@pytest.fixture
def visit(browser, address):
    """Return a function that opens the report; a console message or a request is a failure."""
    pages, said = [], []

    def open_page(size=DESK, theme="light", at=address):
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: request.url != at and said.append(request.url))
        page.goto(at)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert said == []


@pytest.mark.parametrize(
    ("size", "theme", "unfolded", "rules"),
    [
        (DESK, "light", True, None),
        (PHONE, "light", False, None),
        (DESK, "dark", False, ["color-contrast"]),
        (PHONE, "dark", False, ["color-contrast"]),
    ],
    ids=["desk-light", "phone-light", "desk-dark", "phone-dark"],
)
def test_axe_finds_no_violation(visit, brief, size, theme, unfolded, rules):
    """All rules of axe-core hold on both screens; a theme changes colors, so those are checked."""
    from axe_playwright_python.sync_playwright import Axe

    page = visit(size, theme, brief)
    if unfolded:
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found] == []


@SIZES
def test_nothing_runs_over_the_edge(visit, size):
    """The page is as wide as the screen, folded or not."""
    page = visit(size)
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) == size[0]
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert page.evaluate(width) == size[0]


@SIZES
def test_labels_of_charts_stay_inside_and_apart(visit, size):
    """No text leaves its drawing and no two labels overlap, in the fonts of this machine."""
    assert visit(size).evaluate(CHART_FAULTS) == []


def test_the_style_applies_under_the_policy(visit):
    """From a file address the policy lets the style through: the font is not the default one."""
    page = visit()
    assert "serif" not in page.evaluate("getComputedStyle(document.body).fontFamily").split(", ")
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "sticky"


@THEMES
def test_each_theme_has_its_ground(visit, theme):
    """The ground is light in the light theme and dark in the dark one."""
    color = visit(theme=theme).evaluate("getComputedStyle(document.body).backgroundColor")
    red = int(color.removeprefix("rgb(").split(",")[0])
    assert (red > 200) == (theme == "light")


def test_paper_is_white_and_shows_no_navigation(visit):
    """Printed from the dark theme, the page is black on white, without bars and folds."""
    page = visit(theme="dark")
    page.emulate_media(media="print")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert not page.locator(".top nav").is_visible()
    assert not page.locator("details").first.is_visible()


def test_every_section_is_reached_by_its_link(visit):
    """Following a link of the bar brings its section below the bar, not under it."""
    page = visit()
    for link in page.locator(".top nav a").all():
        link.click()
        name = link.get_attribute("href")
        top = page.evaluate("(id) => document.querySelector(id).getBoundingClientRect().top", name)
        end = page.evaluate(
            "Math.ceil(scrollY) + innerHeight >= document.documentElement.scrollHeight - 1"
        )
        assert 0 <= top < 120 or end, name


def test_the_first_screen_holds_verdict_and_headline(visit):
    """Verdict and chart are seen without scrolling on a desk screen."""
    page = visit()
    for selector in ("h1", "#headline .chart"):
        box = page.locator(selector).first.bounding_box()
        assert box["y"] + box["height"] <= DESK[1]


@SIZES
@THEMES
def test_a_picture_can_be_taken(visit, size, theme, tmp_path):
    """The page paints; with REDQUBIT_SCREENSHOTS set, the pictures are kept there."""
    folder = Path(os.environ.get("REDQUBIT_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"report-{size[0]}x{size[1]}-{theme}.png"
    visit(size, theme).screenshot(path=file)
    assert file.stat().st_size > 20_000
