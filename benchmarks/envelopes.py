"""Limber envelopes of customer accounts: valid ones of the size and shape of a real message, the same for a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from benchmarks import pools

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

__all__ = ["BASE", "Envelope", "envelopes"]

BASE = "https://schema.limbergraph.com/"
"""The IRI that every generated identifier begins with."""

Envelope = dict[str, Any]
"""One message as JSON has it."""

_SYSTEM = "ErpNord"
_NAMESPACE = UUID("5b7d3b0e-6a0c-5c58-9d0b-0f3f6f0f7a11")
_ROLES = ("Receiver", "Buyer", "Payer")
_ACCOUNTS_PER_PAYER = 3


def envelopes(count: int, random: Random) -> Iterator[Envelope]:
    """Valid envelopes, each of its own account; three neighbours share a payer, all share sales organisations.

    Args:
        count: how many.
        random: the source of every choice; the same state gives the same envelopes.

    Yields:
        Envelopes; neighbours hold the same partner objects, so copy one before changing it.
    """
    payer: Envelope = {}
    for number in range(count):
        if number % _ACCOUNTS_PER_PAYER == 0:
            payer = _payer(2_000_001 + number, random)
        yield _envelope(2_000_001 + number, payer, random)


def _envelope(number: int, payer: Envelope, random: Random) -> Envelope:
    organisation, label = random.choice(pools.SALES_ORGANISATIONS)
    external = f"{number}::{organisation}::10::00"
    data = _account(number, external, random) | _partners(payer, _seller(organisation, label))
    return {
        "schemaName": "limber",
        "schemaVersion": "2.1.0",
        "shapeName": "CustomerAccount",
        "dataId": _data_id(data),
        "dataAction": "PUBLISH",
        "mode": "LIVE",
        "integrationKey": _SYSTEM,
        "correlationId": _uuid(random),
        "data": data,
        "storeKey": "limber",
        "stats": {"label": "getData", "time": 7, "minTime": 7, "maxTime": 7, "count": 1},
    }


def _data_id(data: Envelope) -> Envelope:
    identities = [
        {"integrationKey": one["externalSystemCode"], "externalId": one["externalId"]}
        for one in data["externalIdentity"]
    ]
    return {
        "@type": "DataReference",
        "schemaName": "limber",
        "shapeName": "CustomerAccount",
        "iri": f"{BASE}limber/CustomerAccount#{data['uniqueText']}",
        "externalIdentities": identities,
        "keys": [{"accountCode": data["accountCode"]}, {"uniqueText": data["uniqueText"]}],
        "label": data["accountCode"],
    }


def _account(number: int, external: str, random: Random) -> Envelope:
    identities = [_external_id("CustomerAccount", external)]
    if number % 20 == 0:  # the same customer stands in the warehouse, under the number that its rows count from
        identities.append(_external_id("CustomerAccount", str(number - 1_900_000), "Warehouse"))
    return {
        "@type": "CustomerAccount",
        "externalIdentity": identities,
        "extendedBy": [
            _extension("customerNumber", str(number), random),
            _extension("customerPriceGroup", random.choice(("Z0", "Z1", "Z9")), random),
            _extension("previousCustomerNumber", f"V{number - 1_000_000:07}", random),
        ],
        "attributeField": [
            _attribute(key, discriminant, codes, random) for key, discriminant, codes in pools.ATTRIBUTES
        ],
        "sourceSystemCode": _SYSTEM,
        "sourceSystemId": external,
        "recordedBy": [_recorded_by(random)],
        "accountCode": f"{_SYSTEM}-{external}",
        "customerStatus": _reference(
            "CustomerStatus", *random.choice((("A", "Active"), ("A", "Active"), ("D", "Dormant")))
        ),
        "salesRepName": random.choice(pools.SALES_REPS),
        "uniqueText": _uuid(random),
        "@version": random.randint(1, 9),
    }


def _partners(payer: Envelope, seller: Envelope) -> Envelope:
    return {
        "seller": _internal_reference(seller),
        "payer": _internal_reference(payer),
        "businessPartner": [payer, seller],
    }


def _payer(number: int, random: Random) -> Envelope:
    place = random.choice(pools.PLACES)
    return {
        "@type": "BusinessPartner",
        "externalIdentity": [_external_id("BusinessPartner", str(number))],
        "extendedBy": [_extension("isActive", "true", random)],
        "emailAddress": {
            "@type": "EmailAddress",
            "email": f"office.{number}@firma.example",
            "uniqueText": _uuid(random),
        },
        "phoneAddress": {
            "@type": "PhoneAddress",
            "addressType": _reference("PhoneAddressType", "Landline", "Landline"),
            "phoneNumber": f"{place.dialling_code} {random.randrange(100_000, 9_999_999)}",
            "uniqueText": _uuid(random),
        },
        "physicalAddress": _physical_address(place, random),
        "primaryName": f"{random.choice(pools.COMPANIES)} {number}",
        "businessPartnerRole": [_reference("BusinessPartnerRole", role, role) for role in _ROLES],
        "uniqueText": _uuid(random),
    }


def _physical_address(place: pools.Place, random: Random) -> Envelope:
    return {
        "@type": "PhysicalAddress",
        "line1": str(random.randrange(1, 240)),
        "line2": random.choice(pools.STREETS),
        "regionName": place.city[:3].upper(),
        "postalCode": place.zip,
        "cityName": place.city,
        "country": _reference("Country", place.country, place.country_name, key="uniqueText"),
        "uniqueText": _uuid(random),
    }


def _seller(code: str, name: str) -> Envelope:
    return {
        "@type": "BusinessPartner",
        "externalIdentity": [_external_id("BusinessPartner", code)],
        "code": code,
        "primaryName": name,
        "businessPartnerRole": [_reference("BusinessPartnerRole", "Seller", "Seller")],
        "uniqueText": str(uuid5(_NAMESPACE, f"seller/{code}")),
    }


def _external_id(kind: str, external: str, system: str = _SYSTEM) -> Envelope:
    return {"@type": "ExternalID", "internalType": kind, "externalSystemCode": system, "externalId": external}


def _extension(key: str, value: str, random: Random) -> Envelope:
    return {"@type": "ExtensionField", "key": key, "value": [value], "uniqueText": _uuid(random)}


def _attribute(key: str, discriminant: str, codes: tuple[tuple[str, str], ...], random: Random) -> Envelope:
    code, label = random.choice(codes)
    unique = str(uuid5(_NAMESPACE, f"{discriminant}/{code}"))
    value = {
        "@type": "DataReference",
        "schemaName": "limber",
        "shapeName": "AttributeValue",
        "iri": f"{BASE}limber/AttributeValue#{unique}",
        "externalIdentities": [{"integrationKey": _SYSTEM, "externalId": f"{discriminant}::{code}"}],
        "keys": [{"discriminant": discriminant, "code": code}, {"uniqueText": unique}],
        "label": label,
    }
    return {"@type": "AttributeField", "key": key, "attributeValue": [value], "uniqueText": _uuid(random)}


def _recorded_by(random: Random) -> Envelope:
    return {
        "@type": "RecordedByUser",
        "externalSystemCode": _SYSTEM,
        "createdByUserCode": f"EN{random.randrange(40):04}",
        "modifiedByUserCode": f"EN{random.randrange(40):04}",
        "createdOn": f"{random.randint(2016, 2022)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}T08:15:30Z",
        "modifiedOn": f"{random.randint(2023, 2025)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}T16:09:42Z",
        "uniqueText": _uuid(random),
    }


def _reference(shape: str, code: str, label: str, *, key: str = "code") -> Envelope:
    return {
        "@type": "DataReference",
        "schemaName": "limber",
        "shapeName": shape,
        "iri": f"{BASE}limber/{shape}#{code}",
        "keys": [{key: code}],
        "label": label,
    }


def _internal_reference(partner: Envelope) -> Envelope:
    identities = [
        {"integrationKey": one["externalSystemCode"], "externalId": one["externalId"]}
        for one in partner["externalIdentity"]
    ]
    return {
        "@type": "InternalReference",
        "id": partner["uniqueText"],
        "className": "BusinessPartner",
        "externalIdentities": identities,
        "keys": [{"uniqueText": partner["uniqueText"]}],
    }


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))
