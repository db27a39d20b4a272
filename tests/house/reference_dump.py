"""Writes what users see of the samples and of generated records: `python -m tests.house.reference_dump FOLDER`.

Each part is a text of sorted lines: statements, findings, rules, report keys and URLs. `reference.json` keeps the
number of lines and the checksum of each; `diff` of the folders of two runs shows what changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import httpx

from graphmap.ingest import load_files, load_knowledge
from graphmap.rdf.terms import literal_token
from graphmap.service import create_app
from graphmap.store import EmbeddedStore
from graphmap.workspace import read_workspace
from tests.service.full import full_services

__all__ = ["ROWS", "checksums", "parts"]

ROOT = Path(__file__).parents[2]
ROWS, ENVELOPES = 1500, 500
_MOMENT = literal_token("2026-03-01T08:15:00Z", datatype="http://www.w3.org/2001/XMLSchema#dateTime")
_MAPPINGS = {"warehouse.ttl": "dim_customer.csv", "warehouse-limber.ttl": "dim_customer.csv"}


def parts(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Make the dump, part by part.

    Args:
        folder: an empty folder to work in.

    Yields:
        Name and sorted lines of each part.
    """
    files = _files(folder)
    yield from _lifted(folder, files)
    few = [name for name in files if not name.startswith("generated")]
    yield "stored", _stored(folder, few)
    yield from _judged(folder, files)
    for form in ("turtle", "csv", "junit"):
        out, _ = _run(folder, "validate", "--report", "-", "--report-format", form, *few)
        yield f"report as {form}", sorted(out)
    yield "urls", _urls(folder)
    yield "rules", _rules()


def checksums(dumped: Mapping[str, list[str]]) -> dict[str, dict[str, int | str]]:
    """Count the lines of each part and digest them with SHA-256."""
    return {
        name: {"lines": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}
        for name, lines in dumped.items()
    }


def _files(folder: Path) -> list[str]:
    """Copies the input into the folder, so that its names are the same everywhere."""
    for file in sorted((ROOT / "samples").iterdir()):
        (folder / file.name).write_bytes(file.read_bytes())
    for name in ("rows.csv", "envelopes.jsonl"):
        faulty = ROOT / "tests" / "data" / "faulty" / name
        (folder / f"faulty-{name}").write_bytes(faulty.read_bytes())
    (folder / "generated.csv").write_bytes(_generated("rows", ROWS))
    (folder / "generated.jsonl").write_bytes(_generated("envelopes", ENVELOPES))
    return sorted(file.name for file in folder.iterdir())


def _generated(kind: str, number: int) -> bytes:
    command = [sys.executable, "-m", "benchmarks.generate", kind, str(number), "--seed", "7", "--errors", "0.05"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603  # our own program


def _lifted(folder: Path, files: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Statements by the workspace's sources and by mappings alone, with what was said of records set aside."""
    tables = [name for name in files if name.endswith(".csv")]
    messages = [name for name in files if not name.endswith(".csv")]
    said: list[str] = []
    for part, source, names in (("rows", "dim_customer", tables), ("messages", "customer-account", messages)):
        for option in ((), ("--infer",)):
            out, told = _run(folder, "lift", "--source", source, *option, "--report", "lifted.json", *names)
            said += told
            yield f"lifted {' '.join((part, *option))}", sorted(set(out))
            said.append(json.dumps(sorted(_keys(json.loads((folder / "lifted.json").read_text(encoding="utf-8"))))))
    for mapping, table in _MAPPINGS.items():
        file = str(ROOT / "mappings" / mapping)
        out, told = _run(folder, "lift", "--mapping", file, "--best-effort", table)
        said += told
        yield f"lifted by {mapping}", sorted(set(out))
    yield "messages of lifting", sorted(said)


def _stored(folder: Path, files: list[str]) -> list[str]:
    """All quads of a store that the files were loaded into: statements, provenance and findings."""
    workspace = read_workspace(ROOT, {})
    store = EmbeddedStore(folder / "store")
    try:
        names = {name: str(folder / name) for name in files}
        load_files(names, load_knowledge(workspace), store, moment=_MOMENT)
        target = io.BytesIO()
        store.dump(target)
    finally:
        store.close()
    return sorted(target.getvalue().decode().splitlines())


def _judged(folder: Path, files: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Findings, rules and keys of the report over all files."""
    _, told = _run(folder, "validate", "--report", "report.json", *files)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    findings = report.pop("findings")
    yield "findings", sorted(json.dumps(finding, ensure_ascii=False, sort_keys=True) for finding in findings)
    yield "rules that found something", sorted({finding["rule"] for finding in findings})
    yield "report", json.dumps(report, ensure_ascii=False, indent=1).splitlines()
    yield "report keys", sorted(_keys({**report, "findings": findings}))
    yield "summary of a report", told
    yield "where constraints are checked", _spaced(_run(folder, "validate", "--explain")[0])


def _urls(folder: Path) -> list[str]:
    """Paths, methods and parameters that the service describes."""

    async def asked() -> dict[str, dict[str, dict[str, object]]]:
        place = folder / "service"
        place.mkdir()
        with full_services(place, rows=3) as services:
            transport = httpx.ASGITransport(app=create_app(services))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                answer = await client.get("/openapi.json")
            await services.pool.aclose()
        paths: dict[str, dict[str, dict[str, object]]] = answer.json()["paths"]
        return paths

    paths = asyncio.run(asked())
    return sorted(
        f"{method.upper()} {path} {json.dumps(operation, sort_keys=True)}"
        for path, operations in paths.items()
        for method, operation in operations.items()
    )


def _rules() -> list[str]:
    """Each rule of the schemas as the command prints it."""
    lines: list[str] = []
    for file in sorted((ROOT / "rules").glob("*.yaml")):
        lines += _spaced(_run(ROOT, "rules", "show", file.stem)[0])
    return lines + _run(ROOT, "rules", "check")[1]


def _run(folder: Path, command: str, *arguments: str) -> tuple[list[str], list[str]]:
    """Runs our own command; the lines of its two streams."""
    program = str(Path(sys.executable).parent / "graphmap")
    environment = {"NO_COLOR": "1", "COLUMNS": "200", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    workspace = () if command == "rules" or "--mapping" in arguments else ("--workspace", str(ROOT))
    done = subprocess.run(  # noqa: S603  # our own command
        [program, command, *arguments, *workspace], cwd=folder, capture_output=True, check=False, env=environment
    )
    out, err = (text.decode().replace(str(ROOT), "ROOT") for text in (done.stdout, done.stderr))
    return out.splitlines(), [*err.splitlines(), f"status {done.returncode}"]


def _spaced(lines: list[str]) -> list[str]:
    """Lines of a printed table without the spaces that fill its columns."""
    return [" ".join(line.split()) for line in lines]


def _keys(value: object, path: str = "") -> set[str]:
    """Paths of all members; those of a list are told as one."""
    if isinstance(value, dict):
        return {key for name, member in value.items() for key in ({f"{path}/{name}"} | _keys(member, f"{path}/{name}"))}
    if isinstance(value, list):
        return {key for member in value for key in _keys(member, f"{path}/*")}
    return set()


def _write(folder: Path, dumped: Iterable[tuple[str, list[str]]]) -> None:
    for name, lines in dumped:
        (folder / f"{name.replace(' ', '-')}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write the parts below the folder that is named, and their checksums to standard output."""
    with tempfile.TemporaryDirectory() as work:
        dumped = dict(parts(Path(work)))
    if len(sys.argv) > 1:
        target = Path(sys.argv[1])
        target.mkdir(parents=True, exist_ok=True)
        _write(target, dumped.items())
    print(json.dumps(checksums(dumped), indent=1))  # noqa: T201  # what it is for


if __name__ == "__main__":
    main()
