"""Code lists that rules refer to by name, taken from a package that follows the standards."""

from __future__ import annotations

import pycountry

__all__ = ["COUNTRIES", "COUNTRIES_OR_NAMES", "LOCALE", "country_codes", "country_or_name_pattern", "locale_pattern"]

COUNTRIES = "iso-3166-1-alpha-2"
"""Name, in an annotation `codes`, of the two-letter country codes."""

COUNTRIES_OR_NAMES = "iso-3166-1-alpha-2-or-name"
"""Name, in an annotation `codes`, of the two-letter country codes and the names of countries."""

LOCALE = "locale"
"""Name, in an annotation `codes`, of a language and a country."""


def country_codes() -> tuple[str, ...]:
    """The two-letter country codes, sorted.

    Source: ISO 3166-1.

    >>> "NZ" in country_codes(), "UK" in country_codes()
    (True, False)
    """
    return tuple(sorted(country.alpha_2 for country in pycountry.countries))


def country_or_name_pattern() -> str:
    """A pattern for a two-letter country code, or a name: three characters or more, none of them a digit.

    Source: ISO 3166-1; names are written in any language, so that no list of them can be whole.
    """
    return f"^({'|'.join(country_codes())}|[^0-9]{{3,}})$"


def locale_pattern() -> str:
    """A pattern for a two-letter language and a two-letter country, joined by `_` or `-`.

    Source: ISO 639-1; ISO 3166-1.
    """
    languages = sorted(language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2"))
    return f"^({'|'.join(languages)})[_-]({'|'.join(country_codes())})$"
