#!/usr/bin/env bash
# Server on :8080, built and started again when a Go or SQL file changes; the web app on :5173 with hot reload,
# which passes /api and /webhooks on.
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
npm run --workspace web dev &
stamp() { find . \( -name node_modules -o -name data -o -name dist -o -name .git \) -prune -o \( -name '*.go' -o -name '*.sql' \) -newer "$1" -print -quit; }
mark=$(mktemp)
while true; do
  touch "$mark"
  if go build -o bin/baraza ./cmd/baraza; then
    bin/baraza serve --demo & server=$!
  else
    server=
  fi
  until [ -n "$(stamp "$mark")" ]; do sleep 1; done
  [ -z "$server" ] || { kill -INT "$server" 2>/dev/null || true; wait "$server" || true; }
done
