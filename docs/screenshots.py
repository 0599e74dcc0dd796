"""The pictures of the README and the guides, taken from the running program: `python -m docs.screenshots`.

Starts the whole program on a scratch folder and a free port, walks through it as a parent and as a specialist, and stops it.
"""

import io
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

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

HOUSE = Path(__file__).resolve().parent.parent
IMAGES = HOUSE / "docs" / "images"
TEACHER, SPECIALIST = "shkola.specialist@ochag.example", "kcson.specialist@ochag.example"
PASSWORD = "ochag-demo-2026"
PHONE: ViewportSize = {"width": 390, "height": 780}
DESKTOP: ViewportSize = {"width": 1200, "height": 850}
TALL: ViewportSize = {"width": 1200, "height": 1040}
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
    """The home page on a phone, a case, a procedure as everybody reads it, and where a case stands under it."""
    IMAGES.mkdir(exist_ok=True)
    phone = open_page(browser, address, PHONE)
    phone.goto("/")
    keep(phone, "home-phone")
    keep(first_case(browser, address, TEACHER, DESKTOP), "case")
    reader = open_page(browser, address, DESKTOP)
    reader.goto("/formy/poryadok-tom-support/")
    reader.evaluate("document.querySelectorAll('.picture-plate')[1].scrollIntoView()")
    keep(reader, "procedure")
    radar = first_case(browser, address, SPECIALIST, TALL)
    radar.locator("[id^=procedure-] a").first.click()
    radar.wait_for_load_state("networkidle")
    keep(radar, "radar")


def open_page(browser: Browser, address: str, size: ViewportSize) -> Page:
    return browser.new_context(base_url=address, viewport=size, locale="ru-RU", reduced_motion="reduce").new_page()


def first_case(browser: Browser, address: str, email: str, size: ViewportSize) -> Page:
    """Sign in as somebody and open the first case of their list that follows a procedure."""
    page = open_page(browser, address, size)
    page.goto("/accounts/login/?next=/cases/all/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/cases/all/")
    page.locator("tbody th a").first.click()
    page.wait_for_load_state("networkidle")
    return page


def keep(page: Page, name: str) -> None:
    """Keep what the screen shows, in 256 colours: a page has few, and the file is half as large."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(IMAGES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()
