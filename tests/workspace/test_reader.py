"""`graphmap.toml` and the environment: what they say of the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.errors import ConfigurationError
from graphmap.workspace import Workspace, read_workspace

REMOTE = 'kind = "remote"\nquery = "http://db.test/query"\nupdate = "https://db.test/update"\n'


def read(folder: Path, store: str, **environment: str) -> Workspace:
    (folder / "graphmap.toml").write_text(f'base = "https://example.org/"\n[store]\n{store}', encoding="utf-8")
    return read_workspace(folder, environment)


def test_a_store_is_embedded_where_nothing_else_is_said(tmp_path: Path) -> None:
    workspace = read(tmp_path, 'path = "data"')
    assert workspace.endpoint is None
    assert workspace.store == tmp_path.resolve() / "data"


def test_a_remote_store_has_addresses_and_limits(tmp_path: Path) -> None:
    endpoint = read(tmp_path, REMOTE + "timeout_s = 5\nupdate_statements = 100\nsplit = true\n").endpoint
    assert endpoint is not None
    assert (endpoint.query, endpoint.update, endpoint.graphs) == (
        "http://db.test/query",
        "https://db.test/update",
        None,
    )
    assert (endpoint.timeout_s, endpoint.update_statements, endpoint.split) == (5, 100, True)


def test_credentials_come_from_the_environment_and_are_not_shown(tmp_path: Path) -> None:
    named = read(tmp_path, REMOTE, GRAPHMAP_STORE_USER="ada", GRAPHMAP_STORE_PASSWORD="word")  # noqa: S106  # made up
    bearer = read(tmp_path, REMOTE, GRAPHMAP_STORE_TOKEN="word")  # noqa: S106  # made up
    assert named.endpoint is not None
    assert bearer.endpoint is not None
    assert (named.endpoint.user, named.endpoint.password) == ("ada", "word")
    assert bearer.endpoint.token == "word"  # noqa: S105  # made up
    assert "word" not in repr(named) + repr(bearer)


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ('kind = "elsewhere"', "embedded, remote"),
        ('kind = "remote"', "query is missing"),
        ('query = "http://db.test/query"', "query is not a setting"),
        (REMOTE + 'password = "word"', "password is not a setting"),
        (REMOTE.replace("http://db.test", "http://ada:word@db.test"), "GRAPHMAP_STORE_USER"),
        (REMOTE.replace("http://db.test/query", "db.test"), "not an HTTP address"),
        (REMOTE.replace("http://db.test", "http://db.test:99999"), "not an HTTP address"),
        (REMOTE + "timeout_s = 0", "more than zero"),
        (REMOTE + "update_statements = -1", "more than zero"),
    ],
)
def test_a_wrong_setting_is_an_error_that_names_the_file_and_says_what_next(
    tmp_path: Path, store: str, told: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, store)
    assert told in str(caught.value)
    assert "graphmap.toml" in str(caught.value)
    assert "word@" not in str(caught.value)


def test_a_default_graph_must_be_an_iri(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no iri"):
        read(tmp_path, REMOTE + 'default_graph = "no iri"')


def test_base_and_place_of_the_environment_win_over_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "graphmap.toml").write_text('base = "https://file.example/"\n[store]\npath = "here"\n')
    workspace = read_workspace(tmp_path, {"GRAPHMAP_BASE": "https://other.example/", "GRAPHMAP_STORE": "there"})
    assert workspace.base == "https://other.example/"
    assert workspace.store == tmp_path / "there"
    (tmp_path / "graphmap.toml").write_text("")
    assert read_workspace(tmp_path, {"GRAPHMAP_BASE": "https://other.example/"}).store == tmp_path / "store"


def test_a_source_that_names_a_class_has_the_mapping_that_is_derived_for_it(tmp_path: Path) -> None:
    (tmp_path / "graphmap.toml").write_text('base = "https://example.org/"\n[sources.orders]\nclass = "Order"\n')
    (tmp_path / "mappings").mkdir()
    derived = tmp_path.resolve() / "mappings" / "shop.Order.ttl"
    derived.touch()
    assert read_workspace(tmp_path, {}).sources["orders"].mappings == (derived,)
    derived.with_name("farm.Order.ttl").touch()
    with pytest.raises(ConfigurationError, match=r"'Order' has several mappings: farm\.Order\.ttl, shop\.Order\.ttl"):
        read_workspace(tmp_path, {})
