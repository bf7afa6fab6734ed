#!/usr/bin/env bash
# Tries the packages as a user gets them: packs the libraries into a feed of their own, makes console programs that reference nothing else, and runs them.
#   1. Without native packages, the first call names every missing one in one message: Distiller.Run, Yolo.Load and a predictor.
#   2. After the commands of that message a whole run and a prediction succeed.
#   3. With SkiaSharp natives of another version the message names the version that fits, and its command mends it.
# Everything is written to a temporary folder. Packages are taken from the user's package cache where they are there. Ends with 1 where something else happens.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
version=0.1.0-try.$(date +%s)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for library in DistillSharp.Graph DistillSharp.Tasks DistillSharp.Runtime DistillSharp; do
  dotnet pack "src/$library" -c Release -v quiet -p:PackageVersion="$version" -o "$work/feed"
done
installed=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
cat >"$work/nuget.config" <<XML
<configuration>
  <config><add key="globalPackagesFolder" value="packages" /></config>
  <fallbackPackageFolders><add key="installed" value="$installed" /></fallbackPackageFolders>
  <packageSources><add key="distillsharp" value="feed" /></packageSources>
</configuration>
XML

# The C# of README.md, shorter; a predictor's model and image are arguments.
program() {
  cat <<'CS'
using DistillSharp.Runtime;
using DistillSharp.Tasks.Images;
#if WHOLE
using DistillSharp;
using DistillSharp.Detection;
using DistillSharp.Recipes;

if (args is ["yolo"])
{
    using var model = Yolo.Load("yolo11n");
    return;
}

if (args is ["run"])
{
    var recipe = new Recipe
    {
        Name = "try",
        Data = new() { Set = new("glyphs") },
        Teacher = new() { Model = new("resnet8") },
        Student = new() { Model = new("lenet5") },
        Training = new() { Epochs = 1 },
    };
    var run = Distiller.Run(recipe, new() { Folder = "out", Log = new Progress<string>(Console.WriteLine) });
    ImageFile.SavePng(new(1, 32, 32, new byte[1024]), "image.png");
    File.Copy(run.StudentPath, "student.onnx", overwrite: true);
    Console.WriteLine("finished: " + run.Report.Gain!.Verdict);
    return;
}
#endif

using var student = new ClassificationPredictor(args[0]);
Console.WriteLine("predicted: " + student.Predict(ImageFile.Load(args[1]))[0].Name);
CS
}

# build NAME: what the compiler prints is shown where it fails.
build() {
  (cd "$work/$1" && dotnet build -v quiet -clp:NoSummary) >"$work/build.txt" 2>&1 || {
    cat "$work/build.txt"
    exit 1
  }
}

# make NAME PACKAGE CONSTANT: a console program with one package.
make() {
  (cd "$work" && dotnet new console -o "$1" >/dev/null && program >"$1/Program.cs")
  sed -i "s|</PropertyGroup>|<DefineConstants>\$(DefineConstants);$3</DefineConstants></PropertyGroup>|" "$work/$1/$1.csproj"
  (cd "$work/$1" && dotnet add package "$2" --version "$version" >/dev/null)
  build "$1"
}

# try NAME ARGUMENTS...: what the program prints, as it is built now; its exit code goes into $code.
try() {
  local name=$1
  shift
  code=0
  said=$(cd "$work/$name" && bin/Debug/net*/"$name" "$@" 2>&1) || code=$?
}

fail() {
  printf '%s\n\nWRONG: %s (exit code %s)\n' "$said" "$1" "$code"
  exit 1
}

# refused WHAT PATTERN...: the last program failed with one message, in which each pattern is a command; no other command is.
refused() {
  local what=$1
  shift
  [ "$code" -ne 0 ] || fail "$what succeeded although native packages are missing or do not fit"
  commands=$(grep -o 'dotnet add package .*' <<<"$said" || true)
  [ "$(grep -c . <<<"$commands")" -eq $# ] || fail "$what names $(grep -c . <<<"$commands") commands instead of $#"
  for pattern in "$@"; do
    grep -qE "^dotnet add package $pattern --version [0-9.]+$" <<<"$commands" || fail "$what does not name $pattern"
  done
  echo "right  $what names $# of $#: $(sed 's/dotnet add package //; s/ --version / /' <<<"$commands" | paste -sd, | sed 's/,/, /g')"
}

# mend NAME: runs the commands that the last message printed, and nothing else.
mend() {
  while read -r command; do
    (cd "$work/$1" && $command >/dev/null </dev/null)
  done <<<"$commands"
  build "$1"
}

make Whole DistillSharp WHOLE
try Whole yolo
refused "Yolo.Load without natives" 'libtorch-cpu-.*' Microsoft.ML.OnnxRuntime 'SkiaSharp.NativeAssets.*'
try Whole run
refused "Distiller.Run without natives" 'libtorch-cpu-.*' Microsoft.ML.OnnxRuntime 'SkiaSharp.NativeAssets.*'
[ ! -e "$work/Whole/out" ] || fail "the refused run wrote a folder"
mend Whole
try Whole run
[ "$code" -eq 0 ] && grep -q '^finished: ' <<<"$said" || fail "the run after these commands"
echo "right  Distiller.Run after these commands: $(sed -n 's/^finished: //p' <<<"$said")"

skia=$(awk '$4 ~ /SkiaSharp/ { print $4 }' <<<"$commands") fits=$(awk '$4 ~ /SkiaSharp/ { print $6 }' <<<"$commands")

make Edge DistillSharp.Runtime EDGE
cp "$work/Whole/student.onnx" "$work/Whole/image.png" "$work/Edge"
try Edge student.onnx image.png
refused "a predictor without natives" Microsoft.ML.OnnxRuntime 'SkiaSharp.NativeAssets.*'
mend Edge
try Edge student.onnx image.png
[ "$code" -eq 0 ] && grep -q '^predicted: ' <<<"$said" || fail "the prediction after these commands"
echo "right  a predictor after these commands: $(sed -n 's/^predicted: //p' <<<"$said")"

# newer NAME: the newest natives of SkiaSharp instead of those that fit.
newer() {
  (cd "$work/$1" && dotnet add package "$skia" >/dev/null)
  build "$1"
}

newer Edge
newest=$(sed -n "s/.*Include=\"$skia\" Version=\"\([^\"]*\)\".*/\1/p" "$work/Edge/Edge.csproj")
if [ "$newest" = "$fits" ]; then
  echo "The newest natives of SkiaSharp, $newest, are those that fit: there is nothing to refuse."
  exit 0
fi
newer Whole
try Whole run
refused "Distiller.Run with SkiaSharp natives $newest" "$skia"
try Edge student.onnx image.png
refused "a predictor with SkiaSharp natives $newest" "$skia"
grep -qE "SkiaSharp \(images\) is version [0-9.]+, and version [0-9]+ is needed" <<<"$said" || fail "the versions are not named"
mend Edge
try Edge student.onnx image.png
[ "$code" -eq 0 ] && grep -q '^predicted: ' <<<"$said" || fail "the prediction with natives $fits again"
echo "right  a predictor with SkiaSharp natives $fits again"
