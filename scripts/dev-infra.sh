#!/bin/sh
# Runs Prometheus (port 9090) and Alertmanager (port 9093) in the foreground until Ctrl-C; data lives in .vitrine.
set -eu
cd "$(dirname "$0")/.."

for tool in prometheus prometheus-alertmanager; do
    command -v "$tool" >/dev/null 2>&1 || { echo "dev-infra: $tool is not installed: run 'make install-tools'" >&2; exit 1; }
done
mkdir -p .vitrine/prometheus .vitrine/alertmanager .vitrine/logs

prometheus --config.file=otel/prometheus/prometheus.yml --storage.tsdb.path=.vitrine/prometheus \
    --storage.tsdb.retention.size=512MB --web.listen-address=127.0.0.1:9090 \
    --enable-feature=exemplar-storage >.vitrine/logs/prometheus.log 2>&1 &
prometheus=$!
prometheus-alertmanager --config.file=otel/alertmanager/alertmanager.yml --storage.path=.vitrine/alertmanager \
    --web.listen-address=127.0.0.1:9093 --cluster.listen-address= >.vitrine/logs/alertmanager.log 2>&1 &
alertmanager=$!

stop() {
    trap - INT TERM EXIT
    kill "$prometheus" "$alertmanager" 2>/dev/null || true
    wait "$prometheus" "$alertmanager" 2>/dev/null || true
    exit "$1"
}
trap 'stop 0' INT TERM
trap 'stop 1' EXIT

echo "Prometheus    http://127.0.0.1:9090    Alertmanager  http://127.0.0.1:9093    Ctrl-C stops both."
# If one of them ends by itself, say so and end the other.
while kill -0 "$prometheus" 2>/dev/null && kill -0 "$alertmanager" 2>/dev/null; do sleep 1; done
echo "dev-infra: one of them has ended; see .vitrine/logs/prometheus.log and alertmanager.log" >&2
exit 1
