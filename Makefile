# Sanctum: the menu is `make help`. Needs make and any npm; everything else is installed into the project.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.sanctum/tools/bin:$(PATH)

INSTALLED := node_modules/.sanctum-installed

$(INSTALLED): package.json package-lock.json platform/package.json platform/web/package.json migrations/package.json audits/package.json ops-cli/package.json realtime-client/package.json .npmrc
	@command -v npm >/dev/null || { echo "npm was not found. Install Node.js (any version that brings npm) and run this again." >&2; exit 2; }
	@echo "Installing packages (Node.js 26 among them) …"
	@# Not "npm ci": it refuses a lock file that lacks the binaries of other platforms. The lock is read, never written.
	@npm install --no-save --no-progress --loglevel=error
	@test -x node_modules/.bin/node || { echo "The pinned Node.js was not installed: npm skipped the install script of the package \"node\". Run: npm rebuild node" >&2; exit 1; }
	@touch $@

.PHONY: help
help: ## Show this menu
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1|\2/' | awk -F'|' '{ printf "  make %-26s %s\n", substr($$1, 3), $$2 }'

.PHONY: install
install: $(INSTALLED) ## Install the pinned Node.js and all packages

# ── Run ────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: up
up: $(INSTALLED) ## Start Sanctum in the background: database, platform, web app, demo data, verdict
	@sanctum-ops up

.PHONY: follow
follow: $(INSTALLED) ## Start Sanctum and stream its logs; Ctrl-C stops everything
	@sanctum-ops up --follow

.PHONY: down
down: $(INSTALLED) ## Stop everything that make up started
	@sanctum-ops down

.PHONY: status
status: $(INSTALLED) ## What runs, where, in which version
	@sanctum-ops status

.PHONY: doctor
doctor: $(INSTALLED) ## What is broken, why, and what to type next
	@sanctum-ops doctor

.PHONY: review
review: $(INSTALLED) ## The production readiness review of the running stack
	@sanctum-ops review

# ── Test ───────────────────────────────────────────────────────────────────────────────────────────

.PHONY: test
test: gates test-all ## Every gate and every test

.PHONY: test-all
test-all: build tools ## Every test, without the gates
	@vitest run

.PHONY: test-backend
test-backend: $(INSTALLED) ## Unit tests of the server packages; no services
	@vitest run --project unit

.PHONY: test-backend-integration
test-backend-integration: tools ## Server tests on real PostgreSQL and Redis
	@vitest run --project integration

.PHONY: test-api
test-api: tools ## The HTTP API, route by route
	@vitest run --project api

.PHONY: test-frontend
test-frontend: generate ## Component tests of the web app
	@vitest run --project web

.PHONY: test-browser
test-browser: build tools ## Critical flows in a real browser, with accessibility checks
	@vitest run --project browser

.PHONY: test-instances
test-instances: build tools ## The API and browser tests against three instances behind the proxy, without Redis and with it
	@node scripts/test-instances.ts

.PHONY: tools
tools: $(INSTALLED) ## Find or install what tests and several instances need: redis-server, redis-cli, nginx, Chromium with a font
	@node scripts/install-tools.ts

# ── Drills: the promises, proven on a stack of their own ───────────────────────────────────────────

.PHONY: drill-faults
drill-faults: build tools ## Plant one fault after the other; the review names each, its fix clears it
	@node drills/faults.ts

.PHONY: drill-fresh
drill-fresh: $(INSTALLED) ## make test on a machine that has never seen Sanctum, as a user and as root; needs root and debootstrap
	@node drills/fresh.ts

.PHONY: drill-redis
drill-redis: build tools ## Browse and post while Redis is stopped, killed, stalled, flushed
	@node drills/redis.ts

.PHONY: drill-instances
drill-instances: build tools ## Kill and stop one instance after the other behind the proxy, with Redis and without; readers notice nothing
	@node drills/instances.ts

.PHONY: drill-crash
drill-crash: build tools ## kill -9 the platform and PostgreSQL while writing; nothing acknowledged is lost or doubled
	@node drills/crash.ts

.PHONY: drill-doctor
drill-doctor: build tools ## Plant the whole corpus of faults; doctor names each first, its next command cures it, then it is calm
	@DOCTOR_CORPUS=whole vitest run --project integration ops-cli/test/doctor.integration.test.ts

.PHONY: drill-hostile
drill-hostile: build tools ## Attack a stack with many posts while a reader reads: p99 within 1.5 times, always ready; wants an idle machine
	@node drills/hostile.ts

.PHONY: drill-exits
drill-exits: $(INSTALLED) ## A thousand commands that read SQL: each one ends
	@node drills/exits.ts

# ── Gates ──────────────────────────────────────────────────────────────────────────────────────────

.PHONY: gates
gates: typecheck lint format-check dead-code audit-code ## Every gate

.PHONY: typecheck
typecheck: generate ## Types of the server packages and of the web app
	@tsc --noEmit -p tsconfig.json
	@tsc --noEmit -p platform/web/tsconfig.json

.PHONY: lint
lint: $(INSTALLED) ## Type-aware lint
	@oxlint --type-aware --deny-warnings

.PHONY: format-check
format-check: $(INSTALLED) ## Formatting, unchanged
	@oxfmt --check .

.PHONY: format
format: $(INSTALLED) ## Format every file
	@oxfmt .

.PHONY: dead-code
dead-code: generate ## Unused files, exports and dependencies
	@# A configuration that matches nothing is an error: otherwise the gate is green having looked at nothing.
	@knip --treat-config-hints-as-errors
	@# Without the tests: what only they import waits for a use. Types are erased, a test may be the only one to name one.
	@knip --treat-config-hints-as-errors --production --strict --exclude types

.PHONY: audit-code
audit-code: $(INSTALLED) ## Readiness checks that need only the repository: layers, secrets, migrations, SQL
	@sanctum-ops audit --needs repository

# ── Build and measure ──────────────────────────────────────────────────────────────────────────────

.PHONY: generate
generate: $(INSTALLED) ## Generate the web app's API client from platform/openapi.json
	@npm run --silent generate -w platform/web

.PHONY: build
build: generate ## Build the web app
	@npm run --silent build -w platform/web

.PHONY: docs
docs: $(INSTALLED) ## Regenerate the API document, the references of settings and jobs, .env.example and the schema dump
	@node scripts/generate-openapi.ts
	@node scripts/generate-config-docs.ts
	@node scripts/generate-jobs-docs.ts
	@node scripts/generate-realtime-docs.ts
	@node scripts/generate-schema.ts

.PHONY: bench
bench: build tools ## Measure the performance budgets side by side; takes some minutes, wants an idle machine
	@node bench/run.ts

.PHONY: compare-answers
compare-answers: build ## Ask this checkout and the one in BEFORE=folder the same; their answers byte for byte
	@node bench/compare-answers.ts "$(BEFORE)"

.PHONY: clean
clean: ## Remove what was installed and built; data in .sanctum stays
	@rm -rf node_modules platform/web/dist platform/web/src/api
