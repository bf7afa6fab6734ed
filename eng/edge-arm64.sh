#!/usr/bin/env bash
# Publishes samples/EdgeClassifier for linux-arm64 and tells the sizes; where qemu-user is installed, runs it on an emulated processor and holds
# what it says against the x64 executable. Debian: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user.
#
#   bash eng/edge-arm64.sh [MODEL PICTURE...]
#
# Without a model: a resnet20 with drawn weights and a made picture. Ends with 1 where a size is over its limit or an answer differs.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 LC_ALL=C
arm=$PWD/artifacts/edge-linux-arm64 x64=$PWD/artifacts/edge-linux-x64 made=$PWD/artifacts/edge-made wrong=0

dotnet publish samples/EdgeClassifier -c Release -v quiet -r linux-arm64 -o "$arm"
if (($# == 0)); then
  dotnet publish tests/AotApp -c Release -v quiet -r linux-x64 -o artifacts/aot-linux-x64
  artifacts/aot-linux-x64/AotApp write "$made"
  set -- "$made/resnet20.onnx" "$made/picture.jpg"
fi

(cd "$arm" && wc -c EdgeClassifier libonnxruntime.so libSkiaSharp.so)
# tell WHAT LIMIT FILE...
tell() {
  local what=$1 limit=$2
  shift 2
  cat "$@" | wc -c | awk -v what="$what" -v limit="$limit" '{ printf "%s: %.1f MB, the limit is %d MB\n", what, $1 / 1e6, limit; exit $1 / 1e6 >= limit }' || wrong=1
}
tell "executable and libonnxruntime" 36 "$arm/EdgeClassifier" "$arm/libonnxruntime.so"
tell "with libSkiaSharp" 50 "$arm/EdgeClassifier" "$arm/libonnxruntime.so" "$arm/libSkiaSharp.so"

if ! command -v qemu-aarch64 >/dev/null || [ ! -d /usr/aarch64-linux-gnu/lib ]; then
  echo "Not run: qemu-user or the arm64 system libraries are not installed."
  exit $wrong
fi

# qemu-user shows this machine's /proc/cpuinfo, in which ONNX Runtime looks for an Arm core and, finding none, crashes: it is given one.
system=$PWD/artifacts/arm64-system
mkdir -p "$system/proc"
ln -sfn /usr/aarch64-linux-gnu/lib "$system/lib"
for core in 0 1; do
  printf 'processor\t: %d\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp\n' $core
  printf 'CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0b\nCPU revision\t: 1\n\n'
done >"$system/proc/cpuinfo"

dotnet publish samples/EdgeClassifier -c Release -v quiet -r linux-x64 -o "$x64"
cd "$here"
# Times differ; the class and its probability may not.
answer() { sed 's/ %, .*/ %/'; }
on_arm=$(qemu-aarch64 -L "$system" "$arm/EdgeClassifier" "$@" --threads 1 | answer)
on_x64=$("$x64/EdgeClassifier" "$@" --threads 1 | answer)
echo "arm64, emulated: $on_arm"
if [ "$on_arm" != "$on_x64" ]; then
  echo "x64:             $on_x64"
  echo "The answers differ."
  wrong=1
fi
exit $wrong
