"""Input to records, lazily: tables and JSON, plain or packed, from files or standard input."""

from graphmap.records.envelope import HEADER_MEMBERS, Envelope, is_envelope, read_envelope
from graphmap.records.json import Documents, Number, WholeDocument, decode_json, encode_json
from graphmap.records.portions import line_portions, table_portions
from graphmap.records.source import Raw, Records, Refusal, Refuse, raise_refusal
from graphmap.records.streams import STANDARD_INPUT, open_bytes, reading
from graphmap.records.tables import RowForm, Rows, sniff_delimiter

__all__ = [
    "HEADER_MEMBERS",
    "STANDARD_INPUT",
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
    "open_bytes",
    "raise_refusal",
    "read_envelope",
    "reading",
    "sniff_delimiter",
    "table_portions",
]
