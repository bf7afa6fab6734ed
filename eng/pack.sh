#!/usr/bin/env bash
# Makes the packages of the libraries and a ready-to-run build of the distill command, in artifacts/.
#   bash eng/pack.sh [RID]            linux-x64 (default), win-x64 or osx-arm64
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
rid=${1:-linux-x64}

for library in DistillSharp.Graph DistillSharp.Tasks DistillSharp.Runtime DistillSharp; do
  dotnet pack "src/$library" -c Release -v quiet -o artifacts/packages
done
dotnet publish src/DistillSharp.Cli -c Release -v quiet -r "$rid" --self-contained false -p:PublishReadyToRun=true -o "artifacts/distill-$rid"
if [[ $rid != win-* ]] && compgen -G "artifacts/distill-$rid/onnxruntime*.dll" >/dev/null; then
  echo "The Windows library of ONNX Runtime is among the files for $rid; eng/Natives.props should leave it out."
  exit 1
fi
ls artifacts/packages "artifacts/distill-$rid" | head -n 40
