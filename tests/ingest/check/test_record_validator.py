"""One record, judged: the forms that a member may take, what an envelope must say, and what nothing reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphmap.ingest import InputCheck, Knowledge, report_on
from graphmap.ingest.check.input_check import validated_records
from graphmap.ingest.check.record_validator import ValidatedRecord
from graphmap.ingest.detect_input import open_input
from graphmap.rdf.graph import Graph
from graphmap.validation.report.report import Report
from tests.ingest.builders import BASE, envelope, envelopes_file, row, rows_file, status

LIMBER = f"{BASE}limber/"
PAYER = f"<{LIMBER}payer>"


def validated(document: dict[str, Any], knowledge: Knowledge, folder: Path) -> ValidatedRecord:
    file = envelopes_file(folder / "one.jsonl", [document])
    gathering = InputCheck(knowledge.engine)
    opened = open_input(file, knowledge, refuse=gathering.refuse)
    ((_, found),) = validated_records(opened, knowledge, gathering, infer=False)
    return found


def report_of(document: dict[str, Any], knowledge: Knowledge, folder: Path) -> Report:
    return report_on([envelopes_file(folder / "one.jsonl", [document])], knowledge)


PARTNER = {"@type": "BusinessPartner", "uniqueText": "p9", "primaryName": "Name"}
REFERENCE = {
    "@type": "DataReference",
    "schemaName": "limber",
    "shapeName": "BusinessPartner",
    "iri": f"{LIMBER}BusinessPartner#p9",
    "keys": [{"uniqueText": "p9"}],
    "label": "Name",
}


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        (8005, "8005", ", and this is a whole number (xsd:integer)"),
        (80.5, "8.05E1", ", and this is a decimal number (xsd:double)"),
        (True, "true", ", and this is a truth value (xsd:boolean)"),
    ],
)
def test_a_finding_tells_a_number_from_a_text_that_looks_like_it(
    name: object, value: str, kind: str, knowledge: Knowledge, tmp_path: Path
) -> None:
    (found,) = report_of(envelope("one", salesRepName=name), knowledge, tmp_path).findings
    assert found.as_dict()["value"] == value
    assert found.message == f"salesRepName is expected to be a text{kind}"
    assert all("this is" not in message for message in found.messages)  # those of the shape stay as they are


def test_a_finding_about_a_cell_does_not_speak_of_kinds(knowledge: Knowledge, tmp_path: Path) -> None:
    report = report_on([rows_file(tmp_path / "rows.csv", [row(7, archived="moved")])], knowledge)
    assert [found.message for found in report.findings] == ["archived is expected to be true or false"]


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("form", ["embedded", "data reference", "internal reference"])
def test_a_member_lifts_alike_in_every_form_and_number(
    form: str,
    many: bool,  # noqa: FBT001  # pytest hands it over by name
    knowledge: Knowledge,
    tmp_path: Path,
) -> None:
    internal = {"@type": "InternalReference", "className": "BusinessPartner", "id": "one-partner"}
    forms: dict[str, dict[str, Any]] = {
        "embedded": PARTNER,
        "data reference": REFERENCE,
        "internal reference": internal,
    }
    value = forms[form]
    found = validated(envelope("one", payer=[value] if many else value), knowledge, tmp_path)
    key = "one-partner" if form == "internal reference" else "p9"
    account = f"<{LIMBER}CustomerAccount#one>"
    assert Graph.of_lines(found.asserted).objects(account, PAYER) == (f"<{LIMBER}BusinessPartner#{key}>",)
    inside = form == "internal reference"
    assert [each.rule for each in found.findings] == ([] if inside else ["limber.CustomerAccount.payer.internal"])


def test_an_embedded_object_without_unique_text_is_named_by_its_code(knowledge: Knowledge, tmp_path: Path) -> None:
    code = {"@type": "CustomerStatus", "code": "A/B", "description": "Aktiv"}
    found = validated(envelope("one", customerStatus=code), knowledge, tmp_path)
    graph = Graph.of_lines(found.asserted)
    assert graph.objects(f"<{LIMBER}CustomerStatus#A%2FB>", f"<{LIMBER}description>") == ('"Aktiv"',)


def test_two_payers_are_lifted_and_the_shape_objects(knowledge: Knowledge, tmp_path: Path) -> None:
    other = PARTNER | {"uniqueText": "q"}
    both = [{"@type": "InternalReference", "className": "BusinessPartner", "id": id_} for id_ in ("p9", "q")]
    (finding,) = report_of(envelope("one", businessPartner=[PARTNER, other], payer=both), knowledge, tmp_path).findings
    assert (finding.rule, finding.pointer) == ("limber.CustomerAccount.payer.maxCount", "/data/payer")


def test_a_reference_that_nothing_in_the_record_answers_is_found_at_its_place(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    lost = {"@type": "InternalReference", "className": "BusinessPartner", "id": "nobody"}
    (finding,) = report_of(envelope("one", seller=lost), knowledge, tmp_path).findings
    assert (finding.rule, finding.pointer) == ("limber.CustomerAccount.seller.class", "/data/seller")


def test_a_subject_whose_fragment_is_not_its_unique_text_is_a_warning_and_stands(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    found = validated(envelope("one", uniqueText="other"), knowledge, tmp_path)
    assert found.subject == f"<{LIMBER}CustomerAccount#one>"
    (finding,) = found.findings
    assert (finding.severity, finding.rule) == ("Warning", "limber.DataReference.fragment")


def test_both_spellings_of_the_source_system_id_are_one_property(knowledge: Knowledge, tmp_path: Path) -> None:
    for member in ("sourceSystemID", "sourceSystemId"):
        message = envelope("one")
        message["data"][member] = "77"
        found = validated(message, knowledge, tmp_path)
        graph = Graph.of_lines(found.asserted)
        assert graph.objects(found.subject, f"<{LIMBER}sourceSystemID>") == ('"77"',)


def test_members_that_no_term_map_reads_are_counted_by_pointer(knowledge: Knowledge, tmp_path: Path) -> None:
    partner = PARTNER | {"nickname": "N", "notes": [{"text": "a"}, {"text": "b"}]}
    report = report_of(
        envelope("one", colour="red", businessPartner=[partner, partner | {"uniqueText": "q"}]), knowledge, tmp_path
    )
    assert dict(report.unread) == {
        "/data/businessPartner/*/nickname": 1,
        "/data/businessPartner/*/notes/*/text": 1,
        "/data/colour": 1,
    }


def test_a_text_where_an_object_is_due_is_unread_and_not_lost(knowledge: Knowledge, tmp_path: Path) -> None:
    assert dict(report_of(envelope("one", payer="me"), knowledge, tmp_path).unread) == {"/data/payer": 1}


def test_columns_that_no_term_map_reads_are_counted(knowledge: Knowledge, tmp_path: Path) -> None:
    file = Path(rows_file(tmp_path / "rows.csv", [row(1), row(2)]))
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text(
        "\n".join([f"{head},shoe_size", *(f"{line},{size}" for line, size in zip(lines, ["43", ""], strict=True))])
        + "\n",
        encoding="utf-8",
    )
    assert dict(report_on([str(file)], knowledge).unread) == {"/shoe_size": 1}


def test_a_number_where_a_text_is_due_and_an_object_where_a_value_is_due_are_reported(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    report = report_of(envelope("one", salesRepName={"first": 1.5}, sourceSystemCode=12), knowledge, tmp_path)
    assert {(each.rule, each.as_dict()["value"]) for each in report.findings} == {
        ("limber.CustomerAccount.salesRepName.datatype", '{"first":1.5}'),
        ("limber.CustomerAccount.sourceSystemCode.datatype", "12"),
    }


def test_an_export_in_postgresql_forms_lifts_to_the_same_triples(knowledge: Knowledge, tmp_path: Path) -> None:
    plain = row(1, deceased="true", archived="false", created_date="2024-05-01", last_updated="2025-01-10T05:15:30Z")
    export = plain | {"deceased": "t", "archived": "f", "last_updated": "2025-01-10 05:15:30+00", "city": "NULL"}
    texts: list[str] = []
    for name, record in (("plain.csv", plain), ("export.csv", export)):
        gathering = InputCheck(knowledge.engine)
        opened = open_input(rows_file(tmp_path / name, [record]), knowledge, refuse=gathering.refuse)
        texts.extend(found.asserted for _, found in validated_records(opened, knowledge, gathering, infer=False))
    assert sorted(texts[0].splitlines()) == sorted(texts[1].splitlines())
    assert '"true"^^' in texts[0]


def test_a_row_that_the_guard_accepts_conforms_for_the_engine_too(knowledge: Knowledge, samples: Path) -> None:
    gathering = InputCheck(knowledge.engine)
    opened = open_input(str(samples / "dim_customer.csv"), knowledge, refuse=gathering.refuse)
    graphs = [
        Graph.of_lines(found.asserted) for _, found in validated_records(opened, knowledge, gathering, infer=False)
    ]
    assert len(graphs) > 20
    assert [result for graph in graphs for result in knowledge.engine.validate(graph)] == []


def test_coverage_is_the_same_on_the_fast_path_and_through_the_engine(knowledge: Knowledge, samples: Path) -> None:
    fast, careful = InputCheck(knowledge.engine), InputCheck(knowledge.engine)
    opened = open_input(str(samples / "dim_customer.csv"), knowledge, refuse=fast.refuse)
    for _, found in validated_records(opened, knowledge, fast, infer=False):
        knowledge.engine.validate(Graph.of_lines(found.asserted), careful.coverage)
    assert fast.coverage.targets == careful.coverage.targets


@pytest.fixture
def message(shared: Path) -> dict[str, Any]:
    text = (shared / "seeds" / "004_d5d75a21744054a3.txt").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text[text.index("Sample JSON") + len("Sample JSON") :])
    return found


def test_the_published_sample_message_conforms_and_is_read_whole(
    message: dict[str, Any], knowledge: Knowledge, tmp_path: Path
) -> None:
    report = report_of(message, knowledge, tmp_path)
    assert (report.records, report.conforms, dict(report.unread)) == (1, True, {})


def test_the_published_sample_message_becomes_what_it_says(
    message: dict[str, Any], knowledge: Knowledge, tmp_path: Path
) -> None:
    found = validated(message, knowledge, tmp_path)
    graph = Graph.of_lines(found.asserted)

    def at(subject: str, name: str) -> list[str]:
        return list(graph.objects(subject, f"<{LIMBER}{name}>"))

    assert at(found.subject, "accountCode") == ['"SapS4-1000058::6900::10::00"']
    assert len(at(found.subject, "extendedBy")) == 3
    labels = [
        graph.objects(v, "<http://www.w3.org/2000/01/rdf-schema#label>")
        for f in at(found.subject, "attributeField")
        for v in at(f, "attributeValue")
    ]
    assert len(labels) == 6
    assert all(labels)
    payer, seller = at(found.subject, "payer"), at(found.subject, "seller")
    assert sorted(at(found.subject, "businessPartner")) == sorted(payer + seller)
    assert [len(at(partner, "businessPartnerRole")) for partner in payer + seller] == [3, 1]
    (address,), (phone,) = at(payer[0], "physicalAddress"), at(payer[0], "phoneAddress")
    assert at(address, "country") == [f"<{LIMBER}Country#NZ>"]
    assert at(phone, "addressType") == [f"<{LIMBER}PhoneAddressType#Landline>"]
    (recorder,) = at(found.subject, "recordedBy")
    times = at(recorder, "createdOn") + at(recorder, "modifiedOn")
    assert [time.endswith('"^^<http://www.w3.org/2001/XMLSchema#dateTime>') for time in times] == [True, True]
    identity = f"<{LIMBER}ExternalID#CustomerAccount-SapS4-1000058%3A%3A6900%3A%3A10%3A%3A00>"
    assert at(found.subject, "externalIdentity") == [identity]


def test_a_label_of_a_reference_is_kept(knowledge: Knowledge, tmp_path: Path) -> None:
    found = validated(envelope("one", customerStatus=status("A", "Aktiv")), knowledge, tmp_path)
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert Graph.of_lines(found.asserted).objects(f"<{LIMBER}CustomerStatus#A>", label) == ('"Aktiv"',)
