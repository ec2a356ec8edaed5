#!/usr/bin/env bash
# Everything, against real Postgres, NATS and Chromium. Each test process has a Postgres of its own on a free port,
# so two runs side by side do not disturb each other.
set -euo pipefail
cd "$(dirname "$0")/.."

npm run --silent --workspace web check
# vet runs inside go test; staticcheck reads the same packages.
go tool staticcheck -tags e2e ./...
go test -race -tags e2e -timeout 20m "$@" ./...
