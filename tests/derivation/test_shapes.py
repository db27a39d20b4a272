"""The shapes at work, in pySHACL in a process of its own: what a rule forbids breaks it, and nothing else does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

PREFIXES = """\
@prefix l: <https://schema.limbergraph.com/limber/> .
@prefix w: <https://schema.limbergraph.com/warehouse/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/> .
"""
SH = "http://www.w3.org/ns/shacl#"
SHAPE = "https://schema.limbergraph.com/shape/"
CUSTOMER = "a w:dim_customer ; w:customer_id"

# name of the node -> what is said of it, and the rules that this breaks; each customer has a number of its own
CASES: dict[str, tuple[str, set[str]]] = {
    "plain": (f"{CUSTOMER} 1", set()),
    "noKey": ("a w:dim_customer", {"customer_id.minCount"}),
    "twoKeys": (f"{CUSTOMER} 2, 3", {"customer_id.maxCount"}),
    "leastKey": (f"{CUSTOMER} -9223372036854775808", set()),
    "greatestKey": (f"{CUSTOMER} 9223372036854775807", set()),
    "keyBelow": (f"{CUSTOMER} -9223372036854775809", {"customer_id.minInclusive"}),
    "keyAbove": (f"{CUSTOMER} 9223372036854775808", {"customer_id.maxInclusive"}),
    "textKey": (f'{CUSTOMER} "x"', {"customer_id.datatype"}),
    "longCity": (f'{CUSTOMER} 4 ; w:city "{"x" * 257}"', {"city.maxLength"}),
    "fullCity": (f'{CUSTOMER} 5 ; w:city "{"x" * 256}"', set()),
    "status": (f'{CUSTOMER} 6 ; w:customer_status "FRIEND"', {"customer_status.in"}),
    "country": (f'{CUSTOMER} 7 ; w:country "UK"', {"country.in"}),
    "birth": (f'{CUSTOMER} 8 ; w:country_of_birth "New Zealand"', set()),
    "noNation": (f'{CUSTOMER} 31 ; w:country_of_birth "ZZ"', {"country_of_birth.pattern"}),
    "codeOfBirth": (f'{CUSTOMER} 32 ; w:country_of_birth "NZ"', set()),
    "day": (f'{CUSTOMER} 9 ; w:date_of_birth "2023-02-30"^^xsd:date', {"date_of_birth.datatype"}),
    "number": (f'{CUSTOMER} 10 ; w:customer_number "123"', {"customer_number.pattern"}),
    "archived": (f'{CUSTOMER} 11 ; w:archived true ; w:customer_number "AB-1"', {"numberFreedOnArchive"}),
    "kept": (f'{CUSTOMER} 12 ; w:archived false ; w:customer_number "AB-2"', set()),
    "mail": (f'{CUSTOMER} 13 ; w:email "ann at home"', {"email.pattern"}),
    "noMail": (f'{CUSTOMER} 14 ; w:email_verification_status "VERIFIED"', {"statusWithoutEmail"}),
    "unverified": (f'{CUSTOMER} 15 ; w:email_verification_status "UNVERIFIED"', set()),
    "mailUnverified": (f'{CUSTOMER} 16 ; w:email "a@b.org" ; w:email_verification_status "UNVERIFIED"', set()),
    "locale": (f'{CUSTOMER} 17 ; w:locale "german"', {"locale.pattern"}),
    "localeDash": (f'{CUSTOMER} 18 ; w:locale "de-DE"', set()),
    "origin": (f'{CUSTOMER} 19 ; w:customer_origin "IMPORT"', {"customer_origin.in"}),
    "import": (f'{CUSTOMER} 20 ; w:customer_origin "IMPORT-CSV"', set()),
    "legacy": (
        f'{CUSTOMER} 21 ; w:customer_origin "LEGACY_WEB" ; w:created_date "2023-08-01"^^xsd:date',
        {"legacyOrigin"},
    ),
    "oldLegacy": (f'{CUSTOMER} 22 ; w:customer_origin "LEGACY_WEB" ; w:created_date "2023-07-31"^^xsd:date', set()),
    "zone": (
        f'{CUSTOMER} 23 ; w:last_updated "2025-01-10T05:15:30+01:00"^^xsd:dateTime',
        {"last_updated.pattern"},
    ),
    "noZone": (
        f'{CUSTOMER} 33 ; w:last_updated "2025-01-10T05:15:30"^^xsd:dateTime',
        {"last_updated.typePattern"},
    ),
    "offset": (f'{CUSTOMER} 30 ; w:last_updated "2025-01-10T05:15:30+00:00"^^xsd:dateTime', set()),
    "utc": (f'{CUSTOMER} 24 ; w:last_updated "2025-01-10T05:15:30Z"^^xsd:dateTime', set()),
    "noTime": (f'{CUSTOMER} 25 ; w:last_updated "soon"^^xsd:dateTime', {"last_updated.datatype"}),
    "shared1": (f'{CUSTOMER} 26 ; w:customer_number "AB-3"', {"customer_number.unique"}),
    "shared2": (f'{CUSTOMER} 27 ; w:customer_number "AB-3"', {"customer_number.unique"}),
    "crm1": (f'{CUSTOMER} 28 ; w:third_party_id "crm"', {"third_party_id.unique"}),
    "crm2": (f'{CUSTOMER} 29 ; w:third_party_id "crm"', {"third_party_id.unique"}),
    "checkin": ("a w:fct_checkin ; w:customer :nobody", {"customer.class"}),
    "checkinOf": ("a w:fct_checkin ; w:customer :plain", set()),
    "account": ('a l:CustomerAccount ; l:accountCode "A" ; l:businessPartner :partner ; l:payer :partner', set()),
    "noCode": ("a l:CustomerAccount ; l:businessPartner :partner", {"accountCode.minCount"}),
    "twoCodes": (
        'a l:CustomerAccount ; l:accountCode "B", "C" ; l:businessPartner :partner',
        {"accountCode.maxCount"},
    ),
    "sameCode1": ('a l:CustomerAccount ; l:accountCode "D" ; l:businessPartner :partner', {"accountCode.unique"}),
    "sameCode2": ('a l:CustomerAccount ; l:accountCode "D" ; l:businessPartner :partner', {"accountCode.unique"}),
    "noPartner": ('a l:CustomerAccount ; l:accountCode "E"', {"businessPartner.minCount"}),
    "payer": (
        'a l:CustomerAccount ; l:accountCode "F" ; l:businessPartner :partner ; l:payer :nobody',
        {"payer.class"},
    ),
    "payerElsewhere": (
        'a l:CustomerAccount ; l:accountCode "H" ; l:businessPartner :misread ; l:payer :loose',
        {"payer.internal"},
    ),
    "loose": ('a l:BusinessPartner ; l:uniqueText "l"', set()),
    "numberForText": (
        'a l:CustomerAccount ; l:accountCode "G" ; l:businessPartner :partner ; l:salesRepName 7',
        {"salesRepName.datatype"},
    ),
    "partner": (
        'a l:BusinessPartner ; l:uniqueText "p" ; l:restatedUniqueText "p" ; l:code "c" ; l:restatedCode "c"',
        set(),
    ),
    "misread": (
        'a l:BusinessPartner ; l:uniqueText "q" ; l:restatedUniqueText "p"',
        {"restatedUniqueText.restates"},
    ),
    "noIdentity": (
        "a l:BusinessPartner ; l:restatedExternalIdentity :borneByNone",
        {"restatedExternalIdentity.restates"},
    ),
    "identity": ("a l:BusinessPartner ; l:externalIdentity :borne ; l:restatedExternalIdentity :borne", set()),
    "borne": ("a l:ExternalID", set()),
    "elsewhere": ('l:restatedUniqueText "r"', set()),
    "category": ("a l:CustomerCategory", {"code.minCount"}),
    "user": ('a l:RecordedByUser ; l:createdOn "yesterday"^^xsd:dateTime', {"createdOn.datatype"}),
}
SEVERE = {"accountCode.unique": "Violation", "third_party_id.unique": "Warning", "legacyOrigin": "Warning"}


def data() -> str:
    return PREFIXES + "\n".join(f":{name} {said} ." for name, (said, _) in CASES.items()) + "\n"


@pytest.fixture(scope="module")
def report(root: Path, tmp_path_factory: pytest.TempPathFactory) -> ox.Dataset:
    folder = tmp_path_factory.mktemp("shapes")
    shapes = "".join((root / "shapes" / f"{name}.ttl").read_text(encoding="utf-8") for name in ("limber", "warehouse"))
    (folder / "shapes.ttl").write_text(shapes, encoding="utf-8")
    (folder / "data.ttl").write_text(data(), encoding="utf-8")
    call = [sys.executable, "-m", "pyshacl", "--metashacl", "-f", "nt", "-s", "shapes.ttl", "data.ttl"]
    done = subprocess.run(call, cwd=folder, capture_output=True, check=False, timeout=300)  # noqa: S603 - our own call
    assert done.returncode == 1, done.stderr.decode()
    return ox.Dataset(
        ox.Quad(triple.subject, triple.predicate, triple.object)
        for triple in ox.parse(done.stdout, format=ox.RdfFormat.N_TRIPLES)
    )


def results(report: ox.Dataset) -> list[dict[str, str]]:
    """Each result with its rule, without schema and class, under `rule`."""
    nodes = [quad.subject for quad in report.quads_for_object(ox.NamedNode(SH + "ValidationResult"))]
    found = [
        {
            quad.predicate.value.rpartition("#")[2]: quad.object.value
            for quad in report.quads_for_subject(node)
            if isinstance(quad.object, ox.NamedNode | ox.Literal)
        }
        for node in nodes
    ]
    return [{**result, "rule": result["sourceShape"].removeprefix(SHAPE).split(".", 2)[2]} for result in found]


@pytest.mark.slow
def test_each_rule_is_broken_by_what_it_forbids_and_by_nothing_else(report: ox.Dataset) -> None:
    found: dict[str, set[str]] = {name: set() for name in CASES}
    for result in results(report):
        found[result["focusNode"].rpartition("/")[2]].add(result["rule"])
    assert found == {name: broken for name, (_, broken) in CASES.items()}


@pytest.mark.slow
def test_findings_carry_the_severity_of_their_rule(report: ox.Dataset) -> None:
    found = {result["rule"]: result["resultSeverity"].removeprefix(SH) for result in results(report)}
    assert {rule: found[rule] for rule in SEVERE} == SEVERE


@pytest.mark.slow
def test_messages_are_the_shapes_own(report: ox.Dataset) -> None:
    messages = {result["rule"]: result["resultMessage"] for result in results(report)}
    assert messages["payer.class"] == "payer must point to a business partner that the same record holds"
    assert messages["accountCode.minCount"] == "accountCode is missing: a customer account has exactly one"
    assert messages["country.in"].endswith("such as DE or NZ")
