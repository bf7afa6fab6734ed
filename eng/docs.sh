#!/usr/bin/env bash
# Writes the pages of docs/ that follow from the code: models.md, losses.md, plug-ins.md, operators.md.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

dotnet build tests/Conformance.Tests -c Release -v quiet -clp:NoSummary
DISTILLSHARP_WRITE_DOCS=1 tests/Conformance.Tests/bin/Release/net10.0/Conformance.Tests -noLogo -noColor -class Conformance.Tests.Docs.GeneratedDocsTests
