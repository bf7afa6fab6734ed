#!/usr/bin/env bash
# Damages model files for as long as it is told, and puts them through all that the library does to files; and checkpoints, at the same time. Nothing but a
# documented refusal may come out.
#   bash eng/fuzz.sh              ten minutes, from a seed of the clock
#   bash eng/fuzz.sh 60 7         a minute, from seed 7
#   DISTILLSHARP_FUZZ_KEEP=DIR    keeps the files that fail, as SEED.onnx
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export DISTILLSHARP_FUZZ_SECONDS=${1:-600} DISTILLSHARP_FUZZ_SEED=${2:-$(($(date +%s) % 1000000000))}
dotnet build -c Release -v quiet -clp:NoSummary tests/Conformance.Tests
tests/Conformance.Tests/bin/Release/net10.0/Conformance.Tests -noLogo -noColor -showLiveOutput -method "Conformance.Tests.Fuzzing.FuzzTests.Damaged_files_are_refused_or_borne" -method "Conformance.Tests.Fuzzing.CheckpointFuzzTests.Damaged_checkpoints_are_refused_or_borne"
