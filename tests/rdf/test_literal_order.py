import pytest

from graphmap.rdf.literal_order import compare, ordered
from graphmap.rdf.terms import Token, literal_token

XSD = "http://www.w3.org/2001/XMLSchema#"


def term(text: str, name: str) -> Token:
    return literal_token(text, datatype=XSD + name)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (term("2", "integer"), term("10", "integer")),
        (term("2", "byte"), term("2.5", "decimal")),
        (term("-INF", "double"), term("0", "integer")),
        (term("1E2", "double"), term("100.5", "decimal")),
        ('"B"', '"a"'),
        (term("false", "boolean"), term("1", "boolean")),
        (term("2020-01-31", "date"), term("2020-02-01", "date")),
        (term("2020-01-31T11:00:00+02:00", "dateTime"), term("2020-01-31T09:30:00Z", "dateTime")),
        (term("2020-01-31T10:00:00.1Z", "dateTime"), term("2020-01-31T10:00:00.25Z", "dateTime")),
        (term("2020-01-31T10:00:00", "dateTime"), term("2020-02-01T10:00:00Z", "dateTime")),
        (term("09:00:00", "time"), term("10:00:00", "time")),
    ],
)
def test_the_lower_value_comes_before_the_higher(low: Token, high: Token) -> None:
    assert compare(ordered(low), ordered(high)) == -1
    assert compare(ordered(high), ordered(low)) == 1


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (term("007", "integer"), term("7.0", "decimal")),
        (term("0.1", "decimal"), term("0.1", "double")),
        (term("2020-01-31T11:00:00+01:00", "dateTime"), term("2020-01-31T10:00:00Z", "dateTime")),
    ],
)
def test_equal_values_are_equal_however_they_are_written(one: Token, same: Token) -> None:
    assert compare(ordered(one), ordered(same)) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (term("1", "integer"), '"1"'),
        (term("true", "boolean"), term("2", "integer")),
        (term("abc", "integer"), term("2", "integer")),
        (term("NaN", "double"), term("2", "integer")),
        (term("2020-01-31", "date"), term("2020-01-31T10:00:00Z", "dateTime")),
        (term("2020-01-31T10:00:00", "dateTime"), term("2020-01-31T20:00:00Z", "dateTime")),
        (term("12000-01-31T10:00:00Z", "dateTime"), term("2020-01-31T20:00:00Z", "dateTime")),
        ('"a"@en', '"b"@en'),
        ("<a:a>", "<a:b>"),
        ("_:a", '"a"'),
    ],
)
def test_values_without_an_order_have_none(one: Token, other: Token) -> None:
    assert compare(ordered(one), ordered(other)) is None
