#!/usr/bin/env bash
# The one command before a change is offered, and what CI runs: formatting, then build (warnings are errors) and all tests, those of golden numbers and
# real data once more as they run in a clone without them.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

if ! dotnet format whitespace DistillSharp.slnx --verify-no-changes; then
  echo "The formatting differs from .editorconfig: run 'dotnet format whitespace DistillSharp.slnx'."
  echo "0 passed, 1 failed"
  exit 1
fi

bash eng/test.sh --both "$@"
