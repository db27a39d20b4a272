"""What can be wrong with one warehouse row: each fault breaks one rule and no other."""

from __future__ import annotations

from benchmarks.faults import Fault
from benchmarks.rows import Row

__all__ = ["ROW_FAULTS"]

_TABLE = "warehouse.dim_customer"
_TOO_LONG = 257
_BEYOND = "9" * 14
"""Makes a number of six digits one that 64 bits cannot hold."""


def _fault(name: str, pointer: str | None, severity: str, values: Row) -> Fault[Row]:
    """A fault that overwrites columns; `{id}` in a value keeps it unlike that of every other row."""

    def spoil(row: Row) -> Row:
        return row | {column: value.format(id=row["customer_id"]) for column, value in values.items()}

    return Fault(rule=f"{_TABLE}.{name}", severity=severity, pointer=pointer, spoil=spoil)


def _column(name: str, aspect: str, value: str, severity: str = "Violation", **others: str) -> Fault[Row]:
    """A fault of one column; `others` are what it needs so that no second rule breaks."""
    return _fault(f"{name}.{aspect}", f"/{name}", severity, {name: value} | others)


def _condition(name: str, **values: str) -> Fault[Row]:
    return _fault(name, None, "Warning", values)


_FREE_TEXT = (
    "imported_customer_number", "third_party_id", "firstname", "second_firstname", "lastname", "second_lastname",
    "street", "house_number", "zip", "city", "tel_private", "tel_private_mobile", "tel_business",
    "tel_business_mobile", "gender", "place_of_birth",
)  # fmt: skip

ROW_FAULTS = (
    _column("customer_id", "minCount", ""),
    _column("customer_id", "datatype", "{id}x"),
    _column("customer_id", "minInclusive", "-" + _BEYOND + "{id}"),
    _column("customer_id", "maxInclusive", _BEYOND + "{id}"),
    _column("date_of_birth", "datatype", "1980-02-30"),
    _column("created_date", "datatype", "14.03.2021", customer_origin="WEBCLIENT"),
    _column("deceased", "datatype", "perhaps"),
    _column("archived", "datatype", "moved"),
    _column("last_updated", "datatype", "2025-04-31T25:00:00Z"),
    _column("customer_status", "in", "ACTIVE"),
    _column("email_verification_status", "in", "ASKED", email="someone@post.example"),
    _column("country", "in", "ZZ"),
    _column("country_of_birth", "pattern", "ZZ", "Warning"),
    _column("customer_origin", "in", "FACSIMILE"),
    _column("customer_number", "maxLength", "KLN-" + "7" * _TOO_LONG + "{id}", archived="false"),
    _column("email", "maxLength", "a" * _TOO_LONG + "@post.example", email_verification_status="VERIFIED"),
    _column("customer_origin", "maxLength", "IMPORT-" + "A" * _TOO_LONG),
    _column("country_of_birth", "maxLength", "ä" * _TOO_LONG),
    *(_column(name, "maxLength", "ä" * _TOO_LONG + "{id}") for name in _FREE_TEXT),
    _column("customer_number", "pattern", "KLN{id}", "Warning", archived="false"),
    _column("email", "pattern", "somebody at post.example", "Warning", email_verification_status="INITIAL"),
    _column("locale", "pattern", "german", "Warning"),
    _column("last_updated", "pattern", "2025-01-10T05:15:30+02:00", "Warning"),
    _column("last_updated", "typePattern", "2025-01-10T05:15:30"),
    _condition("numberFreedOnArchive", archived="true", customer_number="KLN-{id}"),
    _condition("statusWithoutEmail", email="", email_verification_status="VERIFIED"),
    _condition("legacyOrigin", customer_origin="LEGACY_WEB", created_date="2023-08-01"),
)
"""Every rule that one row can break alone; a value that is too long for an enumeration breaks that instead."""
