"""What can be wrong with one envelope: each fault breaks one rule and no other."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from benchmarks.envelopes import BASE, Envelope
from benchmarks.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ENVELOPE_FAULTS"]

_ABSENT = object()
"""Takes the member away."""


def _edited(envelope: Envelope, edits: dict[str, Any]) -> Envelope:
    """A copy with each JSON Pointer set to its value; a function of the envelope gives a value made from it."""
    copy = deepcopy(envelope)
    for pointer, value in edits.items():
        *parents, last = (int(step) if step.isdigit() else step for step in pointer[1:].split("/"))
        holder: Any = copy
        for step in parents:
            holder = holder[step]
        if value is _ABSENT:
            del holder[last]
        elif isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value(envelope) if callable(value) else value
    return copy


def _fault(
    rule: str, edits: dict[str, Any], *, pointer: str | None = None, severity: str = "Violation"
) -> Fault[Envelope]:
    """A fault whose place is the first edit's, unless another is given."""

    def spoil(envelope: Envelope) -> Envelope:
        return _edited(envelope, edits)

    return Fault(rule=f"limber.{rule}", severity=severity, pointer=pointer or next(iter(edits)), spoil=spoil)


def _warning(rule: str, edits: dict[str, Any], *, pointer: str | None = None) -> Fault[Envelope]:
    return _fault(rule, edits, pointer=pointer, severity="Warning")


def _code(kind: str, **members: Any) -> Envelope:  # noqa: ANN401  # a JSON member may hold any value
    """An embedded code object with a key of its own, so that only what is named is at fault."""
    return {"@type": kind, "uniqueText": f"{kind}-9", "code": "9"} | members


def _data_reference(shape: str, key: str) -> Envelope:
    return {
        "@type": "DataReference", "schemaName": "limber", "shapeName": shape,
        "iri": f"{BASE}limber/{shape}#{key}", "keys": [{"code": key}], "label": key,
    }  # fmt: skip


def _twice(member: str) -> Callable[[Envelope], Any]:
    """The member's value and a second one beside it."""
    return lambda envelope: [envelope["data"][member], f"{envelope['data'][member]}-2"]


def _both_partners(envelope: Envelope) -> Any:  # noqa: ANN401  # a JSON array
    return [envelope["data"]["payer"], envelope["data"]["seller"]]


def _without_code(kind: str) -> Envelope:
    return {"@type": kind, "uniqueText": f"{kind}-9"}


_STRANGER: Envelope = {
    "@type": "InternalReference",
    "id": "00000000-0000-4000-8000-000000000000",
    "className": "BusinessPartner",
}
_COUNTRY = _data_reference("Country", "NZ")
_PHONE_TYPE = _data_reference("PhoneAddressType", "Landline")
_ACCOUNT_KEY = "/dataId/keys/0"
_PAYER = "/data/businessPartner/0"
_ACCOUNT_TEXTS = ("sourceSystemCode", "salesRepName")
_CODES = (
    ("customerCategory", "CustomerCategory"),
    ("customerPriceGroup", "CustomerPriceGroup"),
    ("customerStatus", "CustomerStatus"),
)
_DESCRIBED = (("customerCategory", "CustomerCategory"), ("customerStatus", "CustomerStatus"))


def _links() -> list[Fault[Envelope]]:
    """Links of the account: too many of them, or to a thing of the wrong class."""
    faults = [
        _fault(
            f"CustomerAccount.{member}.maxCount",
            {f"/data/{member}": [_code(kind), _code(kind, uniqueText="other", code="8")]},
        )
        for member, kind in _CODES
    ]
    faults += [_fault(f"CustomerAccount.{member}.class", {f"/data/{member}": _COUNTRY}) for member, _ in _CODES]
    for member in ("payer", "seller", "defaultReceiver"):
        faults.append(_fault(f"CustomerAccount.{member}.maxCount", {f"/data/{member}": _both_partners}))
        faults.append(_fault(f"CustomerAccount.{member}.class", {f"/data/{member}": _STRANGER}))
    for member in ("extendedBy", "externalIdentity", "recordedBy"):
        place = f"/data/{member}/0"
        faults.append(_fault(f"CustomerAccount.{member}.class", {place: _COUNTRY}))
    faults.append(_fault("CustomerAccount.businessPartner.class", {"/data/businessPartner/2": _COUNTRY}))
    return faults


def _texts() -> list[Fault[Envelope]]:
    """Texts of the account and its codes: too many, none, or no text."""
    faults = []
    for member in _ACCOUNT_TEXTS:
        faults.append(_fault(f"CustomerAccount.{member}.maxCount", {f"/data/{member}": _twice(member)}))
        faults.append(_fault(f"CustomerAccount.{member}.datatype", {f"/data/{member}": 4711}))
    for member, kind in _CODES:
        place = f"/data/{member}"
        faults.append(_fault(f"{kind}.code.minCount", {place: _without_code(kind)}, pointer=f"{place}/code"))
        faults.append(_fault(f"{kind}.code.maxCount", {place: _code(kind, code=["9", "8"])}, pointer=f"{place}/code"))
        faults.append(_fault(f"{kind}.code.datatype", {place: _code(kind, code=9)}, pointer=f"{place}/code"))
    for member, kind in _DESCRIBED:
        place = f"/data/{member}"
        many, number = _code(kind, description=["one", "two"]), _code(kind, description=7.5)
        faults.append(_fault(f"{kind}.description.maxCount", {place: many}, pointer=f"{place}/description"))
        faults.append(_fault(f"{kind}.description.datatype", {place: number}, pointer=f"{place}/description"))
    return faults


ENVELOPE_FAULTS = (
    _fault("Envelope.dataId.minCount", {"/dataId/iri": _ABSENT}),
    _warning("DataReference.fragment", {"/dataId/iri": f"{BASE}limber/CustomerAccount#elsewhere"}),
    _fault("DataReference.iri.minCount", {f"{_PAYER}/businessPartnerRole/1/iri": _ABSENT}),
    _fault("InternalReference.id.minCount", {"/data/payer/id": _ABSENT}),
    _fault("BusinessPartner.key", {"/data/businessPartner/2": {"@type": "BusinessPartner", "primaryName": "Nobody"}}),
    _fault("CustomerAccount.accountCode.minCount", {"/data/accountCode": _ABSENT, _ACCOUNT_KEY: {}}),
    _fault("CustomerAccount.accountCode.maxCount", {"/data/accountCode": _twice("accountCode")}),
    _fault("CustomerAccount.accountCode.datatype", {"/data/accountCode": 4711, _ACCOUNT_KEY: {}}),
    _fault(
        "CustomerAccount.businessPartner.minCount",
        {"/data/businessPartner": _ABSENT, "/data/payer": _ABSENT, "/data/seller": _ABSENT},
    ),
    *_links(),
    *_texts(),
    _fault("RecordedByUser.createdOn.datatype", {"/data/recordedBy/0/createdOn": "last spring"}),
    _fault("RecordedByUser.modifiedOn.datatype", {"/data/recordedBy/0/modifiedOn": "2023-02-30T10:00:00Z"}),
    _fault("RecordedByUser.createdByUserCode.datatype", {"/data/recordedBy/0/createdByUserCode": 12}),
    _fault("ExtensionField.key.datatype", {"/data/extendedBy/0/key": True}),
    _fault("ExtensionField.value.datatype", {"/data/extendedBy/1/value": [7]}),
    _fault("AttributeField.key.datatype", {"/data/attributeField/0/key": 1}),
    _fault("BusinessPartner.primaryName.datatype", {f"{_PAYER}/primaryName": {"first": "A", "last": "B"}}),
    _fault("EmailAddress.email.datatype", {f"{_PAYER}/emailAddress/email": 7}),
    _fault("PhoneAddress.phoneNumber.datatype", {f"{_PAYER}/phoneAddress/phoneNumber": 211234567}),
    _fault("PhysicalAddress.postalCode.datatype", {f"{_PAYER}/physicalAddress/postalCode": 7400}),
    _fault("PhysicalAddress.cityName.datatype", {f"{_PAYER}/physicalAddress/cityName": False}),
    _fault(
        "PhysicalAddress.country.class",
        {f"{_PAYER}/physicalAddress/country": _data_reference("PhoneAddressType", "Landline")},
    ),
    _fault("PhoneAddress.addressType.class", {f"{_PAYER}/phoneAddress/addressType": _COUNTRY}),
    _fault("BusinessPartner.businessPartnerRole.class", {f"{_PAYER}/businessPartnerRole/0": _COUNTRY}),
)
"""Every rule that one envelope can break alone."""
