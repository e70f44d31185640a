"""Colors keep their contrast in every theme, in gray print and for color-blind readers."""

import itertools
import re

import numpy as np
import pytest

from redqubit.report.html import _style

INKS = ("ink", "soft", "accent", "control", "exact", "published")
# Full dichromacy, linear RGB. Source: Machado, Oliveira and Fernandes (2009), table 1.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def themes():
    """Return the variables of the light, dark and print blocks."""
    blocks = re.findall(r":root \{(.*?)\}", _style(), re.DOTALL)
    found = [dict(re.findall(r"--(\w+[\w-]*): (#[0-9a-f]{6})", block)) for block in blocks]
    return dict(zip(("light", "dark", "print"), found, strict=True))


THEMES = themes()


def linear(color):
    """Return linear RGB of a hexadecimal color."""
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(color):
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """Return CIELAB of linear sRGB under D65."""
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ np.clip(rgb, 0, 1)
    t = xyz / [0.9505, 1.0, 1.089]
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_a_contrast_of_at_least_4_5(theme):
    """Every ink on the ground, words on the tinted gap, and numbers on every tint are legible."""
    colors = THEMES[theme]
    pairs = [(name, "ground") for name in INKS] + [("exact", "gap")]
    pairs += [(f"on{i}", f"r{i}") for i in range(6)]
    low = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in pairs}
    assert min(low.values()) >= 4.5, low


@pytest.mark.parametrize("theme", THEMES)
def test_the_ramp_runs_one_way_in_gray(theme):
    """Without color, more success is still darker on light ground and lighter on dark ground."""
    values = [lab(linear(THEMES[theme][f"r{i}"]))[0] for i in range(6)]
    steps = np.diff(values) * (1 if theme == "dark" else -1)
    assert steps.min() > 5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
def test_lines_differ_for_every_eye(theme, blindness):
    """The four line colors stay apart under each kind of dichromacy."""
    matrix = np.array(BLINDNESS[blindness]) if blindness else np.eye(3)
    seen = {
        name: lab(matrix @ linear(THEMES[theme][name]))
        for name in ("ink", "control", "exact", "published")
    }
    for a, b in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 9, (a, b)


def test_every_theme_defines_the_same_colors():
    """Dark redefines all of light; print redefines all that prints."""
    assert set(THEMES["dark"]) == set(THEMES["light"]) == set(THEMES["print"])


def test_every_variable_is_defined_and_used():
    """No color is left over and none is missing."""
    used = set(re.findall(r"var\(--([\w-]+)\)", _style()))
    assert used == set(THEMES["light"])
