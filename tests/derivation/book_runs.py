"""A random rule book as a workspace on disk, from its rule files to the findings of its records."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from graphmap.derivation import Reading, derive, write
from graphmap.ingest import load_knowledge
from graphmap.ingest.check import InputCheck, check_files
from graphmap.rules import load_rules
from graphmap.validation.report import Report
from graphmap.workspace import read_workspace
from tests.derivation.random_books import Book, Source

__all__ = ["report_on", "written", "written_later"]


def written(book: Book, root: Path) -> list[str]:
    """Write a workspace, derive its files as `graphmap derive` does, and give the paths of its inputs."""
    (root / "rules").mkdir(parents=True)
    for name, schema in book.schemas.items():
        text = yaml.safe_dump(schema, allow_unicode=True, sort_keys=False)
        (root / "rules" / f"{name}.yaml").write_text(text, encoding="utf-8")
    toml = 'base = "https://world.example/"\n'
    for name, source in book.sources.items():
        toml += f'[sources.{name}]\nkind = "{source.kind}"\nclass = {_quoted(source.record)}\n'
        toml += f'files = ["{name}*"]\n' + ('delimiter = ","\n' if source.kind == "table" else "")
        toml += f'iterator = "{source.iterator}"\n' if source.iterator else ""
    (root / "graphmap.toml").write_text(toml, encoding="utf-8")
    settings = read_workspace(root)
    readings = {
        each.record_class: Reading(kind=each.kind, iterator=each.iterator or "$")
        for each in settings.sources.values()
        if each.record_class
    }
    write(derive(load_rules(root / "rules"), settings.base, readings), root)
    return [str(_input(root, source, name)) for name, source in book.sources.items() if source.records]


def written_later(book: Book, root: Path) -> list[str]:
    """Write the records that come too late, and give the paths of their inputs."""
    late = {name: replace(book.sources[name], records=records) for name, records in book.later.items()}
    return [str(_input(root, source, f"{name}-late")) for name, source in late.items()]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _input(root: Path, source: Source, name: str) -> Path:
    if source.kind == "table":
        file = root / f"{name}.csv"
        header = list(dict.fromkeys(column for record in source.records for column in record))
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, header, restval="", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(source.records)
        return file
    file = root / f"{name}.{'json' if source.iterator else 'jsonl'}"
    lines = [json.dumps(record) for record in source.records]
    if source.iterator:
        held: Any = source.records
        for member in reversed(source.iterator.removeprefix("$.").removesuffix("[*]").split(".")):
            held = {"about": "a feed", member: held}
        lines = [json.dumps(held)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def report_on(inputs: list[str], root: Path) -> Report:
    """What `graphmap validate` reports of the inputs together."""
    knowledge = load_knowledge(read_workspace(root))
    gathering = InputCheck(knowledge.engine)
    check_files(inputs, knowledge, gathering)
    return gathering.report()
