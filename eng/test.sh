#!/usr/bin/env bash
# Builds everything and runs every test project, one after the other. The last line sums them up: "N passed, N failed, N skipped".
#   bash eng/test.sh                  all tests
#   bash eng/test.sh Graph Cli        only the test projects whose names contain one of these words
#   bash eng/test.sh --both [word …]  then the tests of golden numbers and real data once more, as they run where neither is present
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
both=false
if [ "${1:-}" = --both ]; then
  both=true
  shift
fi

if ! dotnet build DistillSharp.slnx -c Release -v quiet -clp:NoSummary; then
  echo "0 passed, 1 failed"
  exit 1
fi

passed=0 failed=0 skipped=0

# Runs a test project with further arguments, and adds what it counts.
run() {
  local name=$1 log status total broken skips
  log=$(mktemp)
  "tests/$name/bin/Release/net10.0/$name" -noLogo -noColor "${@:2}" 2>&1 | tee "$log" | grep -vE '^  (Discover|Start|Finish)'
  status=${PIPESTATUS[0]}
  read -r total broken skips < <(sed -n 's/.* Total: *\([0-9]*\), Errors: *\([0-9]*\), Failed: *\([0-9]*\), Skipped: *\([0-9]*\),.*/\1 \2+\3 \4/p' "$log" | tail -n 1) || true
  rm -f "$log"
  total=${total:-0} broken=$((${broken:-0})) skips=${skips:-0}

  # A project that crashed, or ran nothing, is a failure even where no test says so.
  if [ "$total" -eq 0 ] || { [ "$status" -ne 0 ] && [ "$broken" -eq 0 ]; }; then
    echo "$name ended with exit code $status after $total tests."
    broken=$((broken + 1)) total=$((total + 1))
  fi
  passed=$((passed + total - broken - skips)) failed=$((failed + broken)) skipped=$((skipped + skips))
}

for project in tests/*.Tests; do
  name=$(basename "$project")
  if [ $# -gt 0 ] && ! grep -qiF "$(printf '%s\n' "$@")" <<<"$name"; then
    continue
  fi

  echo "== $name"
  run "$name"

  if $both && grep -rqE 'Trait\("Category", "(Golden|Data)"\)' "$project" --include='*Tests.cs'; then
    echo "== $name, without golden numbers and data"
    DISTILLSHARP_GOLDEN="$PWD/absent" DISTILLSHARP_DATA="$PWD/absent" run "$name" -trait Category=Golden -trait Category=Data
  fi
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
