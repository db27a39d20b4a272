"""Reads gather maps: what is gathered, as what, and by which strategy.

Source: RML-CC, gather maps.
"""

from __future__ import annotations

from collections.abc import Callable

from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.plan import Gather, TermMap, rml
from graphmap.lifting.run_state import RDF_LIST
from graphmap.rdf import RDF, Token

__all__ = ["gather_of"]

_KINDS = (RDF_LIST, f"<{RDF}Seq>", f"<{RDF}Bag>", f"<{RDF}Alt>")
_STRATEGIES = (rml("append"), rml("cartesianProduct"))


def gather_of(nodes: Nodes, node: Token, head: TermMap | None, member: Callable[[Token], TermMap]) -> Gather:
    """A gather map.

    Args:
        nodes: the statements of the mapping.
        node: the term map that has rml:gather.
        head: names what it makes, where it has a name.
        member: reads a term map in the list.

    Raises:
        MappingError: where it gathers nothing, or as nothing that is known.
    """
    kind = nodes.one(node, rml("gatherAs"))
    if kind not in _KINDS:
        what, hint = f"nothing is gathered as {kind}", "use rdf:List, rdf:Seq, rdf:Bag or rdf:Alt"
        raise nodes.fault(node, what, hint, at="gatherAs")
    strategy = nodes.maybe(node, rml("strategy")) or rml("append")
    if strategy not in _STRATEGIES:
        what = f"{strategy} is not a known strategy"
        raise nodes.fault(node, what, "use rml:append or rml:cartesianProduct", at="strategy")
    listed = nodes.listed(node, rml("gather"))
    literal = next((each for each in listed if each[0] == '"'), None)
    if literal is not None:
        what, hint = f"the list of rml:gather holds {literal}, which is not a term map", "write [ rml:constant ... ]"
        raise nodes.fault(node, what, hint, at="gather")
    return Gather(
        kind=kind,
        members=tuple(map(member, listed)),
        product=strategy == rml("cartesianProduct"),
        may_be_empty=nodes.text(node, rml("allowEmptyListAndContainer")) in ("true", "1"),
        head=head,
    )
