"""Figures of a report as SVG within the page: in its colours by day, by night and on paper.

matplotlib draws with stand-ins for the page's colours, which are exchanged for its CSS variables.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

INK, SOFT, LINE, CARD = "#010101", "#010102", "#010103", "#010104"
FULL, PART, NONE, REST, MARK = "#010105", "#010106", "#010107", "#010108", "#010109"
COLOURS = {
    INK: "--ink",
    SOFT: "--soft",
    LINE: "--line",
    CARD: "--card",
    FULL: "--figure-full",
    PART: "--figure-part",
    NONE: "--figure-none",
    REST: "--figure-rest",
    MARK: "--open",
}
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "autograder",
    "text.parse_math": False,
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
WIDTH, ROW = 4.4, 0.25
"""Inches of a figure's width, and of the height of a row."""


@dataclass(frozen=True)
class Picture:
    """A figure, and what is seen on it in words."""

    svg: Markup
    says: str


def bars(
    name: str,
    heights: Sequence[int],
    edges: Sequence[float],
    *,
    middle: float | None,
    label: str,
    says: str,
) -> Picture:
    """A histogram: students between two edges each; ``middle`` is marked with a line."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 2.1))
        axes = figure.add_subplot()
        widths = [high - low for low, high in itertools.pairwise(edges)]
        axes.bar(edges[:-1], heights, widths, align="edge", color=FULL, edgecolor=CARD, linewidth=1)
        if middle is not None:
            axes.axvline(middle, color=MARK, linewidth=1.5, linestyle=(0, (4, 2)))
        axes.set_xticks(edges)
        axes.set_xlim(edges[0], edges[-1])
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(label)
        axes.set_ylabel("students")
        return _picture(name, figure, says)


def shares(name: str, rows: Mapping[str, Sequence[int]], parts: Sequence[str], *, says: str) -> Picture:
    """One bar per row, cut into ``parts`` that add up to everybody."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH - 1.2, ROW * len(rows)))
        axes = figure.add_axes((0, 0, 1, 1))
        labels = list(rows)
        left = [0.0] * len(rows)
        for number, part in enumerate(parts):
            together = [sum(rows[label]) or 1 for label in labels]
            widths = [100 * rows[row][number] / whole for row, whole in zip(labels, together, strict=True)]
            colour = (FULL, PART, NONE, REST)[number]
            axes.barh(labels, widths, 0.7, left, color=colour, edgecolor=CARD, linewidth=1, label=part)
            left = [start + width for start, width in zip(left, widths, strict=True)]
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel("% of students")
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        _legend(axes, len(parts))
        return _picture(name, figure, says)


def ranges(name: str, rows: Mapping[str, tuple[float, float, float]], *, says: str) -> Picture:
    """One bar per row from the lower to the upper quartile of a share, cut at the middle."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH - 1.2, ROW * len(rows)))
        axes = figure.add_axes((0, 0, 1, 1))
        labels = list(rows)
        low, middle, high = ([100 * rows[label][part] for label in labels] for part in range(3))
        for start, end, colour in ((low, middle, PART), (middle, high, FULL)):
            width = [after - before for before, after in zip(start, end, strict=True)]
            axes.barh(labels, width, 0.6, start, color=colour, edgecolor=CARD, linewidth=1)
        axes.scatter(middle, labels, s=90, c=INK, marker="|", zorder=3)
        axes.invert_yaxis()
        axes.set_xlim(0, 101)
        axes.set_xlabel("% of the points")
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        return _picture(name, figure, says)


def scatter(
    name: str,
    usual: Sequence[tuple[float, float]],
    marked: Sequence[tuple[float, float]],
    *,
    bar: float,
    says: str,
) -> Picture:
    """Difficulty against discrimination, one point per check; those in ``marked`` are triangles."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 2.6))
        axes = figure.add_subplot()
        axes.axhline(0, color=LINE, linewidth=1)
        axes.axhline(bar, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
        for points, shape, colour, label in (
            (usual, "o", FULL, "a check"),
            (marked, "^", MARK, "a check with a flag"),
        ):
            if not points:
                continue
            axes.scatter(
                [x for x, _ in points],
                [y for _, y in points],
                s=34,
                c=colour,
                marker=shape,
                label=label,
                zorder=3,
                edgecolors=CARD,
                linewidths=0.8,
            )
        axes.set_xlim(-0.03, 1.03)
        lowest = min([y for _, y in (*usual, *marked)], default=0.0)
        axes.set_ylim(min(-0.1, lowest - 0.08), 1.0)
        axes.set_xlabel("difficulty: the share that passes (right: easy)")
        axes.set_ylabel("discrimination")
        _legend(axes, 2)
        return _picture(name, figure, says)


def _legend(axes: Axes, columns: int) -> None:
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        frameon=False,
        handlelength=1,
        columnspacing=1.2,
    )


def _picture(name: str, figure: Figure, says: str) -> Picture:
    """The figure as SVG for a page that may hold others: its ids begin with ``name``, its colours are the
    page's, its font is the text's."""
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<(metadata|style)\b.*?</\1>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    for stand_in, variable in COLOURS.items():
        svg = svg.replace(stand_in, f"var({variable})")
    svg = re.sub(r'font-family: [^;"]*', "font-family: inherit", svg)
    head = f'<svg class="figure" role="img" aria-labelledby="{name}-says"'
    title = f'<title id="{name}-says">{escape(says)}</title>'
    return Picture(Markup(re.sub(r"<svg([^>]*)>", rf"{head}\1>\n{title}", svg, count=1)), says)
