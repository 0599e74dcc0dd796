"""The README's pictures, taken from the running program: `python -m docs.screenshots`.

Starts the whole program on a scratch folder and a free port, walks through it as a parent and as a specialist, and stops it.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

HOUSE = Path(__file__).resolve().parent.parent
IMAGES = HOUSE / "docs" / "images"
SPECIALIST, PASSWORD = "shkola.specialist@ochag.example", "ochag-demo-2026"
PHONE = {"width": 390, "height": 780}
DESKTOP = {"width": 1200, "height": 850}
SECONDS_TO_START = 60


def main() -> None:
    """Start the program, take the pictures, stop the program."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("The pictures need Chromium. Install it: apt-get install -y chromium")
    with tempfile.TemporaryDirectory(prefix="ochag-pictures-") as scratch:
        port = free_port()
        environment = {**os.environ, "OCHAG_VAR": scratch, "PORT": str(port)}
        for command in ("migrate", "load_demo"):
            manage(command, "--verbosity", "0", environment=environment)
        server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=HOUSE, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                take_pictures(browser, address)
                browser.close()
        finally:
            server.terminate()
            server.wait()


def manage(*command: str, environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command], cwd=HOUSE, env=environment, check=True, stdout=subprocess.DEVNULL
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    for _second in range(SECONDS_TO_START):
        try:
            urlopen(address, timeout=5).close()
        except URLError:
            time.sleep(1)
        else:
            return
    sys.exit("The program did not start.")


def take_pictures(browser: Browser, address: str) -> None:
    """The home page on a phone, the page of a case, a form being filled in."""
    IMAGES.mkdir(exist_ok=True)
    phone = browser.new_context(base_url=address, viewport=PHONE, locale="ru-RU", reduced_motion="reduce").new_page()
    phone.goto("/")
    keep(phone, "home-phone")
    desk = browser.new_context(base_url=address, viewport=DESKTOP, locale="ru-RU", reduced_motion="reduce").new_page()
    desk.goto("/accounts/login/?next=/cases/all/")
    desk.locator("[name=login]").fill(SPECIALIST)
    desk.locator("[name=password]").fill(PASSWORD)
    desk.locator("main button[type=submit]").click()
    desk.wait_for_url("**/cases/all/")
    desk.locator("tbody th a").first.click()
    desk.wait_for_load_state("networkidle")
    keep(desk, "case")


def keep(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()
