#!/usr/bin/env bash
# Installs what a bare Debian with Go and Node lacks; with nothing missing it only
# looks. Root gets system packages too, anybody else is told what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }

system_packages() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  # Arabic and the other scripts of the right-to-left pictures.
  [[ -e /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf ]] || missing+=(fonts-noto-core)
  # The npm package below has a server, but no pg_dump.
  compgen -G '/usr/lib/postgresql/*/bin/pg_dump' >/dev/null &&
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
  ((${#missing[@]})) || return 0

  if ((EUID)) || ! command -v apt-get >/dev/null; then
    say "not installed: ${missing[*]}. Browser tests need chromium and fonts-noto-core, backups and scripts/schema.sh need postgresql."
    return 0
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  if [[ " ${missing[*]} " == *' postgresql '* ]]; then
    # Only the programs are wanted: no cluster is made, no server started.
    apt-get install -qq -y --no-install-recommends postgresql-common >/dev/null
    sed -i -E 's/^#?\s*create_main_cluster\s*=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  fi
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}

# npm ci, for each lockfile that is not what was installed last.
node_packages() {
  local lock folder stamp sum
  for lock in package-lock.json web/tools/*/package-lock.json; do
    [[ -e $lock ]] || continue
    folder=$(dirname "$lock")
    stamp=$folder/node_modules/.installed
    sum=$(sha256sum "$lock")
    [[ -e $stamp && $(<"$stamp") == "$sum" ]] && continue
    say "npm ci in $folder"
    (cd "$folder" && npm ci --no-fund --no-audit --loglevel=error >&2)
    echo "$sum" >"$stamp"
  done
}

command -v go >/dev/null || { say 'Go 1.26 is missing'; exit 1; }
command -v npm >/dev/null || { say 'Node 20.19 or newer is missing'; exit 1; }
system_packages
node_packages
