#!/usr/bin/env bash
# Writes db/schema.sql: what the migrations make, dumped by dbmate. The dump is of
# PostgreSQL 15, the oldest supported; a newer pg_dump would write it differently.
set -euo pipefail
cd "$(dirname "$0")/.."
BARAZA_PG_BIN=${BARAZA_PG_BIN:-/usr/lib/postgresql/15/bin}
[[ -x $BARAZA_PG_BIN/pg_dump ]] || {
  echo "pg_dump 15 is missing: run scripts/setup.sh as root, or name its folder in BARAZA_PG_BIN" >&2
  exit 1
}
export BARAZA_PG_BIN
exec go test -tags e2e -count=1 -run '^TestSchemaFile$' ./db/migrate -update
