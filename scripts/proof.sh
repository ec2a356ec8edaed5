#!/usr/bin/env bash
# The long trials, about 40 minutes in all: faults under load ten times each, the models with more checks, and two
# minutes of fuzzing per target. Results go to proof/<revision>: a log per step, trials.jsonl with a line per trial and
# steps.jsonl with a line per step. A step that passed at this revision is not run again, so what was interrupted goes
# on where it ended. Arguments name the only steps to run, as in: scripts/proof.sh faults FuzzSplit
set -euo pipefail
cd "$(dirname "$0")/.."

revision=$(git rev-parse --short=12 HEAD)
# Another tree is another revision.
if ! git diff --quiet HEAD; then revision+="-$(git diff HEAD | sha1sum | cut -c1-8)"; fi
out=$PWD/proof/$revision
mkdir -p "$out"
only=("$@")
failed=()

# step NAME TIME COMMAND... runs one step, for at most so long.
step() {
  local name=$1 limit=$2 began=$SECONDS passed=true
  shift 2
  if ((${#only[@]})) && [[ " ${only[*]} " != *" $name "* ]]; then return; fi
  if grep -qsF "\"step\":\"$name\",\"passed\":true" "$out/steps.jsonl"; then
    echo "proof: $name passed before"
    return
  fi
  echo "proof: $name, at most $limit"
  if ! timeout --kill-after=30s "$limit" "$@" >"$out/$name.log" 2>&1; then
    passed=false
    failed+=("$name")
  fi
  printf '{"step":"%s","passed":%s,"seconds":%d,"revision":"%s","at":"%s"}\n' \
    "$name" "$passed" $((SECONDS - began)) "$revision" "$(date -u +%FT%TZ)" >>"$out/steps.jsonl"
}

faults() {
  rm -f "$out/trials.jsonl"
  BARAZA_TRIALS=${PROOF_TRIALS:-10} BARAZA_TRIALS_OUT=$out/trials.jsonl BARAZA_TRIALS_REVISION=$revision \
    go test -race -tags proof -count=1 -timeout 20m -v -run '^Test(Killed|BadLinks|PostgresAway|FullDisk|LostAnswers|ForgottenConnections)$' ./cmd/baraza
}
export -f faults
export out revision

step faults 17m bash -c faults

# Models: each package with a rapid test whose name says Model.
while read -r folder; do
  step "model-${folder//\//-}" 4m go test -race -count=1 -timeout 5m -v -run Model "./$folder" -rapid.checks="${PROOF_CHECKS:-1000}"
done < <(git grep -lE 'func Test\w*Model' -- '*_test.go' | xargs -r grep -l 'pgregory.net/rapid' | xargs -r -n1 dirname | sort -u)

while IFS=: read -r file line; do
  target=$(sed -E 's/^func (Fuzz\w+).*/\1/' <<<"$line")
  step "$target" 4m go test -run '^$' -fuzz "^$target\$" -fuzztime "${PROOF_FUZZ:-2m}" -fuzzminimizetime 10s "./$(dirname "$file")"
done < <(git grep -E '^func Fuzz' -- '*_test.go')

if ((${#failed[@]})); then
  echo "proof: failed: ${failed[*]}; see $out" >&2
  exit 1
fi
echo "proof: all steps passed; see $out"
