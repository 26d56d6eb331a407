"""Pages in a real browser: a server on a socket of this machine, and Chromium in front of it."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import BROWSER

WIDE = {"width": 1_280, "height": 800}
NARROW = {"width": 360, "height": 740}

_PATIENCE_MS = 10_000
_LOOKS = os.environ.get("RUFWERK_SCREENSHOTS", "")
"""A folder in which tests leave what they saw."""


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve the application until left; the value is its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical")
    server = uvicorn.Server(config)
    ready = threading.Event()
    begin = server.startup

    async def startup(*args: object, **kwargs: object) -> None:
        await begin(*args, **kwargs)  # type: ignore[arg-type]
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(10)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; each test opens contexts of its own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@dataclass
class Tab:
    """One page, and what the browser complained of."""

    page: Page
    address: str
    complaints: list[str]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, name: str, password: str) -> None:
        """By the form, with the keyboard."""
        self.open("/sign-in")
        self.page.locator("#f-name").fill(name)
        self.page.locator("#f-password").fill(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def picture(self, name: str) -> None:
        """For people to look at, where a folder is named for it."""
        if _LOOKS:
            self.page.screenshot(path=Path(_LOOKS) / f"{name}.png", full_page=True)

    def fits(self) -> bool:
        """Nothing makes the page scroll sideways."""
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            )
        )

    def barriers(self) -> list[str]:
        """What axe-core finds that is serious or critical."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]


@contextmanager
def tab(
    browser: Browser, address: str, *, size: dict[str, int] = WIDE, look: str = "light"
) -> Iterator[Tab]:
    """A browser that has never been here; what it complains of is in `complaints`."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=look,  # type: ignore[arg-type]
        locale="de-DE",
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    opened = Tab(page=page, address=address, complaints=[])
    page.on("pageerror", lambda err: opened.complaints.append(str(err)))
    page.on("console", lambda said: _note(opened, said.type, said.text))
    try:
        yield opened
    finally:
        context.close()


def _note(opened: Tab, kind: str, text: str) -> None:
    """Answers such as 403 are told as errors too; tests look at them by themselves."""
    if kind == "error" and not text.startswith("Failed to load resource"):
        opened.complaints.append(text)
