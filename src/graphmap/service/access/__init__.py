"""Authorization of requests: bearer tokens and OpenID Connect."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.access.oidc import Issuer
    from graphmap.service.access.tokens import (
        SCOPES,
        Access,
        Grant,
        Verifier,
        grant_for,
        grant_rights,
        known_rights,
        new_token,
        require,
    )

__all__ = [
    "SCOPES",
    "Access",
    "Grant",
    "Issuer",
    "Verifier",
    "grant_for",
    "grant_rights",
    "known_rights",
    "new_token",
    "require",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.access",
        {
            "oidc": "Issuer",
            "tokens": "Access Grant SCOPES Verifier grant_for grant_rights known_rights new_token require",
        },
    )
