#!/usr/bin/env bash
# Publishes tests/AotApp as a native executable, where a warning is an error, and runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
rid=${1:-linux-x64}

dotnet publish tests/AotApp -c Release -v quiet -r "$rid" -o "artifacts/aot-$rid"
"artifacts/aot-$rid/AotApp"
