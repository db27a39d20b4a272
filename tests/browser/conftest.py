"""A server over a workspace of its own, a browser, and what is watched while a page is open."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.service.conftest import Server
from tests.service.full import full_services

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).parents[2] / ".bench" / "axe" / "node_modules" / "axe-core" / "axe.min.js"


class Visit:
    """A page in a window, with what it said to the console and what it asked for.

    Args:
        browser: runs.
        address: of the server.
        width: of the window.
        scheme: light or dark.
        scripts: whether scripts run.
    """

    def __init__(
        self, browser: Browser, address: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> None:
        window = {"width": width, "height": 900}
        settings: dict[str, Any] = {"viewport": window, "color_scheme": scheme, "java_script_enabled": scripts}
        self.context = browser.new_context(**settings)
        self.page: Page = self.context.new_page()
        self.address = address
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def go(self, path: str) -> Page:
        """Open a page of the server."""
        self.page.goto(self.address + path)
        return self.page

    @property
    def strangers(self) -> list[str]:
        """What was asked of other addresses."""
        return [url for url in self.asked if not url.startswith((self.address, "data:"))]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is installed by `make browser`")
    if CHROMIUM is None:
        pytest.skip("chromium is installed by `make browser`")
    with sync_api.sync_playwright() as playwright:
        running: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with full_services(tmp_path_factory.mktemp("site"), rows=400) as services, Server(services=services) as server:
        until = time.monotonic() + 60
        while httpx.get(f"{server.address}/search?q=a").status_code == 503:  # the index is being built
            assert time.monotonic() < until
        yield server.address
