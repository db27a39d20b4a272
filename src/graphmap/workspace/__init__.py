"""Reads the configuration of a workspace, `graphmap.toml`."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.workspace.reader import CONFIGURATION, find_workspace, read_workspace
    from graphmap.workspace.settings import (
        DatabaseSettings,
        IssuerSettings,
        Limits,
        ServiceSettings,
        SourceSettings,
        TokenSettings,
        Workspace,
    )

__all__ = [
    "CONFIGURATION",
    "DatabaseSettings",
    "IssuerSettings",
    "Limits",
    "ServiceSettings",
    "SourceSettings",
    "TokenSettings",
    "Workspace",
    "find_workspace",
    "read_workspace",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.workspace",
        {
            "reader": "CONFIGURATION find_workspace read_workspace",
            "settings": "DatabaseSettings IssuerSettings Limits ServiceSettings SourceSettings TokenSettings Workspace",
        },
    )
