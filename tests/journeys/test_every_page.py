"""Every page of the site and of the desk, looked at once: can anybody read and use it, on any device?"""

from dataclasses import dataclass, field
from gzip import compress
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from playwright.sync_api import Browser, Page, Response
from wagtail.models import Site

from casework.actions import drafts, forms_to_fill, sharing, submissions
from casework.models import Case
from forms_library.models import Agency
from portal.accounts.models import User
from tests.factories import PLAN_TYPED
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

MOST_BYTES = 60 * 1024
SPECIALIST = "shkola.specialist@ochag.example"
NARROW = {"width": 320, "height": 640}


@dataclass
class Visit:
    """What was found on one page."""

    axe: list[str] = field(default_factory=list)
    axe_in_the_dark: list[str] = field(default_factory=list)
    sideways: dict[str, list[str]] = field(default_factory=dict)
    small_targets: list[str] = field(default_factory=list)
    small_text: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    size: int = 0


def public_addresses() -> list[str]:
    """Every page of the tree, and the screens that are not in it."""
    root = Site.objects.get(is_default_site=True).root_page
    pages = root.get_descendants(inclusive=True).live().public()
    return [
        *[page.get_url() for page in pages],
        "/poisk/",
        "/poisk/?q=план",
        "/poisk/?q=несуществующее",
        "/display/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/napisat-nam/sostoyanie/",
        "/nikogda-ne-bylo/",
    ]


def desk_addresses() -> list[str]:
    """Every screen of a case that holds something of everything."""
    author = User.objects.get(email=SPECIALIST)
    case = Case.objects.get(agency__code="shkola-17")
    now = timezone.now()
    edition = forms_to_fill.edition_to_fill(code="nso_dept_plan", at=now)
    draft = drafts.start_draft(case=case, edition=edition, actor=author, at=now)
    scan = MultiValueDict({"consent_scan": [SimpleUploadedFile("согласие.pdf", b"%PDF-1.7")]})
    typed, _refused = drafts.typed_with_files(draft=draft, post=PLAN_TYPED, files=scan, actor=author, at=now)
    draft = drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=now)
    filed = submissions.file_draft(draft=draft, actor=author, at=now)
    draft = drafts.start_draft(case=case, edition=edition, actor=author, at=now)
    sharing.share_case(
        case=case,
        agency=Agency.objects.get(code="kcson"),
        level="view",
        last_day=case.agency.local(now).date(),
        reason="психолог",
        actor=author,
        at=now,
    )
    followed = case.procedures.get()
    under = f"procedures/{followed.pk}/"
    tasks = ("tasks/", "tasks/calendar/", "absences/", "incoming/", "assigned/", "councils/", "known/", "resources/")
    rare = ("supervision/", "supervision/shkola-17/", "emergency/", "resources/new/")
    together = ("plan/", "visits/", "referrals/", "referrals/new/", "access/", "access/keep-out/", "access/open/")
    handing = ("handover/", "answer-links/", "council/")
    procedure = ("", "level/", "end/", "timeline/", "steps/signal/", "steps/signal/term/")
    parts = (
        "",
        "tasks/",
        "procedures/start/",
        *(under + screen for screen in procedure),
        "history/",
        "assign/",
        "close/",
        "notes/",
        "people/",
        f"people/{case.people.first().pk}/",
        "shares/",
    )
    return [
        "/cases/",
        "/cases/all/",
        "/cases/open/",
        "/cases/fill/nso_dept_plan/",
        *[f"/cases/{screen}" for screen in (*tasks, *rare)],
        *[f"/cases/{case.reference}/{part}" for part in (*parts, *together, *handing)],
        f"/cases/{case.reference}/drafts/{draft.pk}/",
        f"/cases/{case.reference}/documents/{filed.number}/",
    ]


def look_at(page: Page, address: str, own: str) -> Visit:
    """Open a page on a narrow phone and note everything that is wrong with it."""
    visit = Visit()
    responses: list[Response] = []

    def answered(response: Response) -> None:
        responses.append(response)

    def said(message: Any) -> None:
        if message.type in {"error", "warning"} and "404" not in message.text:
            visit.complaints.append(message.text)

    page.on("response", answered)
    page.on("console", said)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", answered)
    # Only now: a listener that asks for sizes is interrupted by the next one, and their sums overwrite each other.
    visit.strangers = [response.url for response in responses if not response.url.startswith((own, "data:"))]
    visit.size = sum(weight(response) for response in responses if response.url.startswith(own))
    page.emulate_media(color_scheme="light")
    visit.axe = problems(page)
    visit.small_targets, visit.small_text = page.evaluate(MEASURE)
    visit.sideways["320 px"] = page.evaluate(WIDER_THAN_THE_SCREEN)
    page.emulate_media(color_scheme="dark")
    visit.axe_in_the_dark = problems(page, runOnly=["color-contrast"])
    page.evaluate("document.documentElement.dataset.text = 'largest'")
    visit.sideways["very large text"] = page.evaluate(WIDER_THAN_THE_SCREEN)
    page.remove_listener("console", said)
    return visit


def weight(response: Response) -> int:
    """Return how many bytes of an answer travel; of styles and scripts, as many as the real server would send."""
    if response.request.resource_type == "other" or 300 <= response.status < 400:
        return 0
    if "/static/" in response.url and not response.url.endswith((".woff2", ".png", ".jpg")):
        return len(compress(response.body()))
    return int(response.request.sizes()["responseBodySize"])


def problems(page: Page, **options: Any) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.fixture(scope="module")
def visits(browser: Browser, site: str) -> dict[str, Visit]:
    """Every page, visited once: by somebody without an account and by a specialist. Public pages are kept, as in life."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "PUBLIC_PAGE_CACHE_SECONDS", 60)
        return visited(browser, site)


def visited(browser: Browser, site: str) -> dict[str, Visit]:
    """Look at every page: each public one as somebody who comes for the first time, the desk as one specialist."""
    found = {}
    for address in public_addresses():
        with browser.new_context(base_url=site, locale="ru-RU", viewport=NARROW) as newcomer:
            found[address] = look_at(newcomer.new_page(), address, site)
    with browser.new_context(base_url=site, locale="ru-RU", viewport=NARROW) as specialist:
        page = specialist.new_page()
        sign_in(page, SPECIALIST)
        for address in desk_addresses():
            found[address] = look_at(page, address, site)
    return found


def nowhere(found: dict[str, Any]) -> None:
    """Fail with a list of what was found where."""
    lines = [f"{address}: {what}" for address, what in found.items() if what]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


class TestEveryPage:
    def test_has_nothing_that_axe_finds(self, visits):
        nowhere({address: visit.axe for address, visit in visits.items()})

    def test_has_enough_contrast_in_the_dark(self, visits):
        nowhere({address: visit.axe_in_the_dark for address, visit in visits.items()})

    def test_never_scrolls_sideways_also_with_the_largest_letters(self, visits):
        wide = {
            address: {where: what for where, what in visit.sideways.items() if what}
            for address, visit in visits.items()
        }
        nowhere(wide)

    def test_has_nothing_to_press_that_is_smaller_than_a_finger(self, visits):
        nowhere({address: visit.small_targets for address, visit in visits.items()})

    def test_has_no_text_smaller_than_18_px(self, visits):
        nowhere({address: visit.small_text for address, visit in visits.items()})

    def test_breaks_no_security_policy_and_leaves_the_console_empty(self, visits):
        nowhere({address: visit.complaints for address, visit in visits.items()})

    def test_asks_no_other_site_for_anything(self, visits):
        nowhere({address: visit.strangers for address, visit in visits.items()})

    def test_of_the_public_site_weighs_at_most_60_kilobytes(self, visits):
        """For a first visit: nothing in the browser's cache, no cookies. A page counts as it came over the wire.

        Pages that are kept come packed, also for those who have seen a form (`tests/portal/test_page_cache.py`); a page
        with a form in it comes as it is. Styles and scripts count as the real server packs them.
        """
        heavy = {address: visit.size for address, visit in visits.items() if not address.startswith("/cases/")}
        assert not {address: size for address, size in heavy.items() if size > MOST_BYTES}


WIDER_THAN_THE_SCREEN = """() => {
    const most = document.documentElement.clientWidth + 1;
    if (document.documentElement.scrollWidth <= most) return [];
    return [...document.querySelectorAll("body *")]
        .filter(element => element.getBoundingClientRect().right > most)
        .filter(element => !element.closest(".table-scroll, .picture-scroll, .visually-hidden"))  // they scroll by themselves
        .map(element => `${element.tagName} .${element.className} ${element.textContent.trim().slice(0, 40)}`)
        .slice(0, 6);
}"""

MEASURE = """() => {
    const visible = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && !element.closest(".visually-hidden, .skip-link, [hidden], [aria-hidden=true]") && element.getClientRects().length;
    const name = element => `${element.tagName} .${element.className} ${(element.name || element.textContent).trim().slice(0, 40)}`;
    const running = element => {
        // A link with words of the same sentence around it.
        const around = element.closest("p, li, td, th, dd, label, h1, h2, h3, h4, summary, figcaption, span, div");
        return element.tagName === "A" && around
            && around.textContent.trim().length > element.textContent.trim().length && getComputedStyle(element).display === "inline";
    };
    const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter(visible)
        .filter(element => !running(element))
        .filter(element => {
            const label = element.labels && element.labels[0];
            const card = element.closest(".card-title") && element.closest(".card");  // the link covers its whole card
            const boxes = [element, label, card].filter(Boolean).map(target => target.getBoundingClientRect());
            return !boxes.some(box => box.height >= 43.5 && box.width >= 43.5);
        })
        .map(element => {
            const box = element.getBoundingClientRect();
            return `${name(element)} ${Math.round(box.width)}x${Math.round(box.height)}`;
        });
    const small = new Set();
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        const parent = words.currentNode.parentElement;
        if (words.currentNode.textContent.trim() && !parent.closest("script, style, noscript, datalist") && visible(parent)
            && parseFloat(getComputedStyle(parent).fontSize) < 17.99) {
            small.add(`${name(parent)} ${getComputedStyle(parent).fontSize}`);
        }
    }
    return [targets, [...small]];
}"""
