"""One word for one thing: those that the glossary gave up are in no message, page or document."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

LOST = re.compile(
    r"\bset(s|ting)? aside\b|\bset-aside\b|\bmend(s|ed|ing)?\b|\btold\b(?! from)|\bjudg(e|ed|es|ing)\b|\bremarks?\b"
    r"|\bg(ive|ives|iven|iving|ave) up\b|(?<!there )\b(is|are) no (?-i:[A-Z])",
    re.IGNORECASE,
)
_ONE_OR_MORE = re.compile(r"[a-z]\(s\)")
_DATED = ("decisions.md", "measured.md")
"""Documents of their day keep their words."""
_DERIVED = ("losses.md",)


def lost_messages(text: str) -> list[str]:
    """Texts of a module with several words, such as messages and help, that have a lost word."""
    tree = ast.parse(text)
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Expr) for part in ast.iter_child_nodes(node)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in inner
        and _is_lost(node.value)
    ]


def lost_help(text: str) -> list[str]:
    """Docstrings of the module of a command that have a lost word; users read them."""
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)
    found = (ast.get_docstring(node) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, documented))
    return [docstring for docstring in found if LOST.search(docstring.partition("\n\nArgs:")[0])]


def _is_lost(text: str) -> bool:
    return " " in text and (LOST.search(text) is not None or _ONE_OR_MORE.search(text) is not None)


def lost_lines(text: str) -> list[str]:
    """Lines of a template or a document that have a lost word; tags of the template language aside."""
    return [line for line in text.splitlines() if LOST.search(re.sub(r"\{[{%].*?[%}]\}", "", line))]


def modules(root: Path) -> Iterator[Path]:
    """Every module; an `__init__` has names alone."""
    files = sorted((root / "src" / "graphmap").rglob("*.py"))
    return (file for file in files if file.name != "__init__.py")


def test_no_message_has_a_lost_word(root: Path) -> None:
    found = {str(file.relative_to(root)): lost_messages(file.read_text(encoding="utf-8")) for file in modules(root)}
    assert {file: texts for file, texts in found.items() if texts} == {}


def test_no_help_has_a_lost_word(root: Path) -> None:
    found = {
        file.name: lost_help(file.read_text(encoding="utf-8")) for file in modules(root) if file.parent.name == "cli"
    }
    assert {file: texts for file, texts in found.items() if texts} == {}


def test_no_page_of_the_service_has_a_lost_word(root: Path) -> None:
    templates = sorted((root / "src" / "graphmap" / "service" / "pages").glob("*.html"))
    found = {file.name: lost_lines(file.read_text(encoding="utf-8")) for file in templates}
    assert len(found) > 15
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_no_document_has_a_lost_word(root: Path) -> None:
    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").glob("*.md"))]
    texts = {page.name: page.read_text(encoding="utf-8") for page in pages if page.name not in (*_DATED, *_DERIVED)}
    texts["architecture.md"] = texts["architecture.md"].partition("## Glossary")[0]
    assert len(texts) > 10
    assert {name: lines for name, text in texts.items() if (lines := lost_lines(text))} == {}


@pytest.mark.parametrize(
    "text",
    ["3 records were set aside", "mend it", "it is no JSON", "a remark on it", "they gave up", "2 rule(s) of it"],
)
def test_a_lost_word_is_found(text: str) -> None:
    assert lost_messages(f"note({text!r})") == [text]
    assert lost_messages(f'"""{text}"""') == []


def test_a_lost_word_in_help_or_a_page_is_found() -> None:
    assert lost_help('def f():\n    """Judge it again."""\n') == ["Judge it again."]
    assert lost_lines("<p>It was {{ judged }} and set aside.</p>\n{% if judged %}") == [
        "<p>It was {{ judged }} and set aside.</p>"
    ]


def test_every_word_of_the_glossary_is_explained_once(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Glossary")[2]
    words = re.findall(r"^\| ([a-z][a-z ]*) \| ", text, re.MULTILINE)
    named = {"record", "source", "rule", "shape", "finding", "quarantine", "conformance report", "saved query"}
    assert named | {"document", "store", "load", "lift", "workspace", "mapping"} <= set(words)
    assert len(words) == len(set(words))


def riddles(text: str) -> list[str]:
    """Docstrings, of constants too, that begin with a question word instead of a noun or a verb."""
    return [
        node.value.value.partition("\n")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and re.match(r"(Who|What|Which|How|Whether|Where|Those)\b", node.value.value)
    ]


def test_every_docstring_begins_with_a_noun_or_a_verb(root: Path) -> None:
    files = sorted((root / "src" / "graphmap").rglob("*.py"))
    found = {str(file.relative_to(root)): riddles(file.read_text(encoding="utf-8")) for file in files}
    assert {file: texts for file, texts in found.items() if texts} == {}


def test_a_docstring_that_is_a_riddle_is_found() -> None:
    assert riddles('"""What it is."""\nx = 1\n"""Which x."""\n\ndef f():\n    """Whether."""\n') == [
        "What it is.",
        "Which x.",
        "Whether.",
    ]
    assert riddles('"""Whatever it is."""\ny = "What?"\n') == []
