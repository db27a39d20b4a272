"""Names as people write them: plain, of other scripts, with spaces and signs, words of RDF and YAML, very long."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

__all__ = ["WORDS", "Names", "data_name", "joined"]

_WORDS = """
class source subject view link key unique minCount maxCount pattern datatype in node shape label type id
value object predicate template iterator reference graph path property message severity order group name
otherwise converse else unlessReplaced anyOf Thing Class Resource item data schemaName dataId context
null true no 1 007 1e3 ~ slots classes is_a None self def import lambda
a-b a.b a/b a:b a#b a'b a"b a{b} a\\b a%20b @id @type $ref a,b a;b [x] * a|b a<b> - _ a+b a=b a?b a&b a(b) a^b
größe größé 名前 имя ñ é e\u0301 ǅ Straße 𝒳 🙂 العمر Name NAME naMe ../../a .. .
"""
"""Words of SHACL, RML, RDF and JSON-LD, and of YAML and LinkML; signs; other scripts; case and composition."""
WORDS = (*_WORDS.split(), "first name", "naïve  name of three", "x" * 90, "ü" * 60)


def data_name(name: str) -> str:
    """A name of a slot as it stands in the data."""
    return re.sub(r"\s+", "_", name.strip())


def joined(name: str) -> str:
    """A name of a class as it stands in slugs: of several words each gets a capital letter."""
    words = name.split()
    return name if len(words) == 1 else "".join(word[:1].upper() + word[1:] for word in words)


@dataclass(slots=True, kw_only=True)
class Names:
    """Draws names, each once.

    Args:
        dice: the chance.
        oddness: how often a name is an odd one.
    """

    dice: random.Random
    oddness: float
    used: set[str] = field(default_factory=lambda: {"time"})  # the standard type that syllables make

    def new(self) -> str:
        """A name that was not drawn before."""
        while True:
            name = self.dice.choice(WORDS) if self.dice.random() < self.oddness else self._plain()
            keys = {data_name(name), joined(name)}
            if not keys & self.used:
                self.used |= keys
                return name

    def _plain(self) -> str:
        return "".join(self.dice.choice("kltmrsv") + self.dice.choice("aeiou") for _ in range(self.dice.randint(2, 4)))
