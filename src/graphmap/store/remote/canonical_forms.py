"""The forms of numbers and times that a SPARQL server gets and gives.

Servers give literals back in forms of their own, and some cannot remove what they changed when they took it: Jena TDB2
shows `"1.10"^^xsd:decimal` as `"1.1"`, and neither removing that nor dropping its graph finds it again. So what goes to
a server goes in Oxigraph's canonical form, and what comes back is put into that form. Both kinds of store then answer
alike.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from graphmap.errors import StoreError
from graphmap.rdf import XSD, Token
from graphmap.store.embedded import term
from graphmap.store.protocol import Quad

__all__ = ["canonical_quads", "canonical_terms", "sent"]

_TYPED = '"^^<'
_DECIMAL = f'"^^<{XSD}decimal>'
_ANY = ox.NamedNode("urn:any")


def canonical_quads(nquads: bytes) -> list[Quad]:
    """N-Quads of our own making, read and put into canonical form; equal statements are one, in no order.

    Raises:
        StoreError: where a line does not parse.
    """
    memory = ox.Store()
    try:
        memory.load(nquads, format=ox.RdfFormat.N_QUADS, lenient=True)
    except SyntaxError as error:
        hint = "nothing was changed; correct the record that this text came from"
        raise StoreError(f"the text for the store does not parse: {error}", hint=hint) from error
    return [_quad(quad) for quad in memory]


def canonical_terms(terms: Iterable[Token]) -> dict[Token, Token]:
    """Each typed literal among terms with its canonical form; IRIs, strings and blank nodes are left out.

    >>> canonical_terms(['"007"^^<http://www.w3.org/2001/XMLSchema#integer>', '"a"', "<urn:a>"])
    {'"007"^^<http://www.w3.org/2001/XMLSchema#integer>': '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    """
    memory = ox.Store()
    found: dict[Token, Token] = {}
    for given in {each for each in terms if each[0] == '"' and _TYPED in each}:
        name = ox.NamedNode(f"urn:n:{len(found)}")
        memory.add(ox.Quad(name, _ANY, term(given)))
        (quad,) = memory.quads_for_pattern(name, None, None)
        found[given] = str(quad.object)
    return found


def sent(token: Token) -> Token:
    """The form in which a canonical term goes to a server; a decimal has a digit behind its point.

    Source: XML Schema Part 2, second edition, section 3.2.3.2 (canonical form of decimals).

    >>> sent('"5"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    '"5.0"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    if not token.endswith(_DECIMAL):
        return token
    lexical = token[1 : -len(_DECIMAL)]
    return f'"{lexical}.0{_DECIMAL}' if lexical.lstrip("+-").isdigit() else token


def _quad(quad: ox.Quad) -> Quad:
    graph = None if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
    return Quad(str(quad.subject), str(quad.predicate), str(quad.object), graph)
