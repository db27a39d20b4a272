"""YAML with its line marks, read node by node so that an error names file, line and key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

from graphmap.errors import Locator, RulesError

__all__ = ["Marked", "read_marked"]

_LARGEST, _DEEPEST, _MOST_NODES = 16 << 20, 64, 1 << 20
_MERGE = "tag:yaml.org,2002:merge"
_NULLS = ("", "null", "~")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A YAML node with the file that it stands in."""

    node: yaml.Node
    file: str

    @property
    def where(self) -> Locator:
        """File, line and column of the node."""
        mark = self.node.start_mark
        return Locator(source=self.file, line=mark.line + 1, column=mark.column + 1)

    def entries(self) -> Mapping[str, Marked]:
        """The entries of a mapping in the order of the file; an empty node is an empty mapping.

        Raises:
            RulesError: where the node is something else, or a key stands twice.
        """
        if self._is_empty():
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            raise RulesError("a mapping of keys to values is expected here", where=self.where)
        found: dict[str, Marked] = {}
        for key_node, value_node in self.node.value:
            key = Marked(node=key_node, file=self.file)
            if key_node.tag == _MERGE:
                found = {**Marked(node=value_node, file=self.file).merged(), **found}
                continue
            name = key.text()
            if name in found:
                raise RulesError(f"the key {name!r} stands twice", where=key.where, hint="keep one of them")
            found[name] = Marked(node=value_node, file=self.file)
        return found

    def merged(self) -> Mapping[str, Marked]:
        """Entries that a merge key takes in: those of a mapping, or of a list of mappings of which the first wins."""
        each = self.items() if self.is_list else (self,)
        return {name: value for one in reversed(each) for name, value in one.entries().items()}

    def unknown(self, allowed: Collection[str]) -> Iterator[tuple[Marked, str]]:
        """The keys of a mapping that are not among those allowed, each with what to write instead."""
        keys = [key for key, _ in self.node.value] if self.is_mapping else []
        for key_node in (key for key in keys if isinstance(key, yaml.ScalarNode)):
            if key_node.value not in allowed and key_node.tag != _MERGE:
                near = get_close_matches(str(key_node.value), allowed, n=1)
                hint = f"did you mean {near[0]!r}?" if near else "take it out, or put it under annotations"
                yield Marked(node=key_node, file=self.file), hint

    def items(self) -> tuple[Marked, ...]:
        """The items of a list; anything else is a list of one, as LinkML has it."""
        if self._is_empty():
            return ()
        if not isinstance(self.node, yaml.SequenceNode):
            return (self,)
        return tuple(Marked(node=item, file=self.file) for item in self.node.value)

    def keyed_by(self, key: str) -> Mapping[str, Marked]:
        """The items of a list by what stands under a key in each, or by their own text.

        Raises:
            RulesError: where the key is missing in one of them.
        """
        found: dict[str, Marked] = {}
        for item in self.items():
            name = item.entries().get(key) if item.is_mapping else item
            if name is None:
                raise RulesError(f"the key {key!r} is missing", where=item.where, hint=f"add {key}")
            found[name.text()] = item
        return found

    def text(self) -> str:
        """The text of a scalar.

        Raises:
            RulesError: where the node is a list or a mapping.
        """
        if not isinstance(self.node, yaml.ScalarNode):
            raise RulesError("a single value is expected here", where=self.where)
        return "" if self._is_empty() else str(self.node.value)

    def flag(self) -> bool:
        """The truth value of a scalar.

        Raises:
            RulesError: where it is neither `true` nor `false`.
        """
        text = self.text()
        if text.lower() not in ("true", "false"):
            raise RulesError(f"true or false is expected here, not {text!r}", where=self.where)
        return text.lower() == "true"

    def count(self) -> int:
        """The number in a scalar.

        Raises:
            RulesError: where it is no whole number from 0 up.
        """
        text = self.text()
        if not (text.isascii() and text.isdigit()):
            raise RulesError(f"a whole number from 0 up is expected here, not {text!r}", where=self.where)
        return int(text)

    @property
    def is_mapping(self) -> bool:
        """Return whether the node maps keys to values."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Return whether the node is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def _is_empty(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and not self.node.style and self.node.value in _NULLS


def read_marked(text: str, file: str) -> Marked:
    """Parse one YAML document.

    Args:
        text: the document.
        file: its name, for errors.

    Raises:
        RulesError: where it is no YAML, or empty, or larger, deeper or more repetitive than a schema is.
    """
    try:
        _limited(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise RulesError(f"not YAML: {error.problem}", where=_place(error, file)) from error
    except yaml.YAMLError as error:
        where = Locator(source=file)
        raise RulesError("not YAML: it holds a character that YAML does not permit", where=where) from error
    if node is None:
        raise RulesError("the file is empty", where=Locator(source=file), hint="a schema is expected")
    if _written_out(node, {}) > _MOST_NODES:
        where = Locator(source=file)
        raise RulesError("aliases (*) repeat more than a schema can hold", where=where, hint="write the values out")
    return Marked(node=node, file=file)


def _limited(text: str, file: str) -> None:
    """Refuse what would take more time or memory than a schema can, before it is composed."""
    if len(text) > _LARGEST:
        raise RulesError("the file is larger than 16 MiB", where=Locator(source=file), hint="split it by imports")
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            where = Locator(source=file, line=event.start_mark.line + 1 if event.start_mark else None)
            raise RulesError("lists and mappings are nested deeper than 64", where=where, hint="write it flatter")


def _written_out(node: yaml.Node, sizes: dict[int, int], depth: int = 0) -> int:
    """Number of nodes of a node with all aliases written out; more than there may be where it holds itself."""
    if depth > _DEEPEST:
        return _MOST_NODES + 1
    if id(node) not in sizes:
        below: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            below = [each for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            below = node.value
        sizes[id(node)] = 1 + sum(_written_out(each, sizes, depth + 1) for each in below)
    return sizes[id(node)]


def _place(error: yaml.MarkedYAMLError, file: str) -> Locator:
    mark = error.problem_mark
    if mark is None:
        return Locator(source=file)
    return Locator(source=file, line=mark.line + 1, column=mark.column + 1)
