# Two commands are enough: make run, make test. Both install what is missing.
.DEFAULT_GOAL := help
SHELL := bash
GOFLAGS_BUILD := -trimpath -ldflags "-s -w"

.PHONY: help setup run build binary dev test proof e2e lint web migrate new-migration schema openapi sizes

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## install what a bare machine with Go and Node lacks
	@scripts/setup.sh

web: setup ## build the web app into web/dist
	@npm run --silent --workspace web build

build: web binary ## bin/baraza with the web app inside

binary:
	@CGO_ENABLED=0 go build $(GOFLAGS_BUILD) -o bin/baraza ./cmd/baraza

run: build ## build and start with demo workspaces on http://127.0.0.1:8080
	@exec bin/baraza serve --demo

dev: setup ## server and web app, both reloaded on change
	@scripts/dev.sh

test: setup ## everything, against real Postgres, NATS and Chromium
	@scripts/test.sh

proof: setup ## the long trials, about 40 minutes; what passed at this revision is not run again
	@scripts/proof.sh

e2e: build ## the journeys in Chromium, against the real binary
	@npm run --silent --workspace web e2e

lint: setup ## go vet, staticcheck, Biome, tsc
	@go vet -tags e2e,proof ./... && go tool staticcheck -tags e2e,proof ./... && npm run --silent --workspace web lint

migrate: build ## apply migrations to BARAZA_MIGRATE_DATABASE_URL
	@bin/baraza migrate

new-migration: ## new-migration NAME=what_it_does
	@test -n "$(NAME)" || { echo 'usage: make new-migration NAME=what_it_does'; exit 2; }
	@printf -- '-- What it does and why.\n-- migrate:up\n\n-- migrate:down\n' > db/migrations/$$(date -u +%Y%m%d%H%M%S)_$(NAME).sql; ls db/migrations | tail -1

schema: setup ## db/schema.sql from the migrations
	@scripts/schema.sh

openapi: ## docs/api.md and the web client's types, from the routes
	@go run ./cmd/baraza openapi --document > docs/api.md
	@go run ./cmd/baraza openapi > web/openapi.json && npm run --silent --workspace web openapi

sizes: ## the ten largest files and functions
	@git ls-files '*.go' '*.ts' '*.tsx' '*.sql' | grep -v gen | xargs wc -l | sort -rn | sed -n 2,11p

.PHONY: bench-quick bench-path
bench-quick: ## every path against its floors, about ten minutes on two idle cores
	@go run ./bench run a b c && go run ./bench report

bench-path: ## bench-path P=a|b|c, one path
	@test -n "$(P)" || { echo 'usage: make bench-path P=a|b|c'; exit 2; }
	@go run ./bench run $(P)
