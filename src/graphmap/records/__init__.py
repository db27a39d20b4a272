"""Input to records, lazily: tables and JSON, plain or packed, from files or standard input."""

from graphmap.records.envelope import HEADER_MEMBERS, Envelope, is_envelope, read_envelope
from graphmap.records.readers.csv import RowForm, Rows, sniff_delimiter
from graphmap.records.readers.json import Documents, Number, WholeDocument, decode_json, encode_json
from graphmap.records.readers.partitions import line_portions, table_portions
from graphmap.records.source import Raw, Records, Refusal, Refuse, raise_refusal

__all__ = [
    "HEADER_MEMBERS",
    "Documents",
    "Envelope",
    "Number",
    "Raw",
    "Records",
    "Refusal",
    "Refuse",
    "RowForm",
    "Rows",
    "WholeDocument",
    "decode_json",
    "encode_json",
    "is_envelope",
    "line_portions",
    "raise_refusal",
    "read_envelope",
    "sniff_delimiter",
    "table_portions",
]
