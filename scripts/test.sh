#!/usr/bin/env bash
# The web app's checks, then everything in Go, against real Postgres and NATS. Each test process has engines of its own on
# free ports, so two runs side by side do not disturb each other. Arguments go to go test. The browser journeys are
# `make e2e`, staticcheck is in `make lint`.
set -euo pipefail
cd "$(dirname "$0")/.."

npm run --silent --workspace web check # leaves the built app in web/dist
go test -race -tags e2e -timeout 20m "$@" ./...
