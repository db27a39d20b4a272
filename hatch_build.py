"""Puts the starter workspace into the wheel.

A hook and not `force-include` in pyproject.toml, because that would copy the files into an editable install too, where
they would go stale beside the checkout that `graphmap.starter` reads.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STARTER = ("graphmap.toml", "rules", "ontology", "shapes", "mappings", "queries", "samples", "docs/losses.md")


class StarterHook(BuildHookInterface):  # type: ignore[type-arg]  # the base is generic over a private class
    """Adds each entry of the starter workspace as `graphmap/starter_files/...`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds.

        Args:
            version: `standard` for a wheel, `editable` for an editable install.
            build_data: what hatchling will build; its `force_include` is added to.
        """
        if version != "standard":
            return
        root = Path(self.root)
        build_data["force_include"] |= {str(root / entry): f"graphmap/starter_files/{entry}" for entry in STARTER}
