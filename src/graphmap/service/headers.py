"""Headers that every answer carries, and IRIs as headers can carry them."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SecurityHeaders", "uri"]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_RAW = tuple((name.lower().encode(), value.encode()) for name, value in _HEADERS.items())


class SecurityHeaders:
    """ASGI middleware: nothing is sniffed, framed, scripted or fetched from elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add to its answer."""

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = message["headers"]
                named = {name.lower() for name, _ in sent}
                message["headers"] = [*sent, *(header for header in _RAW if header[0] not in named)]
            await send(message)

        await self._app(scope, receive, adding)


def uri(iri: str) -> str:
    """Percent-encode what is not ASCII in an IRI.

    Source: RFC 3987, section 3.1.

    >>> uri("https://schema.limbergraph.com/limber/Country/Österreich")
    'https://schema.limbergraph.com/limber/Country/%C3%96sterreich'
    """
    return "".join(
        character if character.isascii() else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in iri
    )
