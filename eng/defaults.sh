#!/usr/bin/env bash
# Trains recipes of three fields (data, teacher, student) over 4 data sets, 6 students, 3 lengths and 2 seeds, and writes benchmarks/results/defaults.md:
# no student may collapse. Two processes of one thread each, about two hours on two cores; a stopped grid goes on where it stopped.
# The rows are in benchmarks/results/defaults.csv: delete it to begin anew. Real data is read from $DISTILLSHARP_DATA (default ../shared/data).
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

dotnet build benchmarks/DistillSharp.Benchmarks -c Release -v quiet -clp:NoSummary
program=$PWD/artifacts/defaults rows=benchmarks/results/defaults.csv
# A copy, so that a build beside it changes nothing.
rm -rf "$program" && mkdir -p artifacts && cp -rL benchmarks/DistillSharp.Benchmarks/bin/Release/net10.0 "$program"
commit=$(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src || echo ', with changes')
"$program/DistillSharp.Benchmarks" defaults "$rows" 0 2 &
"$program/DistillSharp.Benchmarks" defaults "$rows" 1 2
wait
{
  printf '# Do the defaults hold?\n\n'
  printf 'Recipes of three fields: data, `teacher: resnet8` and a student; everything else is the default. A teacher takes at least 1,000 steps (min-steps). `bash eng/defaults.sh`, commit %s.\n\n' "$commit"
  "$program/DistillSharp.Benchmarks" defaults-table "$rows"
} >benchmarks/results/defaults.md
tail -n 1 benchmarks/results/defaults.md
