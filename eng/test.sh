#!/usr/bin/env bash
# Builds everything and runs every test project, one after the other. The last line sums them up: "N passed, N failed, N skipped".
#   bash eng/test.sh                  all tests
#   bash eng/test.sh Graph Cli        only the test projects whose names contain one of these words
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

if ! dotnet build DistillSharp.slnx -c Release -v quiet -clp:NoSummary; then
  echo "0 passed, 1 failed"
  exit 1
fi

passed=0 failed=0 skipped=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  if [ $# -gt 0 ] && ! grep -qiF "$(printf '%s\n' "$@")" <<<"$name"; then
    continue
  fi

  echo "== $name"
  log=$(mktemp)
  "$project/bin/Release/net10.0/$name" -noLogo -noColor 2>&1 | tee "$log" | grep -vE '^  (Discover|Start|Finish)'
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
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
