"""JSON that is odd as JSON, envelopes that are odd as envelopes, and rows that are odd as rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from random import Random
from typing import Any

from benchmarks.envelopes import envelopes
from benchmarks.rows import COLUMNS, rows
from tests.service.fuzzing.inputs import Input, encoded, whole
from tests.service.fuzzing.mutation import mutated, odd_text

__all__ = ["envelope_posts", "good_envelopes", "json_bodies", "large_json", "tables"]

_JSON = "application/json"
_LINES = ("application/x-ndjson", "application/jsonl", "application/json-seq")
_RAW = "@@raw@@"
_RAW_VALUES = (
    "NaN", "-Infinity", "1e400", "-1e999999999", "1" * 5000, "0.1e-99999", "01", "+1", "1.", ".5", "-", '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\u0000"', '"\\x"', '"\n"', "'a'", "tru", "[1,]", '{"a":1,"a":2}', "{,}", '"\xff"', "[" * 63 + "]" * 63,
    "[" * 500 + "]" * 500,
    '{"a":' * 100 + "1" + "}" * 100, "9007199254740993", "1e15", "1E1", "-0", "-0.0", "1.0",
    "100000000000000000000000000000",
    '{"@id":"x"}', '{"@type":"@id"}', '"2024-13-45T99:99:99Z"', '"0000-00-00"', '"2024-02-30"',
    '"+99999-01-01T00:00:00Z"',
)  # fmt: skip


def json_bodies(chance: Random) -> Input:
    """A body that is JSON, or nearly."""
    raw = chance.choice(_RAW_VALUES)
    text = chance.choice(
        (raw, f'{{"schemaName": {raw}}}', f"[{raw}]", f'{{"data": {{"x": {raw}}}}}', f'[{{"a": [{raw}]}}, {raw}]')
    )
    body = text.encode("latin-1")
    if chance.random() < 0.3:
        body = chance.choice(
            (
                b"\xef\xbb\xbf" + body,
                body.decode("latin-1").encode("utf-16"),
                b"\0" + body,
                body + b"\n\n" + body,
                b"",
                b" ",
            )
        )
    return _posted(chance, "JSON", body, stores=0)


def large_json(chance: Random) -> Input:
    """JSON of 1 to 8 MB that costs more than its size."""
    size = chance.choice((1 << 20, 1 << 20, 8_000_000))
    way = chance.choice(
        (("[", "[", ""), ("[", "[],", "[]]"), ('{"data":{', '"a":1,', '"b":1}}'), ("[", "{},", "{}]"), ('{"a":"',
        "\\\\", '"}'), ('["', '\\"', '"]'),
         ("", "{}\n", ""), ('{"data":{"x":[', "1,", "1]}}"), ("{", '"', ""), ("", "[\n", ""), ("[", "[[[[]]]],",
         "1]"), ('"', "[", '"'), ("", "\n", ""),
         ('{"data":{"x":', "9", "}}"), ("", '{"a":\n', ""), ("[", '"\n[",', "1]"))
    )  # fmt: skip
    start, unit, end = way
    body = (start + unit * (size // len(unit)) + end).encode()
    return _posted(chance, "large JSON", body, stores=0)


def good_envelopes(chance: Random) -> Input:
    """Envelopes as they should be, which have to be stored."""
    number = chance.choice((1, 1, 3))
    texts = [_text(envelope) for envelope in _fresh(chance, number)]
    if number == 1:
        return whole("good envelope", "POST", "/records", [("Content-Type", _JSON)], texts[0], stores=1)
    kind = chance.choice(_LINES)
    return whole("good envelope", "POST", "/records", [("Content-Type", kind)], b"\n".join(texts), stores=number)


def envelope_posts(chance: Random) -> Input:
    """Envelopes with something in them changed, removed, doubled or put in."""
    number = chance.choice((1, 1, 1, 2, 5))
    texts = [_text(_changed(chance, envelope), chance.choice(_RAW_VALUES)) for envelope in _fresh(chance, number)]
    if chance.random() < 0.2:
        texts = [mutated(chance, text) for text in texts]
    return _posted(chance, "envelope", texts, stores=2 * number)


def tables(chance: Random) -> Input:
    """Rows with odd cells, columns and line ends, as the form for checks takes them."""
    out = io.StringIO()
    mark, end = chance.choice(",,,;\t|"), chance.choice(("\n", "\r\n", "\r", "\n\n"))
    writer = csv.writer(
        out, delimiter=mark, lineterminator=end, quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    )
    columns = list(COLUMNS)
    for _ in range(chance.randint(0, 2)):
        columns[chance.randrange(len(columns))] = odd_text(chance, longest=200)
    writer.writerow(columns[: chance.choice((len(columns), len(columns), 2, 1))])
    for row in rows(chance.randint(0, 25), chance):
        cells = list(row.values())
        for _ in range(chance.randint(0, 3)):
            cells[chance.randrange(len(cells))] = odd_text(chance, longest=2000)
        writer.writerow(cells if chance.random() < 0.9 else cells * chance.choice((0, 2)))
    body = out.getvalue().encode("utf-8", "surrogatepass")
    return _checked("rows", mutated(chance, body) if chance.random() < 0.3 else body)


def _posted(chance: Random, kind: str, body: bytes | list[bytes], *, stores: int) -> Input:
    texts = body if isinstance(body, list) else [body]
    place = chance.choice(("/records", "/records", "/validate", "/check"))
    if place == "/check":
        return _checked(kind, b"\n".join(texts))
    media = chance.choice((_JSON, _JSON, "application/ld+json", *_LINES))
    joined = b"\n".join(texts) if media in _LINES or len(texts) == 1 else b"[" + b",".join(texts) + b"]"
    return whole(kind, "POST", place, [("Content-Type", media)], joined, stores=stores if place == "/records" else 0)


def _checked(kind: str, body: bytes) -> Input:
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    if len(body) > 1 << 20:
        part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        return whole(
            kind,
            "POST",
            "/check",
            [("Content-Type", "multipart/form-data; boundary=b")],
            part + body + b"\r\n--b--\r\n",
        )
    return whole(kind, "POST", "/check", form, f"text={encoded(body)}".encode())


def _fresh(chance: Random, number: int) -> Iterator[dict[str, Any]]:
    """Envelopes of accounts that no other input has."""
    mark = f"f{chance.getrandbits(60):x}"
    for at, envelope in enumerate(envelopes(number, chance)):
        text = json.dumps(envelope).replace(str(2_000_001 + at), f"{mark}-{at}")
        fresh: dict[str, Any] = json.loads(text)
        yield fresh


def _text(envelope: Any, raw: str = "null") -> bytes:
    return json.dumps(envelope).replace(f'"{_RAW}"', raw).encode("utf-8", "surrogatepass")


def _changed(chance: Random, envelope: dict[str, Any]) -> dict[str, Any]:
    for _ in range(chance.randint(1, 3)):
        holder, key = chance.choice(list(_places(envelope)))
        way = chance.randint(0, 5)
        if way == 0:
            del holder[key]
            continue
        holder[key] = (
            _RAW if way == 1 else odd_text(chance) if way == 2 else chance.choice((None, [], {}, "", 0, True, [None],
            [[]], {"": 1}))
            if way == 3 else [holder[key]] * chance.choice((1, 2, 200)) if way == 4 else {"@id": odd_text(chance,
            longest=50), "x": holder[key]}
        )  # fmt: skip
    return envelope


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])
