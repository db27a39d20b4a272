"""Verdicts on the records of every feature beside those of `linkml-validate`.

The package stands in an environment of its own: `python -m benchmarks.peers`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from benchmarks.peers import LINKML, PEERS_FOLDER, is_ready
from tests.derivation.features import FEATURES, Feature
from tests.derivation.worlds import HEAD, world

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_ready(LINKML), reason="no linkml here: python -m benchmarks.peers"),
]

PROGRAM = """
import json, sys, warnings
warnings.simplefilter("ignore")
from linkml.validator import Validator
from linkml.validator.plugins import JsonschemaValidationPlugin, RecommendedSlotsPlugin
from linkml_runtime.linkml_model import SchemaDefinition
from linkml_runtime.loaders import yaml_loader
answers = []
for case in json.load(sys.stdin):
    try:
        schema = yaml_loader.loads(case["schema"], target_class=SchemaDefinition)
    except (TypeError, ValueError) as error:
        answers.append(str(error))
        continue
    names = {name: name for name in schema.classes}
    names |= {"".join(w[:1].upper() + w[1:] for w in name.split()): name for name in names if " " in name}
    plugins = [JsonschemaValidationPlugin(closed=False), RecommendedSlotsPlugin()]
    validator = Validator(schema, validation_plugins=plugins)
    objects = lambda of, record: bool(validator.validate(record, names[of]).results)
    answers.append([any(objects(*each) for each in records) for records in case["records"]])
json.dump(answers, sys.stdout)
"""
"""Tells of each case, and of each list of its records, whether linkml-validate objects; or why it cannot be read."""

RECORDS = "linkml-validate looks at one record; a link, or a key that no two records share, needs the others"
TEXTS = "JSON Schema tells a number or truth value from its text; graphmap reads texts, because a table has no others"
UNREAD = "JSON Schema has no word for it, and linkml-validate passes it over; the metamodel has it"
LOST = "no shape can say it, and the ledger says that it is lost"
NO_KEY = "the metamodel gives this name to the slot, and another to its key in a schema; graphmap reads both"
DIFFERENCES: Mapping[str, str] = MappingProxyType(
    {
        "exact_cardinality, too few": UNREAD,
        "exact_cardinality, too many": UNREAD,
        "minimum_value of dates": UNREAD,
        "equals_string_in of a type": UNREAD,
        "enumeration that inherits": UNREAD,
        "type curie": UNREAD,
        "type date_or_datetime": UNREAD,
        "type jsonpointer": UNREAD,
        "expressions inside expressions": UNREAD,
        "equals_string": "YAML 1.1 reads `yes` as true; graphmap takes a word as it is written",
        "maximum_value": TEXTS,
        "type integer": TEXTS,
        "type boolean": TEXTS,
        "type decimal": TEXTS,
        "any_of of types as texts": TEXTS,
        "type time": "the format `time` of JSON Schema has a time zone; linkml:time is xsd:time, which may have none",
        "type_uri that is no datatype": NO_KEY,
        "slot_definitions": NO_KEY,
        "designates_type is lost": LOST,
        "a rule that compares a link is lost": LOST,
        "a rule whose condition no shape says is lost whole": LOST,
        "multivalued in a choice is lost": LOST,
        "none_of with a part that no shape says is lost whole": LOST,
        "a pattern of another dialect is lost": LOST,
        "class_uri, slot_uri and two fields with one slot_uri": LOST,
        "inlined objects in a mapping by key": "graphmap reads objects in a list, and the ledger says so",
        "rules: preconditions, postconditions, elseconditions": "JSON Schema holds a condition on a value that is away "
        "for met; a value that is away equals nothing",
        "range of a class is a link by key": RECORDS,
        "range of the class itself": RECORDS,
        "range of a super-class meets a thing of the sub-class": RECORDS,
        "any_of of two classes": RECORDS,
        "unique_keys of one slot beside the identifier": RECORDS,
        "unique_keys of a slot that another class has, too": RECORDS,
        "unique_keys of two slots beside the identifier, consider_nulls_inequal": RECORDS,
        "labels, comments and annotations of every element, mixins of slots": RECORDS,
    }
)
"""Features on whose records the two differ, and why, by the metamodel of LinkML."""


def text_of(feature: Feature) -> str:
    """A schema with the default range that the specification gives where none is said."""
    return HEAD + ("" if "default_range" in feature.schema else "default_range: string\n") + feature.schema


def theirs() -> list[Any]:
    cases = [{"schema": text_of(each), "records": [each.good, *(bad for bad, _ in each.bad)]} for each in FEATURES]
    call = [str(PEERS_FOLDER / LINKML.name / "bin" / "python"), "-c", PROGRAM]
    run = subprocess.run(call, input=json.dumps(cases), capture_output=True, text=True, check=True)  # noqa: S603  # ours
    answers: list[Any] = json.loads(run.stdout)
    return answers


def ours(feature: Feature, folder: Path) -> list[bool]:
    made = world(folder, text_of(feature))
    return [bool(made.broken(records)) for records in (feature.good, *(bad for bad, _ in feature.bad))]


def test_verdicts_differ_where_the_table_says_why(tmp_path: Path) -> None:
    answers = dict(zip((each.name for each in FEATURES), theirs(), strict=True))
    verdicts = {each.name: ours(each, tmp_path) for each in FEATURES}
    assert {name for name, found in verdicts.items() if answers[name] != found} == set(DIFFERENCES)
