"""The home page and a programme page, kept and not, beside a bare Wagtail page and the least the server can answer."""

import os

from bench import load, scratch
from bench.report import Row, middle, show
from bench.servers import Server, serving

ROUNDS, SECONDS = (2 if scratch.QUICK else 4), 0.8
CACHED_GOAL, UNCACHED_GOAL = 0.55, 1.1
PAGES = ("home", "programme")
FRESH = "?fresh"  # an address that the page cache leaves alone
PROGRAMME = "/programmy/vozvrashchenie-rebenka/"


def measure(env: dict[str, str]) -> None:
    """Ask every page in turn, round after round, and print the medians side by side."""
    costs: dict[str, list[load.Cost]] = {}
    with (
        serving("portal.wsgi:application", **env) as ours,
        serving("bench.bare.hello:application", **env) as hello,
    ):
        asked: list[tuple[str, Server, str]] = [
            ("hello", hello, "/"),
            ("home kept", ours, "/"),
            ("programme kept", ours, PROGRAMME),
            ("home", ours, f"/{FRESH}"),
            ("bare home", ours, f"/bare-home/{FRESH}"),
            ("programme", ours, PROGRAMME + FRESH),
            ("bare programme", ours, f"/bare-programmes/bare-programme/{FRESH}"),
        ]
        sizes = {name: load.get(server, path, seconds=0.3).size for name, server, path in asked}
        asked += [(f"hello as {page}", hello, f"/?{sizes[f'{page} kept']}") for page in PAGES]
        for number in range(ROUNDS + 1):
            for name, server, path in asked:
                cost = load.get(server, path, seconds=SECONDS if number else 0.3)
                if number:  # the first round only warms up
                    costs.setdefault(name, []).append(cost)
    speed = {name: middle([cost.per_second for cost in found]) for name, found in costs.items()}
    cpu = {name: middle([cost.cpu_ms for cost in found]) for name, found in costs.items()}
    show(
        f"Public pages, kept in memory: beside a raw WSGI answer of the same server ({load.CONNECTIONS} connections)",
        [
            row
            for page in PAGES
            for name, peer in (("«Hello»", "hello"), ("as many bytes", f"hello as {page}"))
            for row in (
                Row(
                    f"{page} beside {name}, requests/s",
                    speed[f"{page} kept"],
                    speed[peer],
                    at_least=CACHED_GOAL,
                    digits=0,
                ),
                Row(
                    f"{page} beside {name}, requests per CPU second",
                    1000 / cpu[f"{page} kept"],
                    1000 / cpu[peer],
                    at_least=CACHED_GOAL,
                    digits=0,
                ),
            )
        ],
        "The client shares the two cores, so requests/s flatters whoever is slower; the CPU of the server does not.",
    )
    show(
        "Public pages, made anew: beside a bare Wagtail page with navigation and the same words",
        [
            *(Row(f"{page}, CPU ms/request", cpu[page], cpu[f"bare {page}"], at_most=UNCACHED_GOAL) for page in PAGES),
            *(Row(f"{page}, requests/s", speed[page], speed[f"bare {page}"], digits=0) for page in PAGES),
        ],
    )


if __name__ == "__main__":
    scratch.end_tidily()
    measure(dict(os.environ))
