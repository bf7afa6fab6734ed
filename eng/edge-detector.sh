#!/usr/bin/env bash
# Publishes samples/EdgeDetector as a native executable, where a warning is an error, and runs it.
#
#   bash eng/edge-detector.sh                    a made detector of colours: the boxes it prints are held against those that are there
#   bash eng/edge-detector.sh MODEL PICTURE...   a model of your own; drawn pictures go into artifacts/edge-detector-found
#
# Ends with 1 where a box or a drawn picture is missing, or a size is over its limit.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 LC_ALL=C
rid=linux-x64 out=$PWD/artifacts/edge-detector-linux-x64 made=$PWD/artifacts/edge-made found=$PWD/artifacts/edge-detector-found

dotnet publish samples/EdgeDetector -c Release -v quiet -r "$rid" -o "$out"
cat "$out/EdgeDetector" "$out/libonnxruntime.so" "$out/libSkiaSharp.so" | wc -c | awk '{ printf "executable, libonnxruntime and libSkiaSharp: %.1f MB, the limit is 50 MB\n", $1 / 1e6; exit $1 / 1e6 >= 50 }'
rm -rf "$found"
if (($# > 0)); then
  cd "$here"
  exec "$out/EdgeDetector" "$@" --out "$found"
fi

dotnet publish tests/AotApp -c Release -v quiet -r "$rid" -o "artifacts/aot-$rid"
"artifacts/aot-$rid/AotApp" write "$made"
said=$("$out/EdgeDetector" "$made/colours.onnx" "$made/colours.png" --threads 1 --out "$found")
echo "$said"
# Boxes of equal confidence come in the order of their cells.
if [ "$(tail -n +2 <<<"$said")" != $'  red 1.00  0.0 0.0 32.0 32.0\n  blue 1.00  96.0 32.0 128.0 64.0' ] || [ ! -s "$found/colours.png" ]; then
  echo "A red box at the upper left, a blue one at the lower right and a drawn picture were expected."
  exit 1
fi
