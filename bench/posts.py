"""A contact request as a parent sends it, beside a bare Wagtail form: checked whole, kept, answered."""

import hashlib
import os
from urllib.parse import urlencode

import django

django.setup()

from django.utils.crypto import get_random_string  # noqa: E402

from bench import load, scratch  # noqa: E402
from bench.report import Row, middle, show  # noqa: E402
from bench.servers import serving  # noqa: E402
from casework.forms.contact_requests import new_seal  # noqa: E402

ROUNDS, POSTS = (3 if scratch.QUICK else 5), 60
GOAL = 1.5
TYPED = {
    "question": "Хочу вернуть сына домой. Что для этого нужно и с чего начать?",
    "name": "Марина",
    "contact_way": "Позвонить",
    "phone": "8 (913) 000-00-01",
    "email": "",
    "safe_time": "после 18",
    "discreet": "Да, не говорите",
    "agency": "",
}


def measure(env: dict[str, str]) -> None:
    """Send requests to the three in turn, round after round, and print the medians side by side."""
    cookie = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
    browser = hashlib.sha256(cookie.encode()).hexdigest()[:24]
    token = {"csrfmiddlewaretoken": cookie}
    same = _body(token | TYPED)
    fifteen = _body(token | {f"q{number}": f"Ответ на вопрос {number}" for number in range(15)})
    costs: dict[str, list[load.Cost]] = {"ours": [], "same": [], "fifteen": []}
    with serving("portal.wsgi:application", **env) as server:
        for number in range(ROUNDS + 1):
            posts = POSTS if number else load.CONNECTIONS  # the first round only warms up
            pages = [_body(token | TYPED | _page(browser)) for _number in range(posts)]
            found = {
                "ours": load.post(server, "/napisat-nam/", pages, cookie=cookie, status=b"302"),
                "same": load.post(server, "/bare-form/", [same] * posts, cookie=cookie, status=b"200"),
                "fifteen": load.post(server, "/bare-form-15/", [fifteen] * posts, cookie=cookie, status=b"200"),
            }
            for name, cost in found.items():
                if number:
                    costs[name].append(cost)
    cpu = {name: middle([cost.cpu_ms for cost in found]) for name, found in costs.items()}
    speed = {name: middle([cost.per_second for cost in found]) for name, found in costs.items()}
    show(
        "A contact request (case, grants, two documents, log: one transaction) beside a bare Wagtail form",
        [
            Row("15 fields in the bare form, CPU ms/POST", cpu["ours"], cpu["fifteen"], at_most=GOAL),
            Row("our own 8 questions in the bare form, CPU ms/POST", cpu["ours"], cpu["same"], at_most=GOAL),
            Row("15 fields in the bare form, POST/s", speed["ours"], speed["fifteen"], digits=0),
        ],
    )


def _page(browser: str) -> dict[str, str]:
    """Return what a fresh page of the form adds: each request is a request of its own."""
    return {"seal": new_seal(browser), "consent_edition": "1", "consent": "on"}


def _body(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()


if __name__ == "__main__":
    scratch.end_tidily()
    measure(dict(os.environ))
