"""A workspace: a folder with a `graphmap.toml`, and what it says."""

from graphmap.workspace.reader import CONFIGURATION, find_workspace, read_workspace
from graphmap.workspace.settings import (
    IssuerSettings,
    Limits,
    ServiceSettings,
    SourceSettings,
    TokenSettings,
    Workspace,
)

__all__ = [
    "CONFIGURATION",
    "IssuerSettings",
    "Limits",
    "ServiceSettings",
    "SourceSettings",
    "TokenSettings",
    "Workspace",
    "find_workspace",
    "read_workspace",
]
