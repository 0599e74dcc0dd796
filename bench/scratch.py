"""Scratch databases: made for one run, in a directory or a database of their own, and thrown away."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUICK = os.environ.get("SCALE") == "quick"


def end_tidily() -> None:
    """Let a run that is told to stop put away its servers, directories and databases first."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit("stopped"))


def environment(var: Path, **more: str) -> dict[str, str]:
    """Return the environment in which everything lies under `var`."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL", "EMAIL_URL"}}
    return {**kept, "OCHAG_VAR": str(var), "DJANGO_SETTINGS_MODULE": "bench.settings", **more}


def run(*arguments: str, env: dict[str, str]) -> None:
    """Run Python quietly on these arguments; its words are shown only when it fails."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def make_demo(env: dict[str, str]) -> None:
    """Make the demo portal on a new SQLite file, with the peers beside it."""
    begun = time.monotonic()
    print("Making a scratch portal with the demo content…", end=" ", flush=True)
    run("manage.py", "migrate", "--verbosity", "0", env=env)
    run("manage.py", "load_demo", env=env)
    run("-m", "bench.bare.content", env=env)
    print(f"{time.monotonic() - begun:.0f} s", flush=True)
