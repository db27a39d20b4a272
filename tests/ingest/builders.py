"""Small envelopes and rows for tests: what is not said is left out or takes a plain value."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

BASE = "https://schema.limbergraph.com/"
COLUMNS = (
    "customer_id",
    "customer_number",
    "imported_customer_number",
    "third_party_id",
    "customer_status",
    "firstname",
    "second_firstname",
    "lastname",
    "second_lastname",
    "street",
    "house_number",
    "zip",
    "city",
    "country",
    "tel_private",
    "tel_private_mobile",
    "tel_business",
    "tel_business_mobile",
    "email",
    "email_verification_status",
    "gender",
    "date_of_birth",
    "place_of_birth",
    "country_of_birth",
    "deceased",
    "archived",
    "created_date",
    "locale",
    "customer_origin",
    "last_updated",
)


def envelope(key: str, *, version: int = 1, action: str = "PUBLISH", mode: str = "LIVE", **data: Any) -> dict[str, Any]:
    """An envelope with one business partner; `data` adds members or replaces them."""
    partner = {"@type": "BusinessPartner", "uniqueText": f"{key}-partner", "primaryName": "Ägidius & Söhne"}
    return {
        "schemaName": "limber",
        "schemaVersion": "2.1.0",
        "shapeName": "CustomerAccount",
        "dataId": {
            "@type": "DataReference",
            "schemaName": "limber",
            "shapeName": "CustomerAccount",
            "iri": f"{BASE}limber/CustomerAccount#{key}",
            "label": f"Account {key}",
        },
        "dataAction": action,
        "mode": mode,
        "integrationKey": "ErpNord",
        "correlationId": f"correlation-{key}-{version}",
        "data": {
            "@type": "CustomerAccount",
            "accountCode": f"ErpNord-{key}",
            "uniqueText": key,
            "businessPartner": [partner],
            "@version": version,
        }
        | data,
    }


def status(code: str, label: str) -> dict[str, Any]:
    """A reference to a customer status."""
    return {
        "@type": "DataReference",
        "schemaName": "limber",
        "shapeName": "CustomerStatus",
        "iri": f"{BASE}limber/CustomerStatus#{code}",
        "keys": [{"code": code}],
        "label": label,
    }


def envelopes_file(path: Path, envelopes: Iterable[Mapping[str, Any]]) -> str:
    """Write JSON Lines; returns the path as text."""
    path.write_text("".join(json.dumps(each) + "\n" for each in envelopes), encoding="utf-8")
    return str(path)


def row(customer_id: int | str, **cells: str) -> dict[str, str]:
    """A row of the warehouse table."""
    plain = {"customer_id": str(customer_id), "lastname": "Müller", "last_updated": "2025-01-10T05:15:30Z"}
    return dict.fromkeys(COLUMNS, "") | plain | cells


def rows_file(path: Path, rows: Iterable[Mapping[str, str]]) -> str:
    """Write CSV; returns the path as text."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return str(path)
