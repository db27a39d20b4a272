"""Random queries over the world of stations and trips: each algebra operator, filter function and aggregate."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.virtual.worlds import TEXTS

PREFIX = "PREFIX ex: <http://example.org/rail/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
LINKS = {"Station": ("region",), "Trip": ("origin", "target"), "Region": ()}
TARGETS = {"region": "Region", "origin": "Station", "target": "Station"}
VALUES = {
    "Station": ("code", "name", "opened", "height", "tracks", "staffed", "seen"),
    "Trip": ("seats", "fare", "weight", "note", "code"),
    "Region": ("title",),
}
KINDS = {
    "code": "text", "note": "text", "title": "text", "name": "lang", "opened": "date", "height": "number",
    "tracks": "number", "seats": "number", "fare": "number", "weight": "double", "staffed": "boolean", "seen": "time",
}  # fmt: skip
CONSTANTS = {
    "number": ("0", "5", "12.5", "-3", "40.0", "1e1", "3000000000"),
    "double": ("0.1", "1e10", "0"),
    "boolean": ("true", "false"),
    "date": ('"1900-01-01"^^xsd:date', '"1980-06-03"^^xsd:date', '"1980-06-03Z"^^xsd:date'),
    "time": ('"2024-06-01T00:00:00"^^xsd:dateTime', '"2024-06-01T05:00:07Z"^^xsd:dateTime'),
    "lang": ('"A"@en', '"A"', '"A"@de'),
    "iri": ("<http://example.org/station/1>", "<http://example.org/region/south%20east>", "<http://example.org/x>"),
}


def quoted(text: str) -> str:
    """A text as SPARQL writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


@dataclass
class Made:
    """A query and what is in it."""

    text: str
    features: set[str] = field(default_factory=set)
    unlimited: str | None = None
    order: str | None = None


class Maker:
    """Makes one query."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.features: set[str] = set()
        self.kinds: dict[str, str] = {}
        self.things: list[tuple[str, str]] = []
        self.order: str | None = None

    def query(self) -> Made:
        """A query of a random form."""
        body = self.body()
        head, tail, limit = self.form()
        text = f"{PREFIX}{head} {{ {body} }}{tail}"
        if not limit:
            return Made(text, self.features, order=self.order)
        self.features.add("LIMIT")
        return Made(text + limit, self.features, text, self.order)

    def variable(self, kind: str) -> str:
        name = f"?v{len(self.kinds)}"
        self.kinds[name] = kind
        return name

    def body(self) -> str:
        start = self.random.choice(("Station", "Trip", "Region"))
        parts = [self.star(start)]
        more = (self.optional, self.union, self.filter, self.filter, self.link, self.rare)
        parts += [self.random.choice(more)() for _ in range(self.random.choice((0, 0, 1, 1, 2)))]
        return " ".join(parts)

    def star(self, kind: str) -> str:
        thing = self.variable("iri")
        self.things.append((thing, kind))
        triples = [f"{thing} a ex:{kind} ."] if self.random.random() < 0.4 else []
        triples += [self.triple(thing, kind) for _ in range(self.random.randint(1, 3))]
        return " ".join(triples)

    def triple(self, thing: str, kind: str) -> str:
        name = self.random.choice(VALUES[kind])
        if self.random.random() < 0.12:
            self.features.add("constant object")
            return f"{thing} ex:{name} {self.constant(KINDS[name])} ."
        if self.random.random() < 0.04:
            self.features.add("variable predicate")
            predicate = self.variable("iri")
            return f"{thing} {predicate} {self.variable('any')} ."
        return f"{thing} ex:{name} {self.variable(KINDS[name])} ."

    def constant(self, kind: str) -> str:
        if kind == "text":
            return quoted(self.random.choice(TEXTS))
        return self.random.choice(CONSTANTS.get(kind, CONSTANTS["number"]))

    def link(self) -> str:
        self.features.add("join")
        thing, kind = self.random.choice(self.things)
        if not LINKS[kind]:
            thing, kind = self.variable("iri"), "Trip"
        name = self.random.choice(LINKS[kind])
        other = self.variable("iri")
        self.things.append((other, TARGETS[name]))
        return f"{thing} ex:{name} {other} . {self.triple(other, TARGETS[name])}"

    def optional(self) -> str:
        self.features.add("OPTIONAL")
        thing, kind = self.random.choice(self.things)
        inner = self.triple(thing, kind)
        if self.random.random() < 0.3:
            inner += self.triple(thing, kind)
        if self.random.random() < 0.3 and self.kinds:
            inner += self.filter()
        return f"OPTIONAL {{ {inner} }}"

    def union(self) -> str:
        self.features.add("UNION")
        thing, kind = self.random.choice(self.things)
        return f"{{ {self.triple(thing, kind)} }} UNION {{ {self.triple(thing, kind)} }}"

    def rare(self) -> str:
        thing, kind = self.random.choice(self.things)
        name = self.random.choice(VALUES[kind])
        which = self.random.choice(("MINUS", "EXISTS", "NOT EXISTS", "VALUES", "BIND", "path", "subquery"))
        self.features.add(which)
        if which == "MINUS":
            return f"MINUS {{ {thing} ex:{name} {self.constant(KINDS[name])} }}"
        if which in ("EXISTS", "NOT EXISTS"):
            return f"FILTER {which} {{ {thing} ex:{name} ?inner }}"
        if which == "VALUES":
            return f"VALUES {thing} {{ {' '.join(CONSTANTS['iri'])} }}"
        if which == "BIND":
            return f"BIND({self.condition()} AS {self.variable('boolean')})"
        if which == "path":
            paths = ("ex:origin/ex:region", "ex:origin|ex:target", "^ex:origin", "(ex:target/ex:region)*")
            path = self.random.choice(paths)
            return f"{thing} {path} {self.variable('iri')} ."
        count = self.variable("number")
        return f"{{ SELECT {thing} (COUNT(*) AS {count}) {{ {thing} ex:{name} ?inner }} GROUP BY {thing} }}"

    def filter(self) -> str:
        return f"FILTER({self.condition()})"

    def condition(self, depth: int = 0) -> str:
        self.features.add("FILTER")
        variable = self.random.choice(list(self.kinds))
        kind = self.kinds[variable]
        chance = self.random.random()
        if chance < 0.25 and depth < 2:
            sign = self.random.choice(("&&", "||", "!"))
            self.features.add(sign)
            if sign == "!":
                return f"!({self.condition(depth + 1)})"
            return f"({self.condition(depth + 1)} {sign} {self.condition(depth + 1)})"
        if chance < 0.35:
            self.features.add("BOUND")
            return f"BOUND({variable})"
        of_texts = [name for name, each in self.kinds.items() if each in ("text", "lang")]
        if chance < 0.55 and of_texts:
            return self.text_function(self.random.choice(of_texts))
        of_days = [name for name, each in self.kinds.items() if each in ("date", "time")]
        if chance < 0.65 and of_days:
            return self.day_function(self.random.choice(of_days))
        if chance < 0.7:
            name = self.random.choice(("isIRI", "isLiteral", "isBlank", "isNumeric"))
            self.features.add(name)
            return f"{name}({variable})"
        return self.comparison(variable, kind)

    def day_function(self, variable: str) -> str:
        name = self.random.choice(("YEAR", "MONTH", "DAY"))
        self.features.add(name)
        return f"{name}({variable}) > {self.random.choice(('1900', '5', '1'))}"

    def text_function(self, variable: str) -> str:
        names = ("CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "STRLEN", "LANG", "UCASE", "STR", "DATATYPE")
        name = self.random.choice(names)
        self.features.add(name)
        needle = quoted(self.random.choice(("a", "", "%", " ", "ü", "é", "\U0001f682")))
        return {
            "STRLEN": f"STRLEN({variable}) > 3",
            "LANG": f'LANG({variable}) = "en"',
            "UCASE": f"UCASE({variable}) = {variable}",
            "STR": f"STR({variable}) = {self.constant('text')}",
            "DATATYPE": f"DATATYPE({variable}) = xsd:string",
        }.get(name, f"{name}({variable}, {needle})")

    def comparison(self, variable: str, kind: str) -> str:
        if self.random.random() < 0.15:
            sign = self.random.choice(("IN", "NOT IN"))
            self.features.add(sign)
            return f"{variable} {sign} ({self.constant(kind)}, {self.constant(kind)})"
        sign = self.random.choice(("=", "!=", "<", ">", "<=", ">="))
        self.features.add(sign)
        if self.random.random() < 0.15:
            return f"{variable} {sign} {self.random.choice(list(self.kinds))}"
        odd = self.random.random() < 0.1
        return f"{variable} {sign} {self.constant(self.random.choice(list(CONSTANTS)) if odd else kind)}"

    def form(self) -> tuple[str, str, str]:
        """What stands before the body, behind it, and a limit."""
        names = list(self.kinds)
        chance = self.random.random()
        if chance < 0.05:
            self.features.add("ASK")
            return "ASK", "", ""
        if chance < 0.08:
            self.features.add("CONSTRUCT")
            return f"CONSTRUCT {{ {names[0]} ex:is {names[-1]} }} WHERE", "", ""
        if chance < 0.4:
            return self.grouped(names)
        chosen = self.random.sample(names, self.random.randint(1, len(names)))
        distinct = self.random.choice(("", "", "DISTINCT "))
        if distinct:
            self.features.add("DISTINCT")
        order = ""
        if self.random.random() < 0.3:
            self.features.add("ORDER BY")
            # the engine ends where it puts terms of several kinds in order
            key = self.random.choice([name for name in names if self.kinds[name] != "any"])
            self.order = key[1:] if key in chosen and not distinct else None
            order = f" ORDER BY {self.random.choice((key, f'DESC({key})'))}"
        limit = self.random.choice(("", "", "", " LIMIT 7", " LIMIT 5 OFFSET 2"))
        return f"SELECT {distinct}{' '.join(chosen)}", order, limit

    def grouped(self, names: list[str]) -> tuple[str, str, str]:
        self.features.add("GROUP BY")
        keys = self.random.sample(names, self.random.randint(0, min(2, len(names))))
        asked = []
        for number in range(self.random.randint(1, 2)):
            name = self.random.choice(("COUNT", "COUNT DISTINCT", "SUM", "MIN", "MAX", "AVG"))
            numbers = [each for each in names if self.kinds[each] == "number"]
            variable = self.random.choice(names if name.startswith(("COUNT", "M")) or not numbers else numbers)
            if name in ("SUM", "AVG") and self.kinds[variable] in ("double", "any"):
                name = "COUNT"  # sums of doubles depend on the order of rows, in any engine
            if name in ("MIN", "MAX") and self.kinds[variable] == "any":
                name = "COUNT"  # values of kinds that have no order
            self.features.add(name)
            inside = "*" if name == "COUNT" and self.random.random() < 0.4 else variable
            call = f"COUNT(DISTINCT {variable})" if name == "COUNT DISTINCT" else f"{name}({inside})"
            asked.append(f"({call} AS ?a{number})")
        having = ""
        if self.random.random() < 0.2:
            self.features.add("HAVING")
            having = " HAVING(COUNT(*) > 1)"
        by = f" GROUP BY {' '.join(keys)}" if keys else ""
        return f"SELECT {' '.join((*keys, *asked))}", by + having, ""


def random_query(seed: str) -> Made:
    """The query of a seed."""
    return Maker(Random(seed)).query()
