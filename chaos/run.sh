#!/bin/sh
# Runs one experiment with the release build, or with whatever VITRINE_BIN names: chaos/run.sh product-killed --lab
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
exec "${VITRINE_BIN:-$folder/../.build/release/vitrine}" chaos run --experiments "$folder/experiments" "$@"
