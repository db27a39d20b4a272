"""Places of subjects and statements in RDF files, and labels of nodes, for the findings of a file.

A file is read again only where something was found in it, and only for the nodes that were found.
Source: RDF 1.1 Turtle, section 6 (grammar).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from graphmap.rdf import RDF_TYPE, RDFS, Graph, Token
from graphmap.validation.report.finding import Finding, plain

__all__ = ["label_of", "placed", "positions"]

Place = tuple[int, int]
"""Line and column, counted from 1."""

_LABELS = (
    f"<{RDFS}label>",
    "<http://www.w3.org/2004/02/skos/core#prefLabel>",
    "<http://purl.org/dc/terms/title>",
    "<http://schema.org/name>",
    "<https://schema.org/name>",
    "<http://xmlns.com/foaf/0.1/name>",
)
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|' + r"'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'"
    r"|\#[^\n]*|(?P<iri><[^<>\s]*>)|(?P<sign>[\[\](){};,.])|@?[^\s\[\](){};,<>\"']*[^\s\[\](){};,.<>\"']",
    re.DOTALL,
)
_PREFIX = re.compile(r"@?prefix\s+([^\s:]*):\s*<([^<>\s]*)>", re.IGNORECASE)


def label_of(graph: Graph, node: Token) -> str | None:
    """The label that a graph gives a node, by the properties that are usual; `None` where it has none."""
    found = (value for predicate in _LABELS for value in graph.objects(node, predicate) if value[0] == '"')
    return next(map(plain, found), None)


def placed(findings: Iterable[Finding], text: str) -> list[Finding]:
    """The findings of an RDF file, each with its line and column: of the property at the focus node, else of the node.

    Args:
        findings: of one file.
        text: the file, in Turtle, TriG, N-Triples or N-Quads.
    """
    kept = list(findings)
    found = positions(text, {each.focus_node for each in kept if each.focus_node})
    return [_placed(each, found) for each in kept]


def _placed(finding: Finding, found: Mapping[tuple[Token, Token], Place]) -> Finding:
    if finding.focus_node is None:
        return finding
    predicate = "" if finding.result_path is None else finding.result_path.predicate
    place = found.get((finding.focus_node, predicate)) or found.get((finding.focus_node, ""))
    return finding if place is None else replace(finding, line=place[0], column=place[1])


def positions(text: str, nodes: Collection[Token]) -> Mapping[tuple[Token, Token], Place]:
    """The first places of subjects and of their properties.

    Args:
        text: a document in Turtle, TriG, N-Triples or N-Quads.
        nodes: the subjects that are looked for.

    Returns:
        Subject and predicate to place; an empty predicate stands for the subject itself.

    >>> positions("\\n<a:s> <a:p> 1 ;\\n  <a:q> 2 .", {"<a:s>"})[("<a:s>", "<a:q>")]
    (3, 3)
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    prefixes = dict(_PREFIX.findall(text))
    found: dict[tuple[Token, Token], Place] = {}
    for subject, predicate, offset in _statements(text, prefixes):
        if subject in nodes and (subject, predicate) not in found:
            line = bisect_right(starts, offset)
            found[subject, predicate] = (line, offset - starts[line - 1] + 1)
    return found


def _statements(text: str, prefixes: Mapping[str, str]) -> Iterator[tuple[Token, Token, int]]:
    """Subject, predicate or nothing, and offset, as they come outside brackets."""
    subject, wanted, depth = "", "subject", 0
    for match in _TOKEN.finditer(text):
        sign = match["sign"]
        if match[0][0] == "#":
            continue
        if sign and sign in "[(":
            depth += 1
        elif sign and sign in "])":
            depth -= 1
            wanted = "predicate" if wanted == "subject" and depth == 0 else wanted
        elif depth == 0 and sign:
            wanted = {";": "predicate", ",": wanted}.get(sign, "subject")
        elif depth == 0 and wanted == "subject":
            subject, wanted = _token(match[0], prefixes), "predicate"
            yield subject, "", match.start()
        elif depth == 0 and wanted == "predicate":
            yield subject, _token(match[0], prefixes), match.start()
            wanted = "object"


def _token(text: str, prefixes: Mapping[str, str]) -> Token:
    if text == "a":
        return RDF_TYPE
    if text[0] == "<" or text.startswith("_:"):
        return text
    prefix, _, name = text.partition(":")
    return f"<{prefixes.get(prefix, '')}{name}>"
