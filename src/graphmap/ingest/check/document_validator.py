"""Validates documents that come without a file's name: the source of each is told by what it holds."""

from __future__ import annotations

from collections.abc import Iterable

from graphmap.errors import DataError, Locator, RecordError
from graphmap.ingest.check.input_check import InputCheck
from graphmap.ingest.check.record_validator import RecordValidator, ValidatedRecord
from graphmap.ingest.workspace_model import Knowledge
from graphmap.records import Raw, is_envelope
from graphmap.workspace import SourceSettings

__all__ = ["DocumentValidator"]


class DocumentValidator:
    """Validates documents of any source; for one thread.

    Args:
        knowledge: mappings, shapes and ontology.
        name: what reports call the input.
        sources: those to choose from; all that read JSON where left out.
    """

    def __init__(self, knowledge: Knowledge, *, name: str, sources: Iterable[SourceSettings] | None = None) -> None:
        known = knowledge.workspace.sources.values() if sources is None else sources
        coverage = InputCheck(knowledge.engine).coverage
        self._name = name
        self._validators = [
            (source, RecordValidator(knowledge, source, name=name, header=None, coverage=coverage))
            for source in known
            if not source.tabular
        ]

    def check_readable(self) -> None:
        """Check that there is a source to choose.

        Raises:
            DataError: where no source reads JSON.
        """
        if not self._validators:
            hint = "load tables with `graphmap load`, or add a source of kind documents to graphmap.toml"
            raise DataError("no source of this workspace reads JSON", where=Locator(source=self._name), hint=hint)

    def validate(self, row: int, raw: Raw) -> tuple[SourceSettings, ValidatedRecord]:
        """Validate one document.

        Returns:
            Its source and what became of it; a document that fits no single source is refused.
        """
        fitting = [
            each for each in self._validators if (each[0].kind == "envelope") == is_envelope(raw)
        ] or self._validators
        validated = [(source, validator.validate(row, raw)) for source, validator in fitting]
        keyed = [each for each in validated if each[1].subject]
        if len(validated) == 1 or len(keyed) == 1:
            return (keyed or validated)[0]
        names = ", ".join(source.name for source, _ in fitting)
        what = f"the document has {'the key' if keyed else 'no key'} of {'more than one' if keyed else 'any'} source"
        error = RecordError(
            f"{what}: {names}",
            where=Locator(source=self._name, row=row),
            hint="load it from a file with `graphmap load --source NAME`",
        )
        return fitting[0][0], fitting[0][1].refused(row, error)
