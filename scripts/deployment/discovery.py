"""Kubernetes: what Prometheus finds by itself, what containers listen on, and what kustomize reads."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from .configurations import configuration, listening
from .container import Container
from .files import Findings, Tree, Unreadable, read_yaml
from .kustomize import Build, files_of, kustomization_folders, selects
from .network import ClusterNetwork

# Files in a folder of kustomize's that Kubernetes does not get, and why. A name that ends in / is a folder.
NOT_FOR_KUBERNETES = {
    "otel/alertmanager/alertmanager.lab.yml": "an example of what the lab's supervisor writes",
    "otel/prometheus/prometheus.lab.yml": "an example of what the lab's supervisor writes",
    "otel/prometheus/prometheus.compose.yml": "the same as prometheus.kubernetes.yml, for compose",
    "otel/prometheus/tests/": "tests of the rules, which promtool reads",
}

# Jobs that find nothing by design where what they are for is absent, and why.
JOBS_OF_NOTHING = {"load": "made-up customers are an overlay's: k8s/overlays/local has them, the base does not"}

# Jobs of what the Prometheus operator runs itself, and scrapes by itself.
JOBS_OF_THE_OPERATOR = {"prometheus", "alertmanager"}

COMPONENT = "app.kubernetes.io/component"


def check_lists(root: Path) -> Findings:
    """That each list of files is that of its folder: kustomize cannot take a folder, and says nothing of the rest."""
    for folder in kustomization_folders(root):
        name = f"{folder}/kustomization.yaml"
        if not (root / name).is_file():
            yield f"{name}: is missing"
            continue
        listed = {f"{folder}/{one}" for one in _listed(read_yaml(root, name))}
        there = files_of(root, folder)
        for missing in sorted(listed - there):
            yield f"{name}: lists {missing}, which is not there"
        for forgotten in sorted(one for one in there - listed if not _excepted(one)):
            yield f"{name}: does not list {forgotten}"
        for wrong in sorted(one for one in listed if _excepted(one)):
            yield f"{name}: lists {wrong}, which is not for Kubernetes"
    for name in NOT_FOR_KUBERNETES:
        if not (root / name).exists():
            yield f"{name}: is no longer there, but NOT_FOR_KUBERNETES speaks of it"


def _listed(kustomization: Tree) -> list[str]:
    """Files of all generators; one under another key is written key=file."""
    generators = kustomization.get("configMapGenerator") or []
    return [name.rpartition("=")[2] for one in generators for name in one.get("files") or []]


def _excepted(name: str) -> bool:
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in NOT_FOR_KUBERNETES)


def check_ports(build: Build) -> Findings:
    """That something listens on each port a container is said to have."""
    containers = {one.where: one for one in build.containers}
    for workload in build.workloads:
        for spec, _ in workload.containers:
            container = containers[f"{workload.where} container {spec['name']}"]
            try:
                listened = listening(container)
            except Unreadable:
                # Which is told where configurations are judged.
                continue
            for port in spec.get("ports", []):
                if port["containerPort"] not in listened:
                    yield f"{container.where}: nothing listens on its port {port['containerPort']}"


def check_jobs(build: Build) -> Findings:
    """That pods are where Prometheus looks for them by label and port, and that it may call them."""
    network = ClusterNetwork(build)
    for container in build.containers:
        if container.program != "prometheus":
            continue
        with suppress(Unreadable):
            for job in configuration(container).get("scrape_configs") or []:
                for found in job.get("kubernetes_sd_configs") or []:
                    yield from _job(build, network, container, job, found)


def check_operator(root: Path, build: Build) -> Findings:
    """That the operator's objects say what the files say that Prometheus reads without an operator."""
    rules = build.of("PrometheusRule")
    if not rules:
        return
    folder = "otel/prometheus/rules"
    made = {one["metadata"]["name"].removeprefix("vitrine-"): one["spec"]["groups"] for one in rules}
    for name in sorted({path.stem for path in (root / folder).glob("*.yml")} | set(made)):
        file = f"{folder}/{name}.yml"
        if name not in made:
            yield f"{file}: there is no PrometheusRule of it"
        elif not (root / file).is_file():
            yield f"PrometheusRule/vitrine-{name}: there is no {file}"
        elif read_yaml(root, file)["groups"] != made[name]:
            yield f"PrometheusRule/vitrine-{name}: is not what {file} says"
    scraped = {
        rule["replacement"]
        for monitor in [*build.of("PodMonitor"), *build.of("ServiceMonitor")]
        for endpoint in [*monitor["spec"].get("podMetricsEndpoints", []), *monitor["spec"].get("endpoints", [])]
        for rule in endpoint.get("relabelings", [])
        if rule.get("targetLabel") == "job"
    }
    file = "otel/prometheus/prometheus.kubernetes.yml"
    jobs = {job["job_name"] for job in read_yaml(root, file)["scrape_configs"]}
    for job in sorted(jobs - scraped - JOBS_OF_THE_OPERATOR):
        yield f"{file}: job {job} has no PodMonitor or ServiceMonitor"
    for job in sorted(scraped - jobs):
        yield f"k8s/operator: {file} has no job {job}"


def _job(build: Build, network: ClusterNetwork, container: Container, job: Tree, found: Tree) -> Findings:
    where = f"{container.where}: job {job['job_name']}"
    label = next((one["label"] for one in found.get("selectors") or []), "")
    key, _, value = label.partition("=")
    pods = [one for one in build.workloads if not label or selects({"matchLabels": {key: value}}, one.labels)]
    port = _kept(job, "__meta_kubernetes_pod_container_port_name")
    components = _kept(job, "__meta_kubernetes_pod_label_app_kubernetes_io_component")
    # Of an alternation each must be there: one that is misspelled would be missed by nobody.
    for component in components.split("|"):
        matching = [one for one in pods if re.fullmatch(component, one.labels.get(COMPONENT, ""))]
        if not matching and job["job_name"] not in JOBS_OF_NOTHING:
            yield f"{where}: no pod is labelled {label} and {COMPONENT}={component}"
        for workload in matching:
            numbers = [number for name, number in workload.ports.items() if re.fullmatch(port, name)]
            if not numbers:
                yield f"{where}: {workload.where} has no port {port}"
            for number in numbers:
                problem = network.arrow_problem(container.workload, workload.name, number)
                if problem:
                    yield f"{where}: {problem}"


def _kept(job: Tree, label: str) -> str:
    """The expression that a discovered label must match for its target to be kept."""
    for rule in job.get("relabel_configs") or []:
        if rule.get("action") == "keep" and rule.get("source_labels") == [label]:
            return str(rule["regex"])
    return ".*"
