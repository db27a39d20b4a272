"""The published cases of RML-IO's targets, one test a case, by the compiled plan and by the interpreter."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from graphmap.lifting import read_mapping
from graphmap.lifting.execution.logical_targets import lift_to_targets
from graphmap.lifting.execution.mapping_run import RunOptions
from tests.conformance.suites import SUITES, Case, cases, dataset, parameters

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.conformance

_DEFECTS = {"RMLTTC0004e": "RDF/JSON is not written here: a note of 2013 that few read"}
_NUMBERS_AS_TEXTS = frozenset(f"RMLTTC000{each}" for each in ("4a", "4c", "4f", "4g", "5b", "6b", "6c", "6d", "6e"))
"""Their expected files have JSON's numbers as strings, against RML-Core and the other cases, which have integers."""

_INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"
_SYNTAXES = {"rdfjson": "json", "rdfxml": "rdf"}
_CASES = [case for case in cases("rml-io") if case.name.startswith("RMLTTC")]


def _unpacked(path: Path) -> str:
    packed = path.read_bytes()
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(packed)) as members:
            return members.read(members.namelist()[0]).decode()
    if ".tar." in path.name:
        with tarfile.open(fileobj=io.BytesIO(packed)) as members:
            member = members.extractfile(members.getmembers()[0])
            assert member is not None
            return member.read().decode()
    if path.name.endswith(".gz"):
        return gzip.decompress(packed).decode()
    return packed.decode("utf-16" if packed[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")


def _written(path: Path, drop: str = "") -> pyoxigraph.Dataset:
    """The dataset of a file, in any syntax, with a text dropped from its statements."""
    ending = path.name.split(".")[1]
    form = pyoxigraph.RdfFormat.from_extension(_SYNTAXES.get(ending, ending))
    assert form is not None
    quads = pyoxigraph.parse(_unpacked(path), form)
    return dataset(f"{quad} .\n".replace(drop, "") for quad in quads)


@pytest.mark.skipif(not SUITES.is_dir(), reason="no folder ../shared/conformance beside the checkout")
@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("case", parameters(_CASES, _DEFECTS))
def test_each_target_gets_what_its_suite_expects(
    case: Case,
    compiled: bool,  # noqa: FBT001  # a parameter
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mapping.ttl", "Friends.json"):
        shutil.copy(case.folder / name, tmp_path)
    plan = read_mapping([tmp_path / "mapping.ttl"], base=case.base)
    rest = "".join(lift_to_targets(plan, RunOptions(folder=tmp_path, bind={}, compiled=compiled)))
    assert dataset([rest]) == dataset([(case.folder / "default.nq").read_text(encoding="utf-8")])
    expected = sorted(path.name for path in case.folder.glob("dump*"))
    assert sorted(path.name for path in tmp_path.glob("dump*")) == expected
    drop = _INTEGER if case.name in _NUMBERS_AS_TEXTS else ""
    for name in expected:
        assert _written(tmp_path / name, drop) == _written(case.folder / name)
        assert not drop or _written(tmp_path / name) != _written(case.folder / name)
