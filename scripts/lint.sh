#!/bin/sh
# Checks formatting, the generated API document, shell scripts, house rules, and the files of the deployment.
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

# The deployment: each file by its own schema or tool, and all of them together by a check of ours.
python=$(sh scripts/python-venv.sh)
tools=$(dirname "$python")
"$tools/hadolint" Dockerfile || fail "Dockerfile"
"$tools/check-jsonschema" --quiet --builtin-schema vendor.compose-spec docker-compose.yml || fail "docker-compose.yml"
"$tools/check-jsonschema" --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml || fail ".github/workflows"
mkdir -p .build/k8s
for folder in k8s/base k8s/monitoring k8s/overlays/*; do
    file=.build/k8s/$(basename "$folder").yaml
    said=$("$tools/kubectl" kustomize "$folder" 2>&1 >"$file") || fail "$folder: kustomize"
    [ -z "$said" ] || fail "$folder: kustomize says: $said"
    "$tools/kubernetes-validate" --strict --quiet "$file" || fail "$folder: Kubernetes' schemas"
done
# It asks the program itself which settings it knows.
[ -x .build/debug/vitrine ] || swift build --product vitrine || fail "the build of vitrine"
"$python" scripts/check_deployment.py --kubectl "$tools/kubectl" --vitrine .build/debug/vitrine all || fail "deployment"
"$python" scripts/test_check_deployment.py || fail "the check of the deployment lets mistakes pass"

[ "$status" -eq 0 ] && echo "lint: fine"
exit "$status"
