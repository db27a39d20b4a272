"""Faults that no row can have, as RDF: a cell is one text, and the tables beside the customers have no source here."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmarks.envelopes import BASE
from benchmarks.rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["NODE_FAULTS", "NodeFault"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_TOO_LONG = "ä" * 257
_DATATYPES = MappingProxyType(
    {
        "customer_id": "integer",
        "date_of_birth": "date",
        "created_date": "date",
        "deceased": "boolean",
        "archived": "boolean",
        "last_updated": "dateTime",
    }
)
_TWO_VALUES = MappingProxyType(
    {
        "customer_id": ("1", "2"),
        "customer_number": ("KLN-1", "KLN-2"),
        "customer_status": ("MEMBER", "PROSPECT"),
        "country": ("DE", "NZ"),
        "country_of_birth": ("DE", "NZ"),
        "email": ("one@post.example", "two@post.example"),
        "email_verification_status": ("VERIFIED", "PENDING"),
        "date_of_birth": ("1980-01-01", "1980-01-02"),
        "deceased": ("true", "false"),
        "archived": ("true", "false"),
        "created_date": ("2020-01-01", "2020-01-02"),
        "locale": ("de_DE", "en_NZ"),
        "customer_origin": ("WEBCLIENT", "UNKNOWN"),
        "last_updated": ("2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z"),
    }
)
_LISTED = MappingProxyType(
    {
        "customer_status": "in",
        "country": "in",
        "email_verification_status": "in",
        "locale": "pattern",
    }
)
"""Columns whose values stand in a list, so that a value too long breaks two rules; with the other's aspect."""
_TABLES = (
    "bridge_customer_to_customer_code", "dim_customer_communication_consent", "dim_customer_custom_field",
    "fct_checkin", "fct_class_event", "fct_contract", "fct_contract_cancellation", "fct_contract_price_history",
    "fct_contract_term_dates", "fct_customer_appointment", "fct_customer_studio_history", "fct_idle_period",
    "fct_lead_lifetime", "fct_payment_run", "fct_revenue", "fct_revenue_cash_based", "fct_service_usage",
)  # fmt: skip
_IMPLIED = frozenset({"dim_customer_communication_consent", "fct_revenue", "fct_revenue_cash_based"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFault:
    """A node that breaks rules.

    Args:
        focus: IRI of the node.
        broken: slug and severity of each rule that it breaks.
        lines: its statements in N-Triples form.
    """

    focus: str
    broken: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


def _value(column: str, text: str, datatype: str | None = None) -> str:
    name = datatype or _DATATYPES.get(column)
    return f'"{text}"^^<{_XSD}{name}>' if name else f'"{text}"'


def _customer(name: str, values: Mapping[str, tuple[str, ...]], *broken: tuple[str, str]) -> NodeFault:
    focus = f"{BASE}limber/CustomerAccount#Warehouse-{name}"
    held: dict[str, tuple[str, ...]] = {"customer_id": (_value("customer_id", "1"),), **values}
    if "email_verification_status" in held:
        held["email"] = (_value("email", "one@post.example"),)
    lines = [f"<{focus}> {_TYPE} <{BASE}warehouse/dim_customer> ."]
    lines += [f"<{focus}> <{BASE}warehouse/{column}> {term} ." for column, terms in held.items() for term in terms]
    rules = tuple((f"warehouse.dim_customer.{rule}", severity) for rule, severity in broken)
    return NodeFault(focus=focus, broken=rules, lines=tuple(lines))


def _two_values() -> Iterator[NodeFault]:
    for column in COLUMNS:
        values = tuple(_value(column, text) for text in _TWO_VALUES.get(column, ("one", "two")))
        yield _customer(f"two-{column}", {column: values}, (f"{column}.maxCount", "Violation"))


def _no_string() -> Iterator[NodeFault]:
    """Texts that say they are tokens: the right characters under the wrong datatype."""
    for column in COLUMNS:
        if column not in _DATATYPES:
            text = _TWO_VALUES.get(column, ("one",))[0]
            also = [(f"{column}.in", "Violation")] if _LISTED.get(column) == "in" else []
            values = {column: (_value(column, text, "token"),)}
            yield _customer(f"token-{column}", values, (f"{column}.datatype", "Violation"), *also)


def _too_long_for_a_list() -> Iterator[NodeFault]:
    for column, aspect in _LISTED.items():
        other = (f"{column}.{aspect}", "Violation" if aspect == "in" else "Warning")
        values = {column: (_value(column, _TOO_LONG),)}
        yield _customer(f"long-{column}", values, (f"{column}.maxLength", "Violation"), other)


def _other_tables() -> Iterator[NodeFault]:
    """Rows of the tables that refer to a customer: with two customers, and with one that is not there."""
    good = [f"{BASE}limber/CustomerAccount#Warehouse-good-{number}" for number in (1, 2)]
    customers = [f"<{each}> {_TYPE} <{BASE}warehouse/dim_customer> ." for each in good]
    customers += [f"<{each}> <{BASE}warehouse/customer_id> {_value('customer_id', '1')} ." for each in good]
    for table in _TABLES:
        yield _row_of(table, "two", good, ("maxCount", "Violation"), customers)
        severity = "Warning" if table in _IMPLIED else "Violation"
        yield _row_of(table, "stray", [f"{BASE}limber/CustomerAccount#nobody"], ("class", severity), [])


def _row_of(table: str, name: str, customers: list[str], rule: tuple[str, str], more: list[str]) -> NodeFault:
    focus = f"{BASE}warehouse/{table}#{name}"
    lines = [f"<{focus}> {_TYPE} <{BASE}warehouse/{table}> ."]
    lines += [f"<{focus}> <{BASE}warehouse/customer> <{customer}> ." for customer in customers]
    aspect, severity = rule
    broken = ((f"warehouse.{table}.customer.{aspect}", severity),)
    return NodeFault(focus=focus, broken=broken, lines=tuple(lines + more))


NODE_FAULTS = (*_two_values(), *_no_string(), *_too_long_for_a_list(), *_other_tables())
"""Every rule of the warehouse that RDF can break and a row cannot, or not alone."""
