#!/bin/sh
# Checks that need no build: formatting, the generated API document, shell scripts, and house rules.
set -eu
cd "$(dirname "$0")/.."

status=0
fail() { echo "lint: $1" >&2; status=1; }

folders="Package.swift Sources Tests Fuzz"
[ -d Benchmarks/Sources ] && folders="$folders Benchmarks/Package.swift Benchmarks/Sources"
# shellcheck disable=SC2086 # the list is meant to be split
swift format lint --strict --recursive --parallel $folders || fail "formatting: run 'make format'"

python3 scripts/generate-openapi.py --check || fail "docs/openapi.yaml and what the gateway serves differ: run scripts/generate-openapi.py"

for script in scripts/*.sh chaos/*.sh .ci/run; do sh -n "$script" || fail "$script"; done

grep -q 'dependencies: \[\],' Package.swift || fail "the package must depend on no other"
if grep -rnE '^(public |internal )?import Foundation' Sources; then fail "no Foundation in Sources (docs/decisions/0005)"; fi
if grep -rnE 'try!|as! |fatalError\(' Sources --include='*.swift'; then fail "a crash where an error belongs"; fi

[ "$status" -eq 0 ] && echo "lint: fine"
exit "$status"
