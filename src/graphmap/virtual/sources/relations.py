"""Relations: the table, query or file behind each logical source, with its engine, its columns and its keys.

Source: R2RML, logical tables; RML-IO, sources.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from graphmap.errors import CallError, Locator, MappingError, SourceError
from graphmap.lifting.execution import Bindings, form_of, name_of
from graphmap.lifting.plan import Formulation, LogicalSource
from graphmap.rdf import local_name
from graphmap.records import Database, RowForm, ValueForms, sniff_delimiter
from graphmap.virtual.sources.engines import DuckDb, Engine, engine_of

__all__ = ["Relation", "Relations"]

_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Place where the rows of a logical source are asked for.

    Args:
        name: of the source, for messages.
        engine: answers its SQL.
        table: what stands behind FROM.
        columns: name to kind.
        keys: column sets that are proven unique and never null.
        nulls: texts that stand for no value.
    """

    name: str
    engine: Engine
    table: exp.Expr
    columns: Mapping[str, str]
    keys: tuple[frozenset[str], ...]
    nulls: tuple[str, ...] = ()

    def column(self, text: str) -> str:
        """The column that a mapping names: exactly, or else as SQL compares names, without regard to case.

        Raises:
            MappingError: where the relation has no such column, or several.
        """
        quoted = len(text) > 1 and text[0] == text[-1] == '"'
        wanted = text[1:-1] if quoted else text
        alike = [name for name in self.columns if not quoted and name.lower() == wanted.lower()]
        found = [wanted] if wanted in self.columns else alike
        if len(found) != 1:
            what = f"the mapping reads the column {text!r}, which {self.name} has {'twice' if found else 'not'}"
            raise MappingError(what, where=Locator(source=self.name), hint=f"its columns: {', '.join(self.columns)}")
        return found[0]

    def value(self, column: str, alias: str) -> exp.Expr:
        """The SQL of a column's value, null where its text stands for no value."""
        value: exp.Expr = exp.column(column, table=alias, quoted=True)
        for null in self.nulls if self.columns[column] == "text" else ():
            value = exp.Nullif(this=value, expression=exp.Literal.string(null))
        return value


class Relations:
    """The relations of a mapping's sources, opened when they are first asked for.

    Args:
        folder: of the mapping; paths in it start there.
        bind: name of a source to a file or the URL of a database, or a name in `${}` to its value.
        environment: values of names in `${}` that are not bound.
        forms: how each source writes its values.
    """

    def __init__(
        self,
        folder: Path,
        bind: Mapping[str, str],
        environment: Mapping[str, str],
        forms: Mapping[LogicalSource, ValueForms],
    ) -> None:
        self._folder = folder
        self._bindings = Bindings(given=bind, environment=environment)
        self._forms = forms
        self._files: DuckDb | None = None
        self._engines: dict[str, Engine] = {}
        self._found: dict[LogicalSource, Relation] = {}

    def of(self, source: LogicalSource) -> Relation:
        """The relation of a source.

        Raises:
            MappingError: where the mapping names no source that can be asked in place, or its SQL is no query.
            SourceError: where the source cannot be reached.
        """
        if source not in self._found:
            given = self._bindings.of(source)
            url = given if isinstance(given, str) and _is_url(given) else None
            if source.formulation is Formulation.SQL:
                self._found[source] = self._queried(source, self._database(source, given), source.query or "")
            elif url is not None:
                table = exp.table_(local_name(source.name), quoted=True)
                query = exp.select("*").from_(table).sql(dialect="postgres")
                self._found[source] = self._queried(source, Database(url=url), query)
            else:
                self._found[source] = self._of_file(source, given)
        return self._found[source]

    def _database(self, source: LogicalSource, given: object) -> Database:
        found = Database(url=given) if isinstance(given, str) else self._bindings.database(source)
        if found is None:
            what = f"the source {source.name} names no database"
            raise MappingError(what, where=Locator(source=source.name), hint="name it with --bind NAME=URL")
        return found

    def _queried(self, source: LogicalSource, database: Database, query: str) -> Relation:
        key = repr((database.url, database.username))
        if key not in self._engines:
            self._engines[key] = engine_of(database, source.name)
        engine = self._engines[key]
        parsed = _select(query, engine.dialect, source.name)
        whole = _whole_table(parsed)
        table = whole if whole is not None else exp.Subquery(this=parsed)
        columns = dict(engine.columns(parsed.sql(dialect=engine.dialect)))
        keys = engine.keys(whole.sql(dialect=engine.dialect)) if whole is not None else ()
        return Relation(name=source.name, engine=engine, table=table, columns=columns, keys=keys)

    def _of_file(self, source: LogicalSource, given: object) -> Relation:
        path = name_of(source, self._folder, os.fspath(given) if isinstance(given, str) else None, self._bindings)
        mark = _first_bytes(path)
        parquet = mark == _PARQUET
        table = _function(f"read_parquet({_text(_unglobbed(path))})") if parquet else _csv(source, path)
        if self._files is None:
            self._files = DuckDb(None)
        view = exp.table_(f"{Path(path).stem} {len(self._found) + 1}", quoted=True)
        query = exp.select("*").from_(table).sql(dialect="duckdb")
        self._files.define(view.sql(dialect="duckdb"), query)
        columns = dict(self._files.columns(query))
        name = local_name(source.name)
        # values of other sources have types, and nulls of their own
        nulls = () if parquet else tuple(sorted(self._forms[source].nulls))
        return Relation(name=name, engine=self._files, table=view, columns=columns, keys=(), nulls=nulls)

    def check(self, sources: Iterable[LogicalSource]) -> None:
        """See to it that every name that is bound is that of a source or stands in one.

        Raises:
            CallError: where a name is used by no source.
        """
        known = tuple(sources)
        unused = sorted(set(self._bindings.given).difference(*map(self._bindings.used_by, known)))
        if unused:
            names = ", ".join(local_name(source.name) for source in known)
            raise CallError(f"the mapping has no source {unused[0]!r}", hint=f"its sources: {names}")

    def close(self) -> None:
        """Close all engines."""
        for engine in (*self._engines.values(), *([self._files] if self._files is not None else [])):
            engine.close()


def _is_url(text: str) -> bool:
    return text.partition(":")[0] in ("duckdb", "postgresql", "postgres", "jdbc", "sqlite", "mysql")


def _select(query: str, dialect: str, name: str) -> exp.Query:
    """A query of a mapping, which must be one that reads."""
    where = Locator(source=name)
    try:
        parsed = parse_one(query, dialect=dialect)
    except SqlglotError as error:
        line = str(error).strip().splitlines()[0]
        raise MappingError(f"its SQL is not understood: {line}", where=where, hint="use a plain SELECT") from error
    if not isinstance(parsed, exp.Query) or parsed.find(exp.DML, exp.Into, exp.Lock) is not None:
        raise MappingError("its SQL is no query", where=where, hint="a logical table is a table or a SELECT")
    return parsed


def _whole_table(parsed: exp.Expr) -> exp.Table | None:
    """The table of `SELECT * FROM table`; `None` for any other query."""
    table = parsed.find(exp.Table)
    if table is None or parsed != exp.select("*").from_(table.copy()):
        return None
    return table if not table.alias else None


def _first_bytes(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(4)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise SourceError(what, where=Locator(source=path), hint="check the path") from error


def _csv(source: LogicalSource, path: str) -> exp.Expr:
    """A CSV file as DuckDB reads it by the rules of our own reader: every cell a text, an empty one null."""
    form = form_of(source)
    plain = RowForm(delimiter=form.delimiter, encoding=form.encoding, quote=form.quote)
    if form != plain or form.encoding not in ("utf-8-sig", "utf-8") or form.quote != '"':
        what = "the dialect of the table is not read in place"
        raise MappingError(what, where=Locator(source=path), hint="write it as UTF-8 with quotes and one header row")
    header = _header(path)
    delimiter = form.delimiter or sniff_delimiter(header)
    names = next(csv.reader([header], delimiter=delimiter, strict=True), [])
    if len(set(names)) < len(names):
        raise SourceError("the header names a column twice", where=Locator(source=path), hint="give each its own name")
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
    rules = """auto_detect = false, header = true, quote = '"', escape = '"', nullstr = ''"""
    more = f"delim = {_text(delimiter)}, columns = {{{columns}}}"
    return _function(f"read_csv({_text(_unglobbed(path))}, {rules}, {more})")


def _function(call: str) -> exp.Expr:
    whole = f"SELECT * FROM {call}"  # noqa: S608  # the texts in the call are quoted
    table = parse_one(whole, dialect="duckdb").find(exp.From)
    if table is None:
        raise MappingError(f"cannot be asked: {call}", hint="rename the file")
    found: exp.Expr = table.this
    return found


def _text(text: str) -> str:
    return exp.Literal.string(text).sql(dialect="duckdb")


def _unglobbed(path: str) -> str:
    """A path with the characters escaped that DuckDB takes for a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", path)


def _header(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            line = file.readline()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", where=Locator(source=path), hint="save it as UTF-8") from error
    if not line.strip():
        raise SourceError("the table is empty", where=Locator(source=path), hint="its first line must name the columns")
    return line
