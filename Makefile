# Everything a person does with Ochag. `make help` lists it.
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
export PORT
export PYTHONUNBUFFERED = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help run reset test check test-postgres bench format lock messages screenshots

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

# A fresh machine needs Python 3.11 or newer with pip, and make; uv is used when it is there, because it is quicker.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ochag needs Python 3.11 or newer: make run PYTHON=python3.12")'
	@echo "Installing what Ochag needs into .venv (about a minute the first time)…"
	@if command -v uv >/dev/null 2>&1; then \
		{ test -x $(PY) || uv venv -q --python $(PYTHON) .venv; } && uv pip sync -q --require-hashes --python $(PY) $(1); \
	else \
		{ test -x $(PY) || $(PYTHON) -m venv .venv; } && $(PY) -m pip install -q --require-hashes --no-deps -r $(1); \
	fi
endef

# The development set holds the runtime set: whoever has it needs nothing more to run.
.venv/runtime.ok: requirements/runtime.lock
	@if cmp -s requirements/dev.lock .venv/dev.ok 2>/dev/null; then true; else $(MAKE) --no-print-directory .install-runtime; fi
	@cp requirements/runtime.lock $@

.venv/dev.ok: requirements/dev.lock
	$(call install,requirements/dev.lock)
	@cp requirements/dev.lock $@

.PHONY: .install-runtime
.install-runtime:
	$(call install,requirements/runtime.lock)

run: .venv/runtime.ok ## start the portal with its demo content at http://127.0.0.1:8000 (PORT=… for another port)
	@test -e var/demo_loaded || echo "Making the database and loading the demo (about half a minute, the first time only)…"
	@$(PY) manage.py serve --demo

reset: ## throw the demo away (the database, files and mail under var/) so that `make run` starts anew
	rm -rf var/ochag.sqlite3 var/ochag.sqlite3-shm var/ochag.sqlite3-wal var/media var/private var/mail var/demo_loaded

test: .venv/dev.ok ## run all tests, the browser journeys included
	$(PY) -m pytest -n auto --dist loadfile --cov --cov-report=
	# The doors are at 100 %; a few refusals around agendas and protocols are still to be told in tests.
	.venv/bin/coverage report --include "casework/access/*,casework/actions/*,forms_library/rendering.py" --fail-under 99

check: .venv/dev.ok ## format, lint, import contracts, types, migrations, translations, deployment settings
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/lint-imports
	.venv/bin/mypy
	$(PY) manage.py makemigrations --check --dry-run --settings portal.settings.test
	$(PY) -m tests.translations
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') DATABASE_URL=sqlite:///var/deploy-check.sqlite3 \
		CACHE_URL=locmemcache:// ALLOWED_HOSTS=example.org SITE_URL=https://example.org EMAIL_URL=smtp://localhost:25 DEFAULT_FROM_EMAIL=ochag@example.org DATA_OFFICER_EMAIL=pd@example.org \
		$(PY) manage.py check --deploy --fail-level WARNING --settings portal.settings.production

test-postgres: .venv/dev.ok ## run the tests again on a real PostgreSQL (TEST_DATABASE_URL, or one it starts itself)
	$(PY) -m tests.on_postgres

bench: .venv/dev.ok ## measure, and print tables with ratios (SCALE=full for a million cases)
	$(PY) -m bench

format: .venv/dev.ok ## put the code in the house's shape
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

messages: .venv/dev.ok ## collect new words to translate into locale/ru (needs gettext)
	$(PY) manage.py makemessages -l ru --no-obsolete --no-wrap --add-location file -i .venv -i var -i tests
	$(PY) -m tests.translations --compile

lock: ## make the locks in requirements/ anew (needs uv)
	for extra in "" production dev; do \
		uv pip compile pyproject.toml $${extra:+--extra $$extra} --python-version 3.11 --generate-hashes --no-header \
			--no-annotate -q -o requirements/$${extra:-runtime}.lock; \
	done

screenshots: .venv/dev.ok ## take the README's pictures from the running program
	$(PY) -m docs.screenshots
