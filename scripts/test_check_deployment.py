#!/usr/bin/env python3
"""Breaks one rule of the deployment after the other, and looks whether check_deployment.py says so.

    scripts/test_check_deployment.py

Works on a copy in a temporary folder. KUBECTL and VITRINE name the programs, where they are not kubectl (beside this
Python, or on the PATH) and .build/debug/vitrine; without the latter what `vitrine doctor` judges is left out, and said to be.
"""

from __future__ import annotations

import dataclasses
import os
import pathlib
import shutil
import sys
import tempfile
import unittest
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import check_deployment  # noqa: E402
from deployment import network, workflow  # noqa: E402
from deployment.kustomize import BASE_BUILD, OPERATOR_BUILD, build_all  # noqa: E402

KUBECTL = os.environ.get("KUBECTL", check_deployment.default_kubectl())
VITRINE = os.environ.get("VITRINE", str(ROOT / ".build/debug/vitrine"))
LOCAL = "k8s/overlays/local"
COMPOSE_FILE = "docker-compose.yml"

# What belongs to no version, and is large.
LEFT_OUT = shutil.ignore_patterns(".git", ".build", ".vitrine", "__pycache__")


@dataclasses.dataclass(frozen=True)
class Edit:
    """A file in which `old` becomes `new`; without `old`, `new` is added at its end."""

    file: str
    old: str
    new: str


@dataclasses.dataclass(frozen=True)
class Break:
    """What breaks a rule, and words of the finding that must come of it."""

    expected: str
    edits: tuple[Edit, ...]
    build: str = LOCAL
    # So much comes of it that others would not be seen beside it.
    alone: bool = False

    @property
    def files(self) -> set[str]:
        return {edit.file for edit in self.edits}


def broken(expected: str, file: str, old: str, new: str, build: str = LOCAL, alone: bool = False) -> Break:
    """One edit of one file."""
    return Break(expected, (Edit(file, old, new),), build, alone)


def batches(rules: list[Break]) -> list[list[Break]]:
    """The same rules, as many at once as touch different files: building everything for each takes a minute more.

    BREAK_ALONE=1 in the environment takes that minute.
    """
    found: list[list[Break]] = []
    for rule in rules:
        together = (
            batch
            for batch in found
            if not (rule.alone or batch[0].alone or os.environ.get("BREAK_ALONE"))
            and batch[0].build == rule.build
            and not any(rule.files & other.files for other in batch)
        )
        batch = next(together, None)
        if batch is None:
            found.append([rule])
        else:
            batch.append(rule)
    return found


def name_of(workload: str) -> str:
    """A peer of a network policy, as the files spell it."""
    return f"podSelector: {{matchLabels: {{app.kubernetes.io/name: {workload}}}}}"


READINESS = """          readinessProbe:
            httpGet: {path: /health/ready, port: admin}
            periodSeconds: 10
            timeoutSeconds: 3
"""

REFERENCES = [
    broken(
        "Role/prometheus: is of v1, not rbac",
        "k8s/monitoring/prometheus.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n",
        "apiVersion: v1\nkind: Role\n",
    ),
    broken(
        "is spread by a selector that does not match",
        "k8s/base/sqlite.yaml",
        "app.kubernetes.io/part-of: vitrine",
        "app.kubernetes.io/part-of: shop",
    ),
    broken("PodDisruptionBudget/console: lets no pod", "k8s/base/console.yaml", "maxUnavailable: 1", "minAvailable: 1"),
    broken(
        "startupProbe asks nothing",
        "k8s/base/probes.yaml",
        "            httpGet: {path: /health/live, port: admin}\n",
        "",
        alone=True,
    ),
    broken(
        "there is no ConfigMap vitrine-setting", "k8s/base/pod.yaml", "name: vitrine-settings", "name: vitrine-setting"
    ),
    broken("Secret vitrine-internal has no key INTERNAL_AUTH_TOKEN", f"{LOCAL}/internal.env", "AUTH_", ""),
    broken(
        "ConfigMap/console-settings: nothing uses it",
        "k8s/base/kustomization.yaml",
        "{configMapRef: {name: console-settings}}",
        "{configMapRef: {name: vitrine-settings}}",
    ),
    broken(
        "there is no ConfigMap grafana-dashboards-store",
        "k8s/monitoring/grafana.yaml",
        "grafana-dashboards-shop",
        "grafana-dashboards-store",
    ),
    broken(
        "mounts the volume temp, which the pod has not", "k8s/monitoring/jaeger.yaml", "name: tmp, m", "name: temp, m"
    ),
    broken(
        "Deployment/alertmanager: nothing mounts its volume data",
        "k8s/monitoring/alertmanager.yaml",
        "            - {name: data, mountPath: /alertmanager}\n",
        "",
    ),
    broken("there is no PersistentVolumeClaim carts", "k8s/base/cart.yaml", "claimName: cart", "claimName: carts"),
    broken("there is no ServiceAccount users", "k8s/base/user.yaml", "ountName: user", "ountName: users"),
    broken("port 8004 leads to web", "k8s/base/order.yaml", "8004, targetPort: http", "8004, targetPort: web"),
    broken("port 80 is 8002 in the container", "k8s/base/product.yaml", "port: 8002, t", "port: 80, t"),
    broken(
        "Service/gateway: its selector matches nothing",
        "k8s/base/gateway.yaml",
        "  selector: {app.kubernetes.io/name: gateway}",
        "  selector: {app.kubernetes.io/name: gate}",
    ),
    broken("Service console has no port https", f"{LOCAL}/ingress.yaml", "{name: http}", "{name: https}"),
    broken("there is no Service shop", "k8s/base/gateway.yaml", "service: {name: gateway", "service: {name: shop"),
    broken(
        "there is no Deployment gateways",
        "k8s/base/gateway.yaml",
        "kind: Deployment, name: gateway}",
        "kind: Deployment, name: gateways}",
    ),
    broken(
        "PodDisruptionBudget/user: its selector matches no pod",
        "k8s/base/user.yaml",
        "AlwaysAllow\n  selector: {matchLabels: {app.kubernetes.io/name: user}}",
        "AlwaysAllow\n  selector: {matchLabels: {app.kubernetes.io/name: users}}",
    ),
    broken(
        "Deployment/cart: its selector does not match its own pods",
        "k8s/base/cart.yaml",
        "  selector: {matchLabels: {app.kubernetes.io/name: cart}}\n  template",
        "  selector: {matchLabels: {app.kubernetes.io/name: carts}}\n  template",
    ),
    broken(
        "Deployment/load: its selector matches the pods of Deployment/",
        f"{LOCAL}/load.yaml",
        "selector: {matchLabels: {app.kubernetes.io/name: load}}",
        "selector: {matchLabels: {app.kubernetes.io/part-of: vitrine}}",
    ),
    broken(
        "RoleBinding/prometheus: there is no Role pods",
        "k8s/monitoring/prometheus.yaml",
        "kind: Role, name: prometheus",
        "kind: Role, name: pods",
    ),
    broken(
        "there is no ServiceAccount prom in vitrine",
        "k8s/monitoring/prometheus.yaml",
        "kind: ServiceAccount, name: prometheus",
        "kind: ServiceAccount, name: prom",
    ),
    broken(
        "livenessProbe asks port 9000, which is no named",
        "k8s/base/probes.yaml",
        "live, port: admin}\n            periodSeconds: 10",
        "live, port: 9000}\n            periodSeconds: 10",
    ),
    broken("asks /healthz, which vitrine does not answer", "k8s/base/probes.yaml", "/health/ready", "/healthz"),
    broken(
        "livenessProbe asks port 9016, which is no port of",
        f"{LOCAL}/load.yaml",
        "httpGet: {path: /health/live, port: admin}\n            periodSeconds: 10",
        "exec: {command: [vitrine, healthcheck, http://127.0.0.1:9016/health/live]}\n            periodSeconds: 10",
        alone=True,
    ),
    broken("Deployment/load container vitrine: has no readinessProbe", f"{LOCAL}/load.yaml", READINESS, ""),
    broken(
        "PodMonitor/vitrine: Deployment/gateway has no port adm",
        "k8s/operator/monitors.yaml",
        "port: admin",
        "port: adm",
        OPERATOR_BUILD,
    ),
    broken(
        "ServiceMonitor/jaeger: its selector matches no Service",
        "k8s/operator/monitors.yaml",
        "selector: {matchLabels: {app.kubernetes.io/name: jaeger}}",
        "selector: {matchLabels: {app.kubernetes.io/name: jager}}",
        OPERATOR_BUILD,
    ),
    broken(
        "PrometheusRule/vitrine-alerts-meta: is not what",
        "k8s/operator/rules/alerts-meta.yml",
        'for: "1m"',
        'for: "2m"',
        OPERATOR_BUILD,
    ),
    broken(
        "alerts-stores.yml: there is no PrometheusRule of it",
        "k8s/operator/rules/kustomization.yaml",
        "  - alerts-stores.yml\n",
        "",
        OPERATOR_BUILD,
    ),
    broken(
        "job span-metrics has no PodMonitor or ServiceMonitor",
        "k8s/operator/monitors.yaml",
        "replacement: span-metrics",
        "replacement: spans",
        OPERATOR_BUILD,
    ),
    broken(
        "lets another namespace in to user 9001",
        "k8s/operator/network.yaml",
        "port: 9001",
        "port: 8001",
        OPERATOR_BUILD,
        alone=True,
    ),
    broken(
        "nothing uses the Secret grafana-admins",
        "k8s/README.md",
        "generic grafana-admin ",
        "generic grafana-admins ",
        OPERATOR_BUILD,
    ),
    broken(
        "kustomize: # Warning: 'commonLabels' is deprecated",
        "k8s/base/kustomization.yaml",
        "",
        "commonLabels: {a: b}\n",
        BASE_BUILD,
    ),
    broken("loads.yaml", f"{LOCAL}/kustomization.yaml", "load.yaml", "loads.yaml", alone=True),
]

PODS = [
    broken("but the strategy is not Recreate", "k8s/base/sqlite.yaml", "type: Recreate", "type: RollingUpdate"),
    broken(
        "Deployment/loki volume data: is one pod's, but there are 2",
        "k8s/monitoring/loki.yaml",
        "replicas: 1",
        "replicas: 2",
    ),
    broken("Deployment/load volume tmp: has no sizeLimit", f"{LOCAL}/load.yaml", "{sizeLimit: 16Mi}", "{}"),
    broken("without an fsGroup it belongs to root", "k8s/monitoring/alertmanager.yaml", ", fsGroup: 65534", ""),
    broken(
        "Deployment/jaeger: enableServiceLinks is not false",
        "k8s/monitoring/pod.yaml",
        "enableServiceLinks: false",
        "enableServiceLinks: true",
    ),
    broken(
        "the variable K8S_POD_NAME has no value",
        "k8s/base/pod.yaml",
        "              valueFrom: {fieldRef: {fieldPath: metadata.name}}\n",
        "",
        alone=True,
    ),
    broken("does not drop ALL capabilities", f"{LOCAL}/load.yaml", "            capabilities: {drop: [ALL]}\n", ""),
    broken("adds the capability NET_RAW", "k8s/base/pod.yaml", "{drop: [ALL]}", "{drop: [ALL], add: [NET_RAW]}"),
    broken("runAsNonRoot is not true", "k8s/monitoring/pod.yaml", "runAsNonRoot: true", "runAsNonRoot: false"),
    broken("runAsUser is not a number other than 0", "k8s/base/pod.yaml", "runAsUser: 10001", "runAsUser: 0"),
    broken("seccompProfile is neither", "k8s/base/pod.yaml", "type: RuntimeDefault", "type: Unconfined"),
    broken(
        "container migrate: allowPrivilegeEscalation is not",
        "k8s/base/sqlite.yaml",
        "Escalation: false",
        "Escalation: true",
    ),
    broken(
        "container seed: readOnlyRootFilesystem is not true",
        f"{LOCAL}/seed-user.yaml",
        "      readOnlyRootFilesystem: true\n",
        "",
    ),
    broken("volume tmp is a hostPath", "k8s/base/pod.yaml", "emptyDir: {sizeLimit: 64Mi}", "hostPath: {path: /tmp}"),
    broken("requests no ephemeral-storage", "k8s/monitoring/grafana.yaml", ", ephemeral-storage: 64Mi", ""),
    broken("has no limit of memory", "k8s/base/console.yaml", "memory: 512Mi, ", ""),
    broken("requests more memory than its limit", "k8s/base/sqlite.yaml", "memory: 96Mi", "memory: 960Mi"),
    broken("image grafana/loki has no tag", "k8s/monitoring/loki.yaml", "grafana/loki:3.7.4", "grafana/loki"),
    broken("is whatever is newest", f"{LOCAL}/kustomization.yaml", "newTag: dev", "newTag: latest"),
    broken(
        "automountServiceAccountToken is not false", "k8s/base/pod.yaml", "AccountToken: false", "AccountToken: true"
    ),
    broken("has 25 s to end, and drains for 25 s", "k8s/base/pod.yaml", "Seconds: 45", "Seconds: 25"),
    broken("does not enforce the restricted", "k8s/base/namespace.yaml", "enforce: restricted", "enforce: baseline"),
]

NETWORK = [
    broken(
        "arrow order -> cart 8003/TCP: may enter the called, but does not leave the caller",
        "k8s/base/network/order.yaml",
        f"    - to:\n        - {{{name_of('cart')}}}\n      ports:\n        - {{protocol: TCP, port: 8003}}\n",
        "",
    ),
    broken(
        "arrow order -> cart 8003/TCP: leaves the caller, but may not enter the called",
        "k8s/base/network/cart.yaml",
        f"        - {{{name_of('order')}}}\n",
        "",
        alone=True,
    ),
    broken(
        "none denies everything", "k8s/base/network/default.yaml", "podSelector: {}", f"{name_of('cart')}", alone=True
    ),
    broken(
        "lets it look up names",
        "k8s/base/network/default.yaml",
        "{k8s-app: kube-dns}",
        "{k8s-app: coredns}",
        alone=True,
    ),
    broken("names pods that do not exist", "k8s/base/network/user.yaml", name_of("order"), name_of("orders")),
    broken(
        "a rule of ingress opens every port",
        f"{LOCAL}/network.yaml",
        "      ports:\n        - {protocol: TCP, port: 9006}\n  egress",
        "  egress",
    ),
    broken("lets in at 8050, which Deployment/console has not", f"{LOCAL}/network.yaml", "8005", "8050"),
    broken(
        "no NetworkPolicy lets a controller in to grafana 3000", f"{LOCAL}/network.yaml", "port: 3000", "port: 3001"
    ),
    broken(
        "NetworkPolicy/cart: its selector matches no pod",
        "k8s/base/network/cart.yaml",
        f"spec:\n  {name_of('cart')}",
        f"spec:\n  {name_of('carts')}",
        alone=True,
    ),
    Break(
        "no NetworkPolicy lets prometheus call loki 3100",
        (
            Edit(
                "k8s/monitoring/network/prometheus.yaml",
                f"    - to:\n        - {{{name_of('loki')}}}\n      ports:\n        - {{protocol: TCP, port: 3100}}\n",
                "",
            ),
            Edit("k8s/monitoring/network/loki.yaml", f"        - {{{name_of('prometheus')}}}\n", ""),
        ),
    ),
]

FILES = [
    broken("does not list dashboards/logs.json", "dashboards/kustomization.yaml", "logs.json, ", ""),
    broken(
        "does not list otel/prometheus/rules/alerts-meta.yml",
        "otel/prometheus/kustomization.yaml",
        "      - rules/alerts-meta.yml\n",
        "",
    ),
    broken("does not list otel/loki/limits.yml", "otel/loki/limits.yml", "", "limits: {}\n"),
    broken(
        "which is not for Kubernetes",
        "otel/alertmanager/kustomization.yaml",
        "[alertmanager.yml]",
        "[alertmanager.yml, alertmanager.lab.yml]",
    ),
    broken("ConfigMap/grafana-dashboards-shop: holds", "dashboards/business.json", "{", "{" + " " * 900_000),
    broken(
        "alertmanagers: Service alertmanager has no port 9094",
        "otel/prometheus/prometheus.kubernetes.yml",
        "alertmanager:9093",
        "alertmanager:9094",
    ),
    broken(
        "job jaeger: jager:8888 is no Service",
        "otel/prometheus/prometheus.kubernetes.yml",
        '"jaeger:8888"',
        '"jager:8888"',
    ),
    broken("=gateways", "otel/prometheus/prometheus.kubernetes.yml", '"gateway|user', '"gateways|user'),
    broken(
        "matches nothing that is mounted", "otel/prometheus/prometheus.kubernetes.yml", "rules/*.yml", "rules/*.yaml"
    ),
    broken(
        "exporters.otlp_http/loki: Service loki has no port 3101",
        "otel/collector/collector.yml",
        "loki:3100",
        "loki:3101",
    ),
    broken(
        "has no default, and the environment does not set it", "otel/collector/console.yml", ":-http://console:4318", ""
    ),
    broken(
        "receiver ticket: consoles:4318 is no Service",
        "otel/alertmanager/alertmanager.yml",
        'ticket\n    webhook_configs:\n      - url: "http://console',
        'ticket\n    webhook_configs:\n      - url: "http://consoles',
    ),
    broken(
        "a route leads to the receiver pager", "otel/alertmanager/alertmanager.yml", "receiver: page", "receiver: pager"
    ),
    broken(
        "data source Loki: Service loki has no port 3000",
        "otel/grafana/provisioning/datasources/vitrine.yml",
        "loki:3100",
        "loki:3000",
    ),
    broken(
        "metric_backends.span_metrics.prometheus: Service prometheus has no port 9091",
        "otel/jaeger/jaeger.yml",
        "prometheus:9090",
        "prometheus:9091",
    ),
    broken(
        "has batches among its processors, which is not declared",
        "otel/collector/console.yml",
        "- batch\n",
        "- batches\n",
    ),
    broken(
        "attributes among the processors is used by nothing",
        "otel/collector/collector.yml",
        "processors:\n",
        "processors:\n  attributes: {}\n",
    ),
    broken(
        "no pipeline takes from the connector servicegraph",
        "otel/collector/collector.yml",
        "        - span_metrics\n        - servicegraph\n      processors: []",
        "        - span_metrics\n      processors: []",
    ),
    broken(
        "no pipeline sends to the connector forward",
        "otel/collector/collector.yml",
        "        - servicegraph\n        - forward\n",
        "        - servicegraph\n",
    ),
    broken("nothing listens on its port 9006", f"{LOCAL}/load.yaml", "- 0.0.0.0", "- 127.0.0.1"),
    broken("nothing listens on its port 4318", "k8s/base/console.env", "OTLP_HOST=0.0.0.0", "OTLP_HOST=127.0.0.1"),
    broken("nothing listens on its port 13133", "otel/collector/collector.yml", "0.0.0.0:13133", "0.0.0.0:13134"),
    broken(
        "repeats the key timeout",
        "otel/collector/console.yml",
        '    timeout: "5s"\n',
        '    timeout: "5s"\n    timeout: "6s"\n',
        alone=True,
    ),
    broken(
        "asks the data source prom, which is not provisioned",
        "dashboards/gateway.json",
        '"uid": "prometheus"',
        '"uid": "prom"',
    ),
    broken(
        "leads to tempo, which is not provisioned",
        "otel/grafana/provisioning/datasources/vitrine.yml",
        "datasourceUid: jaeger",
        "datasourceUid: tempo",
    ),
    broken(
        "its home dashboard /var/lib/grafana/dashboards/home.json",
        "k8s/monitoring/grafana.yaml",
        "dashboards/overview.json",
        "dashboards/home.json",
    ),
    broken(
        "where none is mounted",
        "otel/grafana/provisioning/dashboards/vitrine.yml",
        "path: /var/lib/grafana/dashboards",
        "path: /var/lib/grafana/pages",
    ),
    broken(
        "reads /etc/loki/loki.yaml, which is not mounted",
        "k8s/monitoring/loki.yaml",
        "/etc/loki/loki.yml",
        "/etc/loki/loki.yaml",
    ),
]

SETTINGS = [
    broken(
        "no --url names the gateway",
        f"{LOCAL}/load.yaml",
        "            - --url\n            - http://gateway:8000\n",
        "",
        alone=True,
    ),
    broken(
        "keeps no exemplars without",
        "k8s/monitoring/prometheus.yaml",
        "            - --enable-feature=exemplar-storage\n",
        "",
    ),
    broken(
        "Deployment/cart container vitrine: VITRINE_USER_URL is not set",
        "k8s/base/settings.env",
        "VITRINE_USER_URL=http://user:8001\n",
        "",
        alone=True,
    ),
    broken(
        "OTEL_EXPORTER_OTLP_ENDPOINT is not set",
        "k8s/base/settings.env",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-collector:4318\n",
        "",
        alone=True,
    ),
    broken(
        "writes to /database, where nothing is mounted",
        "k8s/base/settings.env",
        "VITRINE_DATA=/data",
        "VITRINE_DATA=/database",
        alone=True,
    ),
    broken(
        "writes to /loki, where nothing is mounted",
        "k8s/monitoring/loki.yaml",
        "mountPath: /loki}",
        "mountPath: /loki, readOnly: true}",
    ),
    broken("nobody is known to read K8S_CLUSTER", f"{LOCAL}/settings.env", "K8S_CLUSTER_NAME", "K8S_CLUSTER"),
    broken(
        "nobody is known to read GF_USERS_SIGN_UP",
        "k8s/monitoring/grafana.yaml",
        "GF_USERS_ALLOW_SIGN_UP",
        "GF_USERS_SIGN_UP",
    ),
    broken(
        "VITRINE_PRODUCT_URL: Service product has no port 8003", "k8s/base/settings.env", "product:8002", "product:8003"
    ),
    broken(
        "VITRINE_CONSOLE_PROMETHEUS: prom:9090 is no Service", "k8s/base/console.env", "prometheus:9090", "prom:9090"
    ),
    broken(
        "http://gate:8000: gate:8000 is no Service", f"{LOCAL}/load.yaml", "http://gateway:8000", "http://gate:8000"
    ),
]

COMPOSE = [
    broken("order: is told to do nothing", COMPOSE_FILE, "    command: [serve, order]\n", ""),
    broken("nobody says how it is built", COMPOSE_FILE, "    build: {context: ., target: runtime}\n", "", alone=True),
    broken(
        "builds vitrine:dev, as another service does",
        COMPOSE_FILE,
        "  seed-products:\n    <<: *role\n",
        "  seed-products:\n    <<: *role\n    build: {context: ., target: runtime}\n",
    ),
    broken("grafana: does not publish 3000", COMPOSE_FILE, 'ports: ["127.0.0.1:3000:3000"]', "ports: []"),
    broken(
        "product and seed-products both write",
        COMPOSE_FILE,
        "seed-products: {condition: service_completed",
        "gateway: {condition: service_completed",
    ),
    broken("load: healthcheck names no address", COMPOSE_FILE, ', "http://127.0.0.1:9006/health/ready"]', "]"),
    broken(
        "prometheus: no --config.file names", COMPOSE_FILE, "      - --config.file=/etc/prometheus/prometheus.yml\n", ""
    ),
    broken(
        "gateway and otel-collector share no network",
        COMPOSE_FILE,
        'networks: [shop, monitoring]\n    deploy: {resources: {limits: {cpus: "1", memory: 512m',
        'networks: [monitoring]\n    deploy: {resources: {limits: {cpus: "1", memory: 512m',
    ),
    broken(
        "met what it does not expect",
        COMPOSE_FILE,
        "depends_on:\n      prometheus: {condition: service_healthy}",
        "depends_on:\n      prometheus: service_healthy",
    ),
    broken(
        "mounts ./otel/loki/loki.yaml, which is not in the repository",
        COMPOSE_FILE,
        "./otel/loki/loki.yml",
        "./otel/loki/loki.yaml",
    ),
    broken("mounts ./dashboards not read-only", COMPOSE_FILE, "lib/grafana/dashboards:ro", "lib/grafana/dashboards"),
    broken("mounts /var/run/docker.sock, which is outside", COMPOSE_FILE, "./dashboards:/", "/var/run/docker.sock:/"),
    broken("volume carts-data is used, but not declared", COMPOSE_FILE, '"cart-data:/data"', '"carts-data:/data"'),
    broken("volume cart-data is declared, but not used", COMPOSE_FILE, '"cart-data:/data"', '"order-data:/data"'),
    broken("network shops is used, but not declared", COMPOSE_FILE, "networks: [shop]", "networks: [shops]"),
    broken(
        "otel-collector and jaeger share no network",
        COMPOSE_FILE,
        'networks: [shop, monitoring]\n    deploy: {resources: {limits: {cpus: "1", memory: 512m',
        'networks: [shop]\n    deploy: {resources: {limits: {cpus: "1", memory: 512m',
    ),
    broken(
        "prometheus: depends on",
        COMPOSE_FILE,
        "networks: [shop, monitoring]\n    healthcheck",
        "depends_on: [shop]\n    healthcheck",
    ),
    broken(
        "grafana: depends on prometheus with service_started",
        COMPOSE_FILE,
        "prometheus: {condition: service_healthy}",
        "prometheus: {condition: service_started}",
    ),
    broken(
        "not service_completed_successfully",
        COMPOSE_FILE,
        "{condition: service_completed_successfully}",
        "{condition: service_healthy}",
    ),
    broken(
        "load: depends on chaos, which only starts with the profile",
        COMPOSE_FILE,
        'health/ready"]\n    depends_on:\n      gateway: {condition: service_healthy}',
        'health/ready"]\n    depends_on:\n      chaos: {condition: service_completed_successfully}',
    ),
    broken("builds the stage run, which Dockerfile has not", COMPOSE_FILE, "target: runtime", "target: run"),
    broken("image grafana/grafana has no tag", COMPOSE_FILE, "grafana/grafana:12.4.10", "grafana/grafana"),
    broken("publishes 8000 on 0.0.0.0", COMPOSE_FILE, "127.0.0.1:8000:8000", "0.0.0.0:8000:8000"),
    broken("publishes 3000 on every address", COMPOSE_FILE, "127.0.0.1:3000:3000", "3000:3000"),
    broken("publishes 9090, which prometheus does too", COMPOSE_FILE, "127.0.0.1:9093:9093", "127.0.0.1:9090:9093"),
    broken(
        "publishes 8001, but only the gateway",
        COMPOSE_FILE,
        '    volumes: ["user-data:/data"]\n',
        '    volumes: ["user-data:/data"]\n    ports: ["127.0.0.1:8001:8001"]\n',
    ),
    broken("publishes 9000, which is not its page", COMPOSE_FILE, "127.0.0.1:8000:8000", "127.0.0.1:9000:9000"),
    broken("has no limit of memory", COMPOSE_FILE, 'cpus: "0.5", memory: 128m', 'cpus: "0.5"'),
    broken("has no limit of cpus", COMPOSE_FILE, 'cpus: "0.5", memory: 128m', "memory: 128m"),
    broken(
        "does not say whether it is restarted",
        COMPOSE_FILE,
        "x-stack: &stack\n  restart: unless-stopped\n",
        "x-stack: &stack\n",
    ),
    broken("ends by itself, and is restarted always", COMPOSE_FILE, 'restart: "no"', "restart: always"),
    broken("has 8 s to end, and drains for 8 s", COMPOSE_FILE, "stop_grace_period: 20s", "stop_grace_period: 8s"),
    broken("read_only is not true", COMPOSE_FILE, "read_only: true", "read_only: false"),
    broken("cap_drop is not ALL", COMPOSE_FILE, "cap_drop: [ALL]", "cap_drop: [NET_RAW]"),
    broken(
        "security_opt has no no-new-privileges",
        COMPOSE_FILE,
        '["no-new-privileges:true"]',
        '["no-new-privileges:false"]',
    ),
    broken("privileged is set", COMPOSE_FILE, "command: [serve, cart]", "command: [serve, cart]\n    privileged: true"),
    broken(
        "cart: healthcheck is missing",
        COMPOSE_FILE,
        "command: [serve, cart]",
        "command: [serve, cart]\n    healthcheck: {disable: true}",
    ),
    broken(
        "healthcheck asks http://127.0.0.1:9007/health/ready, where nothing",
        COMPOSE_FILE,
        "127.0.0.1:9006/health",
        "127.0.0.1:9007/health",
    ),
    broken(
        "healthcheck asks /-/health, which prometheus does not answer", COMPOSE_FILE, "9090/-/ready", "9090/-/health"
    ),
    broken("IMAGE_TAGS has no default, and .env.example", COMPOSE_FILE, "${IMAGE_TAG:-dev}", "${IMAGE_TAGS}"),
    broken(
        "has the key memory_limit",
        COMPOSE_FILE,
        "command: [serve, order]",
        "command: [serve, order]\n    memory_limit: 5m",
    ),
    broken(
        "repeats the key command",
        COMPOSE_FILE,
        "command: [serve, order]",
        "command: [serve, order]\n    command: [serve, cart]",
    ),
    broken(
        "job vitrine: orders:9004 is no service", "otel/prometheus/prometheus.compose.yml", "order:9004", "orders:9004"
    ),
    broken("job load: load does not listen on 9006", COMPOSE_FILE, '--metrics-port, "9006"', '--metrics-port, "9016"'),
    broken(
        "reads /etc/jaeger/jaeger.yml, which is not mounted",
        COMPOSE_FILE,
        ":/etc/jaeger/jaeger.yml:ro",
        ":/etc/jaeger/config.yml:ro",
    ),
    broken(
        "rules/*.yml matches nothing that is mounted",
        COMPOSE_FILE,
        ":/etc/prometheus/rules:ro",
        ":/etc/prometheus/rule:ro",
    ),
    broken("VITRINE_CART_URL: cart does not listen on 8004", COMPOSE_FILE, "http://cart:8003", "http://cart:8004"),
    broken("alertmanager: writes to /alertmanager, where nothing", COMPOSE_FILE, "data:/alertmanager", "data:/alerts"),
    broken(
        "console: VITRINE_CONSOLE_GATEWAY is not set",
        COMPOSE_FILE,
        "VITRINE_CONSOLE_GATEWAY: http://gateway:8000\n",
        "VITRINE_CONSOLE_MEMORY: 5\n",
    ),
    broken(
        "its INTERNAL_AUTH_TOKEN is not that of",
        COMPOSE_FILE,
        "${INTERNAL_AUTH_TOKEN:-development-token-not-a-secret}",
        "another-token-not-a-secret",
    ),
    broken("nobody is known to read GF_LOG", COMPOSE_FILE, "GF_SERVER_ROOT_URL", "GF_LOG"),
]

IMAGE = [
    broken("does not install libnghttp2-14", "Dockerfile", " libnghttp2-14", ""),
    broken("copies /vitrine from build, where nothing makes it", "Dockerfile", "-o /vitrine", "-o /shop"),
    broken("does not leave out .env", ".dockerignore", "\n*\n", "\n"),
    broken("does not expose 8003", "Dockerfile", "8002 8003", "8002"),
    broken("exposes 8080, which no role listens on", "Dockerfile", "EXPOSE", "EXPOSE 8080"),
    broken("copies Sauces, which is not in the repository", "Dockerfile", "COPY Sources", "COPY Sauces"),
    broken("copies Sources, which .dockerignore leaves out", ".dockerignore", "!Sources\n", ""),
    broken("copies chaos/experiments, which .dockerignore leaves out", ".dockerignore", "!chaos/experiments\n", ""),
    broken("does not install zlib1g-dev", "Dockerfile", " zlib1g-dev", ""),
    broken("installs libicu-dev, which", "Dockerfile", " zlib1g-dev", " zlib1g-dev libicu-dev"),
    broken("its last USER is no number other than 0: vitrine", "Dockerfile", "USER 10001:10001", "USER vitrine"),
    broken("its last USER is no number other than 0: there is none", "Dockerfile", "USER 10001:10001\n", ""),
    broken("image debian has no tag", "Dockerfile", "debian:bookworm-slim", "debian"),
    broken("copies from builder, which is no stage before it", "Dockerfile", "--from=build", "--from=builder"),
    broken("its ENTRYPOINT is not", "Dockerfile", 'ENTRYPOINT ["/usr/local/bin/vitrine"]', "ENTRYPOINT vitrine"),
    broken(
        "copies nothing to /usr/local/bin/vitrine",
        "Dockerfile",
        "/vitrine /usr/local/bin/vitrine",
        "/vitrine /usr/bin/vitrine",
    ),
]

WORKFLOW = [
    broken("calls make tests, which the Makefile has not", ".github/workflows/ci.yml", "make test", "make tests"),
    broken("calls make lint, which the Makefile has not", "Makefile", "lint: ##", "lints: ##"),
    broken("actions/checkout is pinned by no version", ".github/workflows/ci.yml", "checkout@v4", "checkout"),
    broken("actions/checkout@main is pinned", ".github/workflows/ci.yml", "checkout@v4", "checkout@main"),
    broken("image swift has no tag", ".github/workflows/ci.yml", "swift:6.3-bookworm", "swift"),
]

JUDGED_BY_DOCTOR_IN_COMPOSE = [
    broken("VITRINE_FAULT is read by no container", COMPOSE_FILE, "VITRINE_FAULTS:", "VITRINE_FAULT:"),
    broken("gateway: doctor: ", COMPOSE_FILE, "VITRINE_DRAIN_DELAY: 0s", "VITRINE_DRAIN_DELAY: none"),
    broken(
        "Dockerfile: doctor: VITRINE_DATAS is read by no container", "Dockerfile", "VITRINE_DATA=", "VITRINE_DATAS="
    ),
]

JUDGED_BY_DOCTOR = [
    broken(
        "doctor: VITRINE_DRAIN_DELAYS is read by no container",
        "k8s/base/settings.env",
        "DRAIN_DELAY=",
        "DRAIN_DELAYS=",
        alone=True,
    ),
    broken("VITRINE_DRAIN_TIMEOUT", "k8s/base/settings.env", "DRAIN_TIMEOUT=20s", "DRAIN_TIMEOUT=soon"),
    broken("INTERNAL_AUTH_TOKEN", f"{LOCAL}/internal.env", "local-development-token-not-a-secret", "short", alone=True),
]


class Copy:
    """A copy of the repository, in which one thing at a time is broken."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="vitrine-deployment-")
        self.root = pathlib.Path(self._folder.name).resolve() / "repository"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)

    def remove(self) -> None:
        self._folder.cleanup()

    @contextmanager
    def edited(self, edits: Iterable[Edit]) -> Iterator[None]:
        """As long as it lasts, the edits are made."""
        before: list[tuple[pathlib.Path, str | None]] = []
        try:
            for edit in edits:
                path = self.root / edit.file
                text = path.read_text(encoding="utf-8") if path.exists() else None
                if edit.old and edit.old not in (text or ""):
                    raise AssertionError(f"{edit.file} no longer has: {edit.old}")
                before.append((path, text))
                path.write_text((text or "").replace(edit.old, edit.new, 1) if edit.old else (text or "") + edit.new)
            yield
        finally:
            for path, text in reversed(before):
                path.unlink() if text is None else path.write_text(text)


class CheckDeployment(unittest.TestCase):
    copy: Copy

    @classmethod
    def setUpClass(cls) -> None:
        if shutil.which(KUBECTL) is None:
            raise FileNotFoundError(f"{KUBECTL} is not there: KUBECTL names another")
        cls.copy = Copy()
        cls.addClassCleanup(cls.copy.remove)

    def kubernetes(self, build: str) -> list[str]:
        return self.kubernetes_with(None, build)

    def kubernetes_with(self, vitrine: str | None, build: str) -> list[str]:
        root = self.copy.root

        def check() -> Iterator[str]:
            return check_deployment.check_kubernetes(root, build_all(root, KUBECTL, [build]), vitrine)

        return list(check_deployment.readable(check))

    def compose(self, _: str, vitrine: str | None = None) -> list[str]:
        return list(check_deployment.findings("compose", self.copy.root, KUBECTL, vitrine))

    def assert_found(self, rule: Break, found: list[str]) -> None:
        self.assertTrue(any(rule.expected in one for one in found), f"none of {found} has: {rule.expected}")

    def try_each(self, rules: list[Break], check: Callable[[str], list[str]]) -> None:
        for batch in batches(rules):
            with self.copy.edited([edit for rule in batch for edit in rule.edits]):
                found = check(batch[0].build)
            for rule in batch:
                with self.subTest(rule.expected):
                    self.assert_found(rule, found)

    def test_nothing_is_found_where_nothing_is_broken(self) -> None:
        vitrine = VITRINE if shutil.which(VITRINE) else None
        self.assertEqual(list(check_deployment.findings("all", self.copy.root, KUBECTL, vitrine)), [])

    def test_references(self) -> None:
        self.try_each(REFERENCES, self.kubernetes)

    def test_pods(self) -> None:
        self.try_each(PODS, self.kubernetes)

    def test_network(self) -> None:
        self.try_each(NETWORK, self.kubernetes)

    def test_files(self) -> None:
        self.try_each(FILES, self.kubernetes)

    def test_settings(self) -> None:
        self.try_each(SETTINGS, self.kubernetes)

    @unittest.skipUnless(shutil.which(VITRINE), f"{VITRINE} is not built: VITRINE names another")
    def test_doctor(self) -> None:
        self.try_each(JUDGED_BY_DOCTOR, lambda build: self.kubernetes_with(VITRINE, build))
        self.try_each(JUDGED_BY_DOCTOR_IN_COMPOSE, lambda build: self.compose(build, VITRINE))

    def test_compose(self) -> None:
        self.try_each(COMPOSE, self.compose)

    def test_image(self) -> None:
        self.try_each(IMAGE, self.compose)

    def test_workflow(self) -> None:
        self.try_each(WORKFLOW, lambda _: list(workflow.check(self.copy.root)))

    def test_arrows(self) -> None:
        lines = network.traffic_arrows(build_all(self.copy.root, KUBECTL, [LOCAL]))
        self.assertIn("order cart", lines)
        self.assertNotIn("cart order", lines)
        self.assertNotIn("console user", lines, "only its admin port is open to the console")
        self.assertEqual(lines, sorted(lines))


if __name__ == "__main__":
    unittest.main()
