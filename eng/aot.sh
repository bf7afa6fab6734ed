#!/usr/bin/env bash
# Publishes tests/AotApp as a native executable, where a warning is an error, and runs it; it may write nothing to the user's folder.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
rid=${1:-linux-x64}

dotnet publish tests/AotApp -c Release -v quiet -r "$rid" -o "artifacts/aot-$rid"

# ONNX Runtime's telemetry would write a device id and a queue of events there.
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
env -u CI -u ORT_DISABLE_TELEMETRY -u XDG_CACHE_HOME HOME="$home" "artifacts/aot-$rid/AotApp"
if [ -n "$(find "$home" -type f)" ]; then
  echo "The program wrote to the user's folder: $(find "$home" -type f -printf '%P ')"
  exit 1
fi
