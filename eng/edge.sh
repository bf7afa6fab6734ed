#!/usr/bin/env bash
# Publishes samples/EdgeClassifier as a native executable and measures what docs/edge.md promises: the sizes of its files, the time from
# starting the process to its end after one prediction (median of 20 starts, warm file cache, a JPEG decoded), and the memory after 2,000
# predictions. The model is a resnet20 with drawn weights. Ends with 1 where a figure is over its limit. Run it on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 LC_ALL=C
rid=${1:-linux-x64} starts=20 threads=1
out=artifacts/edge-$rid made=artifacts/edge-made wrong=0

dotnet publish samples/EdgeClassifier -c Release -v quiet -r "$rid" -o "$out"
dotnet publish tests/AotApp -c Release -v quiet -r "$rid" -o "artifacts/aot-$rid"
"artifacts/aot-$rid/AotApp" write "$made"

# tell WHAT VALUE LIMIT UNIT
tell() {
  local verdict=within
  awk -v a="$2" -v b="$3" 'BEGIN { exit !(a < b) }' || { verdict=OVER; wrong=1; }
  printf '%-58s %8s %s, %s the limit of %s\n' "$1" "$2" "$4" "$verdict" "$3"
}
megabytes() { cat "$@" | wc -c | awk '{ printf "%.1f", $1 / 1e6 }'; }

echo "$(uname -sm), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $threads thread"
tell "executable and libonnxruntime" "$(megabytes "$out/EdgeClassifier" "$out/libonnxruntime.so")" 36 MB
tell "with libSkiaSharp" "$(megabytes "$out/EdgeClassifier" "$out/libonnxruntime.so" "$out/libSkiaSharp.so")" 50 MB
if compgen -G "$out/*.dll" >/dev/null; then
  echo "There are Windows libraries in $out."
  wrong=1
fi

run=("$out/EdgeClassifier" "$made/resnet20.onnx" "$made/picture.jpg" --threads $threads)
"${run[@]}" >/dev/null
times=()
for ((i = 0; i < starts; i++)); do
  began=$(date +%s%N)
  "${run[@]}" >/dev/null
  times+=($((($(date +%s%N) - began) / 10000)))
done
median=$(printf '%s\n' "${times[@]}" | sort -n | awk '{ all[NR] = $1 } END { printf "%.1f", (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 200 }')
quickest=$(printf '%s\n' "${times[@]}" | sort -n | awk 'NR == 1 { printf "%.1f", $1 / 100 }')
tell "start of the process to its end after the first prediction" "$median" 150 ms
echo "    the quickest of the $starts starts: $quickest ms"

said=$("${run[@]}" --repeat 2000 --memory | tail -n 1)
echo "    $said"
tell "resident memory after 2,000 predictions" "$(sed 's/memory: \([0-9.]*\) MB.*/\1/' <<<"$said")" 80 MB
exit $wrong
