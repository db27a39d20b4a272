"""Pictures as numbers: where bars, columns, boxes and lines stand; templates draw them as SVG.

All is worked out here and drawn by attributes, since the pages' policy allows neither scripts nor inline styles.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Bar", "Columns", "Edge", "Mark", "Neighbour", "Node", "Part", "Picture", "bars", "columns", "neighbourhood"]

_WIDTH = 720
_HEIGHT = 190
_FLOOR = 150
_CENTRE = (360.0, 190.0)
_RADII = (265.0, 145.0)
_LONGEST = 24
"""Characters of a text in a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a list; `share` is its length in hundredths of the longest."""

    label: str
    number: int
    share: float = 0.0
    href: str | None = None
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One rectangle of a chart of columns, in units of its view box."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A text in a chart."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A chart of stacked columns."""

    parts: tuple[Part, ...]
    marks: tuple[Mark, ...]
    width: int = _WIDTH
    height: int = _HEIGHT
    floor: int = _FLOOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """What stands around the middle of a picture: its text, its address, and what links it."""

    text: str
    href: str | None
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box of a picture."""

    x: float
    y: float
    width: float
    text: str
    title: str
    href: str | None = None
    focus: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line of a picture with its text, which stands at `x` and `y`."""

    x1: float
    y1: float
    x2: float
    y2: float
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One thing and what stands around it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int = _WIDTH
    height: int = 380


def bars(rows: Iterable[Bar]) -> tuple[Bar, ...]:
    """The same bars with their lengths.

    >>> [bar.share for bar in bars([Bar(label="a", number=4), Bar(label="b", number=1)])]
    [100.0, 25.0]
    """
    given = tuple(rows)
    most = max((row.number for row in given), default=0) or 1
    return tuple(
        Bar(
            label=row.label,
            number=row.number,
            share=max(round(100 * row.number / most, 2), 0.5 if row.number else 0.0),
            href=row.href,
            note=row.note,
            kind=row.kind,
        )
        for row in given
    )


def columns(rows: Sequence[tuple[str, Mapping[str, int]]]) -> Columns:
    """A column for each row, its kinds one upon the other.

    Args:
        rows: what a column is called, and its numbers by kind, from the bottom upwards.
    """
    most = max((sum(numbers.values()) for _, numbers in rows), default=0) or 1
    step = _WIDTH / max(len(rows), 6)
    parts, marks = [], [Mark(x=0, y=14, text=f"{most:,}", anchor="start")]
    every = math.ceil(len(rows) / 8) if rows else 1
    for place, (label, numbers) in enumerate(rows):
        x, y = round(place * step + step * 0.15, 1), float(_FLOOR)
        for kind, number in numbers.items():
            height = round((_FLOOR - 20) * number / most, 1)
            y -= height
            title = f"{label}: {number:,} {kind}".strip()
            parts.append(Part(x=x, y=round(y, 1), width=round(step * 0.7, 1), height=height, kind=kind, title=title))
        if place % every == 0:
            marks.append(Mark(x=round(place * step + step / 2, 1), y=_FLOOR + 20, text=_short(label, 16)))
    return Columns(parts=tuple(parts), marks=tuple(marks))


def neighbourhood(middle: str, around: Sequence[Neighbour]) -> Picture:
    """A thing in the middle, and what it is linked with in a ring around it, in the order given."""
    nodes, edges = [], []
    for place, each in enumerate(around):
        angle = 2 * math.pi * place / len(around) - math.pi / 2
        x, y = _CENTRE[0] + _RADII[0] * math.cos(angle), _CENTRE[1] + _RADII[1] * math.sin(angle)
        nodes.append(_node(each.text, x, y, href=each.href, title=f"{each.link}: {each.text}"))
        edges.append(_edge(x, y, each.link))
    return Picture(nodes=(*nodes, _node(middle, *_CENTRE, title=middle, focus=True)), edges=tuple(edges))


def _node(text: str, x: float, y: float, *, title: str, href: str | None = None, focus: bool = False) -> Node:
    shown = _short(text, _LONGEST)
    width = max(60.0, 8.0 * len(shown) + 20)
    left = min(max(x - width / 2, 4), _WIDTH - width - 4)
    return Node(
        x=round(left, 1), y=round(y - 15, 1), width=width, text=shown, title=_short(title, 200), href=href, focus=focus
    )


def _edge(x: float, y: float, text: str) -> Edge:
    x1, y1 = _CENTRE
    return Edge(
        x1=x1,
        y1=y1,
        x2=round(x, 1),
        y2=round(y, 1),
        x=round(x1 + (x - x1) * 0.58, 1),
        y=round(y1 + (y - y1) * 0.58 - 4, 1),
        text=_short(text, _LONGEST),
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
