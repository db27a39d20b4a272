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
_ROW = 54
_BOX = 200.0
_LONGEST = 25
"""Characters of a text in a box."""


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
    """Neighbour of the thing in the middle of a picture: text, address, and link."""

    text: str
    href: str | None
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box of a picture; `link` stands above it and says how it is linked with the middle."""

    x: float
    y: float
    width: float
    text: str
    title: str
    href: str | None = None
    focus: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line of a picture."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One thing and what stands around it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    height: int
    width: int = _WIDTH


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


def neighbourhood(middle: str, before: Sequence[Neighbour], after: Sequence[Neighbour]) -> Picture:
    """A thing in the middle, what points to it on the left, and what it points to on the right.

    Args:
        middle: what the thing is called.
        before: what points to it, from the top down.
        after: what it points to, from the top down.
    """
    height = _ROW * max(len(before), len(after), 1) + 10
    centre = height / 2
    nodes, edges = [_node(middle, _WIDTH / 2, centre, title=middle, focus=True)], []
    for side, group in ((0, before), (1, after)):
        top = centre - _ROW * len(group) / 2
        for place, each in enumerate(group):
            y = top + _ROW * place + _ROW * 0.62
            x = _WIDTH - _BOX / 2 - 4 if side else _BOX / 2 + 4
            nodes.append(_node(each.text, x, y, href=each.href, title=f"{each.link}: {each.text}", link=each.link))
            ends = (_WIDTH / 2 + _BOX / 2, x - _BOX / 2) if side else (_WIDTH / 2 - _BOX / 2, x + _BOX / 2)
            edges.append(Edge(x1=ends[0], y1=round(centre, 1), x2=ends[1], y2=round(y, 1)))
    return Picture(nodes=tuple(nodes), edges=tuple(edges), height=round(height))


def _node(
    text: str, x: float, y: float, *, title: str, href: str | None = None, focus: bool = False, link: str = ""
) -> Node:
    return Node(
        x=round(x - _BOX / 2, 1),
        y=round(y - 15, 1),
        width=_BOX,
        text=_short(text, _LONGEST),
        title=_short(title, 200),
        href=href,
        focus=focus,
        link=_short(link, _LONGEST + 4),
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
