"""Records of tables and documents, read lazily from files or standard input."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.records.database_connections import AT_ONCE, Cursor, Database, missing, opened, path_of, refusal
    from graphmap.records.datatypes import Typed, natural
    from graphmap.records.envelope import HEADER_MEMBERS, Envelope, is_envelope, read_envelope
    from graphmap.records.memory import GivenRecords
    from graphmap.records.readers.csv import RowForm, Rows, sniff_delimiter
    from graphmap.records.readers.json import Documents, Number, WholeDocument, decode_json, encode_json
    from graphmap.records.readers.partitions import line_portions, table_portions
    from graphmap.records.source import Counted, PaddedRows, Raw, Records, Refusal, Refuse, raise_refusal
    from graphmap.records.value_forms import ValueForms, zoned_timestamp

__all__ = [
    "AT_ONCE",
    "HEADER_MEMBERS",
    "Counted",
    "Cursor",
    "Database",
    "Documents",
    "Envelope",
    "GivenRecords",
    "Number",
    "PaddedRows",
    "Raw",
    "Records",
    "Refusal",
    "Refuse",
    "RowForm",
    "Rows",
    "Typed",
    "ValueForms",
    "WholeDocument",
    "decode_json",
    "encode_json",
    "is_envelope",
    "line_portions",
    "missing",
    "natural",
    "opened",
    "path_of",
    "raise_refusal",
    "read_envelope",
    "refusal",
    "sniff_delimiter",
    "table_portions",
    "zoned_timestamp",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.records",
        {
            "database_connections": "AT_ONCE Cursor Database missing opened path_of refusal",
            "datatypes": "Typed natural",
            "envelope": "Envelope HEADER_MEMBERS is_envelope read_envelope",
            "memory": "GivenRecords",
            "readers.csv": "RowForm Rows sniff_delimiter",
            "readers.json": "Documents Number WholeDocument decode_json encode_json",
            "readers.partitions": "line_portions table_portions",
            "source": "Counted PaddedRows Raw Records Refusal Refuse raise_refusal",
            "value_forms": "ValueForms zoned_timestamp",
        },
        renamed={
            "STANDARD_INPUT": "graphmap.files.STANDARD_INPUT",
            "open_bytes": "graphmap.files.open_bytes",
            "reading": "graphmap.files.reading",
        },
    )
