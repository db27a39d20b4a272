"""What can be wrong with one envelope: each fault breaks one rule and no other."""

from __future__ import annotations

from copy import deepcopy
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from benchmarks.envelopes import BASE, Envelope
from benchmarks.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def _code(kind: str, **members: Any) -> Envelope:
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


def _number_of_its_own(envelope: Envelope) -> int:
    """A number where a text is due, unlike that of every other envelope."""
    return int(envelope["data"]["extendedBy"][0]["value"][0])


def _iri_of_its_own(envelope: Envelope) -> str:
    return f"{BASE}limber/CustomerAccount#{_number_of_its_own(envelope)}"


def _both_partners(envelope: Envelope) -> Any:
    return [envelope["data"]["payer"], envelope["data"]["seller"]]


def _without_code(kind: str) -> Envelope:
    return {"@type": kind, "uniqueText": f"{kind}-9"}


_STRANGER: Envelope = {
    "@type": "InternalReference",
    "id": "00000000-0000-4000-8000-000000000000",
    "className": "BusinessPartner",
}
_ELSEWHERE = {
    "@type": "DataReference",
    "schemaName": "limber",
    "shapeName": "BusinessPartner",
    "iri": f"{BASE}limber/BusinessPartner#elsewhere",
}
_COUNTRY = _data_reference("Country", "NZ")
_PHONE_TYPE = _data_reference("PhoneAddressType", "Landline")
_ACCOUNT_KEY = "/dataId/keys/0"
_PAYER = "/data/businessPartner/0"
_ADDRESS = f"{_PAYER}/physicalAddress"
_ATTRIBUTE = "/data/attributeField/0"
_VALUE = f"{_ATTRIBUTE}/attributeValue/0"
_CODES = (
    ("customerCategory", "CustomerCategory"),
    ("customerPriceGroup", "CustomerPriceGroup"),
    ("customerStatus", "CustomerStatus"),
)
_PLACES = MappingProxyType(
    {
        "AttributeField": _ATTRIBUTE,
        "AttributeValue": _VALUE,
        "BusinessPartnerRole": f"{_PAYER}/businessPartnerRole/0",
        "Country": f"{_ADDRESS}/country",
        "CustomerCategory": "/data/customerCategory",
        "CustomerPriceGroup": "/data/customerPriceGroup",
        "CustomerStatus": "/data/customerStatus",
        "EmailAddress": f"{_PAYER}/emailAddress",
        "ExtensionField": "/data/extendedBy/0",
        "ExternalID": "/data/externalIdentity/0",
        "PhoneAddress": f"{_PAYER}/phoneAddress",
        "PhoneAddressType": f"{_PAYER}/phoneAddress/addressType",
        "PhysicalAddress": _ADDRESS,
        "RecordedByUser": "/data/recordedBy/0",
    }
)
"""Where an envelope holds an object of each class that needs a key; not all are embedded, but all may be."""
_ONLY_KEY = MappingProxyType(
    {
        "AttributeField": "uniqueText",
        "EmailAddress": "uniqueText",
        "ExtensionField": "uniqueText",
        "ExternalID": "internalType",
        "PhoneAddress": "uniqueText",
        "PhysicalAddress": "uniqueText",
        "RecordedByUser": "uniqueText",
    }
)
"""The member that is missed first where a class has one key alone; with several, it is the object that lacks one."""


def _too_many() -> Iterator[Fault[Envelope]]:
    """More values than one where the page says zero or one, or exactly one."""
    for member in ("accountCode", "sourceSystemCode", "salesRepName"):
        yield _fault(f"CustomerAccount.{member}.maxCount", {f"/data/{member}": _twice(member)})
    yield _fault("CustomerAccount.sourceSystemID.maxCount", {"/data/sourceSystemID": "spelt otherwise"})
    for member in ("payer", "seller", "defaultReceiver"):
        yield _fault(f"CustomerAccount.{member}.maxCount", {f"/data/{member}": _both_partners})
    for member, kind in _CODES:
        place = f"/data/{member}"
        yield _fault(f"CustomerAccount.{member}.maxCount", {place: [_code(kind), _code(kind, uniqueText="other")]})
        yield _fault(f"{kind}.code.maxCount", {place: _code(kind, code=["9", "8"])}, pointer=f"{place}/code")
        if kind != "CustomerPriceGroup":
            many = _code(kind, description=["one", "two"])
            yield _fault(f"{kind}.description.maxCount", {place: many}, pointer=f"{place}/description")


def _too_few() -> Iterator[Fault[Envelope]]:
    """Nothing where something must be."""
    yield _fault("Envelope.dataId.minCount", {"/dataId": _ABSENT})
    yield _fault("DataReference.iri.minCount", {f"{_PAYER}/businessPartnerRole/1/iri": _ABSENT})
    yield _fault("InternalReference.id.minCount", {"/data/payer/id": _ABSENT})
    yield _fault("CustomerAccount.accountCode.minCount", {"/data/accountCode": _ABSENT, _ACCOUNT_KEY: {}})
    nobody = {"/data/businessPartner": _ABSENT, "/data/payer": _ABSENT, "/data/seller": _ABSENT}
    yield _fault("CustomerAccount.businessPartner.minCount", nobody)
    for member, kind in _CODES:
        place = f"/data/{member}"
        yield _fault(f"{kind}.code.minCount", {place: _without_code(kind)}, pointer=f"{place}/code")


def _keyless() -> Iterator[Fault[Envelope]]:
    """Embedded objects that nothing identifies."""
    yield _fault("BusinessPartner.key", {"/data/businessPartner/2": {"@type": "BusinessPartner"}})
    for kind, place in _PLACES.items():
        missing = f"{place}/{_ONLY_KEY[kind]}" if kind in _ONLY_KEY else place
        yield _fault(f"{kind}.key", {place: {"@type": kind}}, pointer=missing)


def _wrong_class() -> Iterator[Fault[Envelope]]:
    """Links to a thing of another class, or to nothing in the record."""
    for member in ("payer", "seller", "defaultReceiver"):
        yield _fault(f"CustomerAccount.{member}.class", {f"/data/{member}": _STRANGER})
        yield _fault(f"CustomerAccount.{member}.internal", {f"/data/{member}": _ELSEWHERE})
    for member, _ in _CODES:
        yield _fault(f"CustomerAccount.{member}.class", {f"/data/{member}": _COUNTRY})
    for member in ("attributeField", "extendedBy", "externalIdentity", "recordedBy"):
        yield _fault(f"CustomerAccount.{member}.class", {f"/data/{member}/0": _COUNTRY})
    yield _fault("CustomerAccount.businessPartner.class", {"/data/businessPartner/2": _COUNTRY})
    for member in ("emailAddress", "phoneAddress", "physicalAddress"):
        yield _fault(f"BusinessPartner.{member}.class", {f"{_PAYER}/{member}": _COUNTRY})
    yield _fault("BusinessPartner.businessPartnerRole.class", {f"{_PAYER}/businessPartnerRole/0": _COUNTRY})
    yield _fault("BusinessPartner.extendedBy.class", {f"{_PAYER}/extendedBy/0": _COUNTRY})
    yield _fault("BusinessPartner.externalIdentity.class", {f"{_PAYER}/externalIdentity/1": _COUNTRY})
    yield _fault("PhysicalAddress.country.class", {f"{_ADDRESS}/country": _PHONE_TYPE})
    yield _fault("PhoneAddress.addressType.class", {f"{_PAYER}/phoneAddress/addressType": _COUNTRY})
    yield _fault("AttributeField.attributeValue.class", {_VALUE: _COUNTRY})
    stray = {"@type": "AttributeValue", "uniqueText": "stray", "code": "1", "externalIdentity": [_COUNTRY]}
    yield _fault("AttributeValue.externalIdentity.class", {_VALUE: stray}, pointer=f"{_VALUE}/externalIdentity/0")


def _no_text() -> Iterator[Fault[Envelope]]:
    """Numbers, booleans and objects where a text is due."""
    yield _fault("CustomerAccount.accountCode.datatype", {"/data/accountCode": _number_of_its_own, _ACCOUNT_KEY: {}})
    yield _fault("CustomerAccount.sourceSystemCode.datatype", {"/data/sourceSystemCode": 4711})
    yield _fault("CustomerAccount.sourceSystemID.datatype", {"/data/sourceSystemId": 4711})
    yield _fault("CustomerAccount.salesRepName.datatype", {"/data/salesRepName": 4711})
    for member, kind in _CODES:
        place = f"/data/{member}"
        yield _fault(f"{kind}.code.datatype", {place: _code(kind, code=9)}, pointer=f"{place}/code")
        if kind != "CustomerPriceGroup":
            number = _code(kind, description=7.5)
            yield _fault(f"{kind}.description.datatype", {place: number}, pointer=f"{place}/description")
        yield _fault(f"{kind}.uniqueText.datatype", {place: _code(kind, uniqueText=9)}, pointer=f"{place}/uniqueText")
    for rule, pointer, value in _NOT_TEXT:
        yield _fault(f"{rule}.datatype", {pointer: value})
    itself = {
        "/data/uniqueText": _number_of_its_own,
        "/dataId/keys/1/uniqueText": _number_of_its_own,
        "/dataId/iri": _iri_of_its_own,
    }
    yield _fault("CustomerAccount.uniqueText.datatype", itself)
    payer = {f"{_PAYER}/uniqueText": 77, "/data/payer/id": "77", "/data/payer/keys/0/uniqueText": 77}
    yield _fault("BusinessPartner.uniqueText.datatype", payer)


_NOT_TEXT: tuple[tuple[str, str, Any], ...] = (
    ("AttributeField.key", f"{_ATTRIBUTE}/key", 1),
    ("AttributeField.uniqueText", f"{_ATTRIBUTE}/uniqueText", 1),
    ("AttributeValue.code", f"{_VALUE}/keys/0/code", 5),
    ("AttributeValue.discriminant", f"{_VALUE}/keys/0/discriminant", 5),
    ("AttributeValue.uniqueText", f"{_VALUE}/keys/1/uniqueText", 5),
    ("BusinessPartner.code", "/data/businessPartner/1/code", 7100),
    ("BusinessPartner.primaryName", f"{_PAYER}/primaryName", {"first": "A", "last": "B"}),
    ("BusinessPartnerRole.code", f"{_PAYER}/businessPartnerRole/2/keys/0/code", 5),
    ("BusinessPartnerRole.uniqueText", f"{_PAYER}/businessPartnerRole/2/keys/0/uniqueText", 5),
    ("Country.code", f"{_ADDRESS}/country/keys/0/code", 64),
    ("Country.uniqueText", f"{_ADDRESS}/country/keys/0/uniqueText", 64),
    ("EmailAddress.email", f"{_PAYER}/emailAddress/email", 7),
    ("EmailAddress.uniqueText", f"{_PAYER}/emailAddress/uniqueText", 7),
    ("ExtensionField.key", "/data/extendedBy/1/key", True),
    ("ExtensionField.uniqueText", "/data/extendedBy/1/uniqueText", 7),
    ("ExtensionField.value", "/data/extendedBy/1/value/0", 7),
    ("ExternalID.externalId", "/data/externalIdentity/0/externalId", 4711),
    ("ExternalID.externalSystemCode", "/data/externalIdentity/0/externalSystemCode", 12),
    ("ExternalID.internalType", "/data/externalIdentity/0/internalType", 3),
    ("PhoneAddress.phoneNumber", f"{_PAYER}/phoneAddress/phoneNumber", 211234567),
    ("PhoneAddress.uniqueText", f"{_PAYER}/phoneAddress/uniqueText", 7),
    ("PhoneAddressType.code", f"{_PAYER}/phoneAddress/addressType/keys/0/code", 1),
    ("PhoneAddressType.uniqueText", f"{_PAYER}/phoneAddress/addressType/keys/0/uniqueText", 1),
    ("PhysicalAddress.cityName", f"{_ADDRESS}/cityName", False),
    ("PhysicalAddress.line1", f"{_ADDRESS}/line1", 14),
    ("PhysicalAddress.line2", f"{_ADDRESS}/line2", 3.50),
    ("PhysicalAddress.postalCode", f"{_ADDRESS}/postalCode", 7400),
    ("PhysicalAddress.regionName", f"{_ADDRESS}/regionName", 1),
    ("PhysicalAddress.uniqueText", f"{_ADDRESS}/uniqueText", 1),
    ("RecordedByUser.createdByUserCode", "/data/recordedBy/0/createdByUserCode", 12),
    ("RecordedByUser.createdOn", "/data/recordedBy/0/createdOn", "last spring"),
    ("RecordedByUser.externalSystemCode", "/data/recordedBy/0/externalSystemCode", 12),
    ("RecordedByUser.modifiedByUserCode", "/data/recordedBy/0/modifiedByUserCode", 12),
    ("RecordedByUser.modifiedOn", "/data/recordedBy/0/modifiedOn", "2023-02-30T10:00:00Z"),
    ("RecordedByUser.uniqueText", "/data/recordedBy/0/uniqueText", 12),
)
"""Rule, place, and a value that is not of the datatype there."""

ENVELOPE_FAULTS = (
    *_too_few(),
    *_too_many(),
    *_keyless(),
    *_wrong_class(),
    *_no_text(),
    _warning("DataReference.fragment", {"/dataId/iri": _iri_of_its_own}),
    _warning("InternalReference.restatedUniqueText.restates", {"/data/seller/keys/0/uniqueText": "elsewhere"}),
    _warning("InternalReference.restatedCode.restates", {"/data/seller/keys/0/code": "elsewhere"}),
    _warning(
        "InternalReference.restatedExternalIdentity.restates",
        {"/data/payer/externalIdentities/0/externalId": "elsewhere"},
        pointer="/data/payer/externalIdentities/0",
    ),
)
"""Every rule that one envelope can break alone."""
