import pytest

from graphmap.errors import ShapesError
from graphmap.rdf import compile_pattern


def matches(pattern: str, text: str, flags: str = "") -> bool:
    return compile_pattern(pattern, flags).search(text) is not None


@pytest.mark.parametrize(
    ("pattern", "flags", "yes", "no"),
    [
        ("b", "", "abc", "ac"),
        ("^a$", "", "a", "a\n"),
        ("^b$", "m", "a\nb\nc", "a\nbc"),
        ("a.b", "", "axb", "a\rb"),
        ("a.b", "s", "a\nb", "ab"),
        ("aldi", "i", "ALDI", "ALTI"),
        ("a b\n c", "x", "abc", "a b c"),
        ("[ ]a", "x", " a", "a"),
        ("a.b", "q", "xa.b", "axb"),
        (r"^\d{2,3}$", "", "123", "1234"),
        (r"^\D$", "", "x", "1"),
        (r"^\s$", "", "\t", "\u00a0"),
        (r"^[^\S]$", "", " ", "x"),
        (r"^\w$", "", "$", "_"),
        (r"^[\w]$", "", "é", "-"),
        (r"^\W$", "", "_", "a"),
        (r"^[\W]$", "", "-", "b"),
        (r"^\p{Lu}\p{L}+$", "", "Äb", "äb"),
        (r"^\P{L}$", "", "1", "x"),
        (r"^[\p{Nd}-]+$", "", "1-2", "a"),
        (r"^[\P{L}]$", "", "1", "x"),
        (r"^\i\c*$", "", "a-1", "-a"),
        ("^[a-z-[aeiou]]+$", "", "xyz", "xaz"),
        ("^[^a-c-[x]]$", "", "z", "x"),
        (r"^(a|b)\1$", "", "aa", "ab"),
        ("^(?:ab)+$", "", "abab", "aba"),
        ("^a+?b$", "", "aab", "b"),
        (r"^\$\^\-\{\}\[\]$", "", "$^-{}[]", "x"),
        ("^#$", "", "#", "x"),
        ("^[#&~|]$", "", "&", "x"),
    ],
)
def test_a_pattern_means_what_it_means_in_xpath(pattern: str, flags: str, yes: str, no: str) -> None:
    assert (matches(pattern, yes, flags), matches(pattern, no, flags)) == (True, False)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bword\b",
        "(?i)a",
        "(?P<n>a)",
        "a{,3}",
        "a{x}",
        "a++",
        "*a",
        "a]",
        "a}",
        "[]",
        "[a",
        "[[a]",
        "[a-[b]c]",
        "(a",
        "a\\",
        r"\p{Foo}",
        r"\p",
        r"[z-a]",
        r"\8",
        "a{99999999999999999999}",
    ],
)
def test_what_is_no_xpath_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ShapesError, match="regular expression"):
        compile_pattern(pattern)


def test_an_unknown_flag_is_named() -> None:
    with pytest.raises(ShapesError, match="'k'"):
        compile_pattern("a", "ik")
