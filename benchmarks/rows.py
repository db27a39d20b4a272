"""Warehouse rows of `dim_customer`: valid ones, any number, the same for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import pools

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

__all__ = ["COLUMNS", "Row", "rows"]

COLUMNS = (
    "customer_id", "customer_number", "imported_customer_number", "third_party_id", "customer_status", "firstname",
    "second_firstname", "lastname", "second_lastname", "street", "house_number", "zip", "city", "country",
    "tel_private", "tel_private_mobile", "tel_business", "tel_business_mobile", "email", "email_verification_status",
    "gender", "date_of_birth", "place_of_birth", "country_of_birth", "deceased", "archived", "created_date", "locale",
    "customer_origin", "last_updated",
)  # fmt: skip
"""The columns in the order of the warehouse's own page."""

Row = dict[str, str]
"""One row, every column present; an empty text is a null."""

_STATUSES = ("MEMBER", "MEMBER", "MEMBER", "PROSPECT", "FORMER_MEMBER")
_VERIFICATIONS = ("VERIFIED", "VERIFIED", "INITIAL", "PENDING", "UNVERIFIED")
_GENDERS = ("FEMALE", "MALE", "DIVERSE", "")
_STUDIOS = ("KLN", "ZRH", "AKL", "TOS")


def rows(count: int, random: Random) -> Iterator[Row]:
    """Valid rows without end of memory.

    Args:
        count: how many.
        random: the source of every choice; the same state gives the same rows.

    Yields:
        Rows in the order of their `customer_id`, counted from 100,001.
    """
    for number in range(100_001, 100_001 + count):
        yield _row(number, random)


def _row(number: int, random: Random) -> Row:
    place, birthplace = random.choice(pools.PLACES), random.choice(pools.PLACES)
    archived = random.random() < 0.05
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "customer_id": str(number),
        "customer_number": "" if archived else f"{random.choice(_STUDIOS)}-{number}",
        "customer_status": random.choice(_STATUSES),
        "gender": random.choice(_GENDERS),
        "date_of_birth": _date(random, 1940, 2007),
        "place_of_birth": birthplace.city,
        "country_of_birth": birthplace.country,
        "deceased": "true" if random.random() < 0.01 else "false",
        "archived": "true" if archived else "false",
        "locale": place.locale,
    }
    return row | _name(random) | _address(place, random) | _contact(number, place, random) | _history(number, random)


def _name(random: Random) -> Row:
    named = {"firstname": random.choice(pools.FIRST_NAMES), "lastname": random.choice(pools.LAST_NAMES)}
    if random.random() < 0.2:
        named["second_firstname"] = random.choice(pools.FIRST_NAMES)
    if random.random() < 0.1:
        named["second_lastname"] = random.choice(pools.LAST_NAMES)
    return named


def _address(place: pools.Place, random: Random) -> Row:
    return {
        "street": random.choice(pools.STREETS),
        "house_number": f"{random.randrange(1, 240)}{random.choice(('', '', '', 'a', '/2'))}",
        "zip": place.zip,
        "city": place.city,
        "country": place.country,
    }


def _contact(number: int, place: pools.Place, random: Random) -> Row:
    if random.random() < 0.12:
        reached = {"email_verification_status": "UNVERIFIED"}
    else:
        reached = {
            "email": f"member.{number}@post.example",
            "email_verification_status": random.choice(_VERIFICATIONS),
        }
    for column, share in (("tel_private", 0.5), ("tel_private_mobile", 0.8), ("tel_business", 0.1)):
        if random.random() < share:
            reached[column] = f"{place.dialling_code} {random.randrange(100_000, 9_999_999)}"
    return reached


def _history(number: int, random: Random) -> Row:
    created = _date(random, 2015, 2024)
    origin = random.choice(pools.ORIGINS)
    if created < "2023-08" and random.random() < 0.1:
        origin = random.choice(("LEGACY_MYSPORTS", "LEGACY_WEB"))
    history = {
        "created_date": created,
        "customer_origin": origin,
        "last_updated": f"{_date(random, 2025, 2025)}T{random.randrange(24):02}:{random.randrange(60):02}:07Z",
    }
    if origin.startswith("IMPORT-"):
        history["imported_customer_number"] = f"OLD-{number}"
    if random.random() < 0.2:
        history["third_party_id"] = f"crm:{random.getrandbits(48):012x}"
    return history


def _date(random: Random, first_year: int, last_year: int) -> str:
    return f"{random.randint(first_year, last_year)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
