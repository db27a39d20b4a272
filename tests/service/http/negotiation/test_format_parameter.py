from __future__ import annotations

import pyoxigraph as ox

from graphmap.service.http.negotiation.content_negotiation import DESCRIPTIONS, GRAPHS, TABLES
from graphmap.service.http.negotiation.format_parameter import names_of

OURS = {offer.name for offer in (*TABLES, *GRAPHS, *DESCRIPTIONS)}


def test_all_that_can_be_had_is_known_by_name_and_by_media_type() -> None:
    for offer in (*TABLES, *GRAPHS):
        assert offer.name in names_of(offer.name)
        assert offer.name in names_of(offer.media_type)


def test_the_engines_own_names_of_formats_mean_something_here() -> None:
    members = [getattr(kind, name) for kind in (ox.RdfFormat, ox.QueryResultsFormat) for name in dir(kind)]
    known = [each for each in members if isinstance(each, ox.RdfFormat | ox.QueryResultsFormat)]
    assert len(known) > 10
    for syntax in known:
        assert set(names_of(syntax.media_type.partition(";")[0])) & OURS, syntax
        assert set(names_of(syntax.file_extension)) & OURS, syntax


def test_a_name_that_nobody_uses_means_nothing() -> None:
    assert names_of("pdf") == names_of("") == ()
