"""Input to records, lazily: tables and JSON, plain or packed, from files or standard input."""

from graphmap.records.envelope import Envelope, read_envelope
from graphmap.records.json import Documents, Number, decode_json
from graphmap.records.streams import STANDARD_INPUT, open_bytes
from graphmap.records.tables import Rows, RowForm, sniff_delimiter
from graphmap.records.source import Records, Refusal

__all__ = [
    "STANDARD_INPUT",
    "Documents",
    "Envelope",
    "Number",
    "Records",
    "Refusal",
    "RowForm",
    "Rows",
    "decode_json",
    "open_bytes",
    "read_envelope",
    "sniff_delimiter",
]
