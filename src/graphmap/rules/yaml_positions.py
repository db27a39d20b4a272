"""YAML with its line marks, read node by node so that an error names file, line and key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

from graphmap.errors import Locator, RulesError

__all__ = ["Marked", "read_marked"]


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
            name = key.text()
            if name in found:
                raise RulesError(f"the key {name!r} stands twice", where=key.where, hint="keep one of them")
            found[name] = Marked(node=value_node, file=self.file)
        return found

    def keyed(self, what: str, allowed: Collection[str]) -> Mapping[str, Marked]:
        """The entries of a mapping that knows only certain keys.

        Args:
            what: the kind of element, for the message.
            allowed: the keys that it may have.

        Raises:
            RulesError: names the first other key, with its line.
        """
        entries = self.entries()
        for name, value in entries.items():
            if name not in allowed:
                near = get_close_matches(name, allowed, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(allowed))}"
                raise RulesError(f"unknown key {name!r} in {what}", where=self._of_key(name, value), hint=hint)
        return entries

    def items(self) -> tuple[Marked, ...]:
        """The items of a list.

        Raises:
            RulesError: where the node is no list.
        """
        if not isinstance(self.node, yaml.SequenceNode):
            raise RulesError("a list is expected here", where=self.where)
        return tuple(Marked(node=item, file=self.file) for item in self.node.value)

    def text(self) -> str:
        """The text of a scalar.

        Raises:
            RulesError: where the node is a list or a mapping.
        """
        if not isinstance(self.node, yaml.ScalarNode):
            raise RulesError("a single value is expected here", where=self.where)
        return str(self.node.value)

    def flag(self) -> bool:
        """The truth value of a scalar.

        Raises:
            RulesError: where it is neither `true` nor `false`.
        """
        text = self.text()
        if text not in ("true", "false"):
            raise RulesError(f"true or false is expected here, not {text!r}", where=self.where)
        return text == "true"

    def count(self) -> int:
        """The number in a scalar.

        Raises:
            RulesError: where it is no whole number from 0 up.
        """
        text = self.text()
        if not (text.isascii() and text.isdigit()):
            raise RulesError(f"a whole number from 0 up is expected here, not {text!r}", where=self.where)
        return int(text)

    def _is_empty(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.value == ""

    def _of_key(self, name: str, value: Marked) -> Locator:
        for key_node, _ in self.node.value:
            if key_node.value == name:
                return Marked(node=key_node, file=self.file).where
        return value.where


def read_marked(text: str, file: str) -> Marked:
    """Parse one YAML document.

    Args:
        text: the document.
        file: its name, for errors.

    Raises:
        RulesError: where it is no YAML, or empty.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise RulesError(f"not YAML: {error.problem}", where=_place(error, file)) from error
    except yaml.YAMLError as error:
        where = Locator(source=file)
        raise RulesError("not YAML: it holds a character that YAML does not permit", where=where) from error
    if node is None:
        raise RulesError("the file is empty", where=Locator(source=file), hint="a schema is expected")
    return Marked(node=node, file=file)


def _place(error: yaml.MarkedYAMLError, file: str) -> Locator:
    mark = error.problem_mark
    if mark is None:
        return Locator(source=file)
    return Locator(source=file, line=mark.line + 1, column=mark.column + 1)
