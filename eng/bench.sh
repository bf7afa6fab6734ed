#!/usr/bin/env bash
# Measures the trainer against the same work written by hand, INT8 against float, and the detection loader, and writes benchmarks/results/NAME.txt.
# Run it on a quiet machine; the figures are ratios within one run, interleaved.
#   bash eng/bench.sh                 all benchmarks
#   bash eng/bench.sh executor        one of: executor, yolo, detection-step, detection-loss, losses, mosaic, detector-distillation, mlp-epoch, int8
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

dotnet build benchmarks/DistillSharp.Benchmarks -c Release -v quiet -clp:NoSummary
mkdir -p benchmarks/results
for name in "${@:-executor yolo detection-step detection-loss losses mosaic detector-distillation mlp-epoch int8}"; do
  for one in $name; do
    {
      echo "bash eng/bench.sh $one    ($(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ', with changes'), $(uname -sm), $(sed -n 's/^model name.*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(nproc) cores)"
      benchmarks/DistillSharp.Benchmarks/bin/Release/net10.0/DistillSharp.Benchmarks "$one"
    } | tee "benchmarks/results/$one.txt"
  done
done
