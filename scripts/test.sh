#!/usr/bin/env bash
# Linters, the web app's checks, the journeys in Chromium, then everything in Go, against real Postgres and NATS. Each
# test process has engines of its own on free ports, so two runs side by side do not disturb each other. Arguments go to
# go test.
set -euo pipefail
cd "$(dirname "$0")/.."

go vet -tags e2e,proof ./...
go tool staticcheck -tags e2e,proof ./...
npm run --silent --workspace web check # leaves the built app in web/dist
make --silent binary
npm run --silent --workspace web e2e
go test -race -tags e2e -timeout 20m "$@" ./...
