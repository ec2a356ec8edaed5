#!/usr/bin/env bash
# Everything, against real Postgres, NATS and Chromium. Each test process has engines of its own on free ports, so two
# runs side by side do not disturb each other. Arguments go to go test.
set -euo pipefail
cd "$(dirname "$0")/.."

npm run --silent --workspace web check # leaves the built app in web/dist
go tool staticcheck -tags e2e ./...
go build -o bin/baraza ./cmd/baraza
npm run --silent --workspace web e2e
go test -race -tags e2e -timeout 20m "$@" ./...
