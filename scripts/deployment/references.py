"""Kubernetes: that everything a manifest names is there, and everything that is there is named."""

from __future__ import annotations

from collections.abc import Iterable

from .container import PROBE_PATHS, address, program
from .files import Findings, Tree
from .kustomize import Build, Workload, plain, selects, source_of, volume_sources

# An etcd entry holds 1 MiB, of which some is the object's own; beyond this a file more may be one too many.
CONFIG_MAP_BYTES_MAX = 900 * 1024

# The kinds that are looked at here, each with its version: one of another kind would pass unseen.
KINDS = {
    "Namespace": "v1",
    "ConfigMap": "v1",
    "Secret": "v1",
    "Service": "v1",
    "ServiceAccount": "v1",
    "PersistentVolumeClaim": "v1",
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "Ingress": "networking.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Role": "rbac.authorization.k8s.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "PodMonitor": "monitoring.coreos.com/v1",
    "ServiceMonitor": "monitoring.coreos.com/v1",
    "PrometheusRule": "monitoring.coreos.com/v1",
}

# Objects that belong to no namespace.
CLUSTER_KINDS = {"Namespace"}

# Monitors that select nothing by design where what they are for is absent, and why.
MONITORS_OF_NOTHING = {"load": "made-up customers are an overlay's: k8s/overlays/local has them, the base does not"}

# What each kind of health check of a container is called.
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def check(build: Build) -> Findings:
    """All of it, of one build."""
    yield from _kinds(build)
    yield from _namespaces(build)
    yield from _data_references(build)
    yield from _data_unused(build)
    for workload in build.workloads:
        yield from _volumes(build, workload)
        yield from _probes(workload)
        yield from _selector(build, workload)
    yield from _accounts(build)
    yield from _services(build)
    yield from _ingresses(build)
    yield from _scaling(build)
    yield from _selectors(build)
    yield from _roles(build)
    yield from _monitors(build)


def _kinds(build: Build) -> Findings:
    for one in build.objects:
        name = f"{one['kind']}/{plain(one['metadata']['name'])}"
        if one["kind"] not in KINDS:
            yield f"{name}: this checker knows no such kind (KINDS)"
        elif one.get("apiVersion") != KINDS[one["kind"]]:
            yield f"{name}: is of {one.get('apiVersion')}, not {KINDS[one['kind']]}"


def _namespaces(build: Build) -> Findings:
    """An object in another namespace is found by nothing here, by whatever name."""
    known = {one["metadata"]["name"] for one in build.of("Namespace")}
    for one in build.objects:
        namespace = one["metadata"].get("namespace")
        if one["kind"] not in CLUSTER_KINDS and namespace not in known:
            yield f"{one['kind']}/{plain(one['metadata']['name'])}: its namespace {namespace} does not exist"


def _references(workload: Workload) -> Iterable[tuple[str, str, str, str | None]]:
    """Where, kind, name and key (none: all keys) of each ConfigMap and Secret that a pod names."""
    for container, _ in workload.containers:
        where = f"{workload.where} container {container['name']}"
        for source in container.get("envFrom", []):
            yield (where, *source_of(source), None)
        for variable in container.get("env", []):
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                reference = variable.get("valueFrom", {}).get(field)
                if reference:
                    yield where, kind, reference["name"], reference["key"]
    for volume in workload.pod.get("volumes", []):
        where = f"{workload.where} volume {volume['name']}"
        for kind, name, source in volume_sources(volume):
            yield where, kind, name, None
            for item in source.get("items") or []:
                yield where, kind, name, item["key"]
    for secret in workload.pod.get("imagePullSecrets", []):
        yield workload.where, "Secret", secret["name"], None


def _data_references(build: Build) -> Findings:
    for workload in build.workloads:
        for where, kind, name, key in _references(workload):
            data = build.data(kind, name)
            if data is None:
                yield f"{where}: there is no {kind} {plain(name)}"
            elif key is not None and key not in data:
                yield f"{where}: {kind} {plain(name)} has no key {key}"


def _data_unused(build: Build) -> Findings:
    """What nobody reads is a renamed reference, or a leftover."""
    used = {(kind, name) for workload in build.workloads for _, kind, name, _ in _references(workload)}
    used |= {("Secret", tls.get("secretName")) for one in build.of("Ingress") for tls in one["spec"].get("tls", [])}
    for kind in ("ConfigMap", "Secret"):
        for one in build.of(kind):
            name = one["metadata"]["name"]
            if (kind, name) not in used:
                yield f"{kind}/{plain(name)}: nothing uses it"
            size = sum(len(text.encode()) for text in (build.data(kind, name) or {}).values())
            if size > CONFIG_MAP_BYTES_MAX:
                yield f"{kind}/{plain(name)}: holds {size // 1024} KiB, more than {CONFIG_MAP_BYTES_MAX // 1024}"
    for name in build.secrets_by_hand:
        if ("Secret", name) not in used and not build.elsewhere:
            yield f"k8s/README.md: nothing uses the Secret {name} that it has one make"


def _volumes(build: Build, workload: Workload) -> Findings:
    volumes = {one["name"]: one for one in workload.pod.get("volumes", [])}
    mounted: set[str] = set()
    for container, _ in workload.containers:
        where = f"{workload.where} container {container['name']}"
        paths: set[str] = set()
        for mount in container.get("volumeMounts", []):
            mounted.add(mount["name"])
            if mount["name"] not in volumes:
                yield f"{where}: mounts the volume {mount['name']}, which the pod has not"
            elif "subPath" in mount and volume_sources(volumes[mount["name"]]):
                if mount["subPath"] not in build.volume_files(volumes[mount["name"]]):
                    yield f"{where}: mounts {mount['subPath']}, which the volume {mount['name']} has not"
            if mount["mountPath"] in paths:
                yield f"{where}: mounts two volumes at {mount['mountPath']}"
            paths.add(mount["mountPath"])
    for name, volume in volumes.items():
        if name not in mounted:
            yield f"{workload.where}: nothing mounts its volume {name}"
        claim = volume.get("persistentVolumeClaim", {}).get("claimName")
        if claim and not build.named("PersistentVolumeClaim", claim):
            yield f"{workload.where} volume {name}: there is no PersistentVolumeClaim {claim}"


def _probes(workload: Workload) -> Findings:
    for container, init in workload.containers:
        where = f"{workload.where} container {container['name']}"
        if not init and workload.kind not in ("Job", "CronJob"):
            for kind in PROBES:
                if kind not in container:
                    yield f"{where}: has no {kind}"
        for kind in PROBES:
            for problem in _probe(container, container.get(kind, {})):
                yield f"{where}: {kind} {problem}"


def _probe(container: Tree, probe: Tree) -> Findings:
    if probe and len(probe.keys() & {"httpGet", "tcpSocket", "exec", "grpc"}) != 1:
        yield "asks nothing, or two things at once"
    names = {port.get("name"): port["containerPort"] for port in container.get("ports", [])}
    paths = PROBE_PATHS.get(program(container.get("image", "")))
    path: str | None = None
    if action := probe.get("httpGet") or probe.get("tcpSocket"):
        path = action.get("path") if "httpGet" in probe else None
        if action["port"] not in names:
            yield f"asks port {action['port']}, which is no named port of the container"
    elif command := probe.get("exec", {}).get("command"):
        asked = address(command[-1])
        if asked is None:
            return
        path = "/" + command[-1].partition("://")[2].partition("/")[2]
        if asked[1] not in names.values():
            yield f"asks port {asked[1]}, which is no port of the container"
    if path is not None and paths is None:
        yield f"asks an image whose paths of health nobody has noted (PROBE_PATHS): {container.get('image')}"
    elif path is not None and path not in (paths or ()):
        yield f"asks {path}, which {program(container['image'])} does not answer"


def _selector(build: Build, workload: Workload) -> Findings:
    """A workload that selects another's pods deletes them."""
    selector = workload.source["spec"].get("selector")
    for constraint in workload.pod.get("topologySpreadConstraints", []):
        if not selects(constraint.get("labelSelector") or {"matchLabels": {"": ""}}, workload.labels):
            yield f"{workload.where}: is spread by a selector that does not match its own pods"
    if selector is None:
        if workload.kind not in ("Job", "CronJob"):
            yield f"{workload.where}: has no selector"
        return
    if not selects(selector, workload.labels):
        yield f"{workload.where}: its selector does not match its own pods"
    for other in build.selected(selector):
        if other is not workload and other.where != workload.where:
            yield f"{workload.where}: its selector matches the pods of {other.where} too"


def _accounts(build: Build) -> Findings:
    used: set[str] = set()
    for workload in build.workloads:
        name = workload.pod.get("serviceAccountName")
        if name is None:
            yield f"{workload.where}: has no ServiceAccount of its own"
        elif not build.named("ServiceAccount", name):
            yield f"{workload.where}: there is no ServiceAccount {name}"
        used.add(name or "default")
    for one in build.of("ServiceAccount"):
        if one["metadata"]["name"] not in used:
            yield f"ServiceAccount/{one['metadata']['name']}: nothing uses it"
    claims = {
        volume.get("persistentVolumeClaim", {}).get("claimName")
        for workload in build.workloads
        for volume in workload.pod.get("volumes", [])
    }
    for one in build.of("PersistentVolumeClaim"):
        if one["metadata"]["name"] not in claims:
            yield f"PersistentVolumeClaim/{one['metadata']['name']}: nothing uses it"


def _services(build: Build) -> Findings:
    for service in build.of("Service"):
        where = f"Service/{service['metadata']['name']}"
        behind = build.selected({"matchLabels": service["spec"].get("selector") or {"": ""}})
        if len(behind) != 1:
            names = ", ".join(one.where for one in behind) or "nothing"
            yield f"{where}: its selector matches {names}, not one workload"
            continue
        for port in service["spec"].get("ports", []):
            yield from _service_port(where, port, behind[0])


def _service_port(where: str, port: Tree, workload: Workload) -> Findings:
    target = port.get("targetPort", port["port"])
    number = workload.ports.get(target) if isinstance(target, str) else target
    if number not in workload.port_numbers:
        yield f"{where}: port {port['port']} leads to {target}, which {workload.where} has not"
    elif number != port["port"]:
        # Network policies and addresses in configurations speak of one number only.
        yield f"{where}: port {port['port']} is {number} in the container"


def _ingresses(build: Build) -> Findings:
    for ingress in build.of("Ingress"):
        where = f"Ingress/{ingress['metadata']['name']}"
        for backend in ingress_backends(ingress):
            service = build.named("Service", backend["name"])
            if service is None:
                yield f"{where}: there is no Service {backend['name']}"
            elif service_port(service, backend["port"]) is None:
                wanted = backend["port"].get("name", backend["port"].get("number"))
                yield f"{where}: Service {backend['name']} has no port {wanted}"


def ingress_backends(ingress: Tree) -> list[Tree]:
    """Name and port of each Service behind an Ingress."""
    spec = ingress["spec"]
    found = [path["backend"] for rule in spec.get("rules", []) for path in rule.get("http", {}).get("paths", [])]
    found += [spec["defaultBackend"]] if "defaultBackend" in spec else []
    return [one["service"] for one in found if "service" in one]


def service_port(service: Tree, wanted: Tree) -> Tree | None:
    """The port of a Service that an Ingress names, by name or number."""
    for port in service["spec"].get("ports", []):
        if ("name" in wanted and port.get("name") == wanted["name"]) or port["port"] == wanted.get("number"):
            return port
    return None


def _scaling(build: Build) -> Findings:
    for scaler in build.of("HorizontalPodAutoscaler"):
        where = f"HorizontalPodAutoscaler/{scaler['metadata']['name']}"
        target = scaler["spec"]["scaleTargetRef"]
        found = build.named(target["kind"], target["name"])
        if found is None or found["apiVersion"] != target.get("apiVersion"):
            yield f"{where}: there is no {target['kind']} {target['name']}"
        elif "replicas" in found["spec"]:
            yield f"{where}: {target['kind']} {target['name']} has a number of replicas too, which each apply sets back"


def _selectors(build: Build) -> Findings:
    least = {
        scaler["spec"]["scaleTargetRef"]["name"]: scaler["spec"].get("minReplicas", 1)
        for scaler in build.of("HorizontalPodAutoscaler")
    }
    for budget in build.of("PodDisruptionBudget"):
        where, spec = f"PodDisruptionBudget/{budget['metadata']['name']}", budget["spec"]
        selected = build.selected(spec["selector"])
        if not selected:
            yield f"{where}: its selector matches no pod"
        if ("minAvailable" in spec) == ("maxUnavailable" in spec):
            yield f"{where}: does not say how many must stay, or how many may go"
        for workload in selected:
            # Of as many as must stay none may ever go: a node would not be drained.
            if spec.get("minAvailable", 0) >= least.get(workload.name, workload.source["spec"].get("replicas", 1)):
                yield f"{where}: lets no pod of {workload.where} go"
    for policy in build.of("NetworkPolicy"):
        if not build.selected(policy["spec"]["podSelector"]):
            yield f"NetworkPolicy/{policy['metadata']['name']}: its selector matches no pod"


def _roles(build: Build) -> Findings:
    bound: set[tuple[str, str]] = set()
    for binding in build.of("RoleBinding"):
        where = f"RoleBinding/{binding['metadata']['name']}"
        role = binding["roleRef"]
        bound.add((role["kind"], role["name"]))
        if role["kind"] == "Role" and not build.named("Role", role["name"]):
            yield f"{where}: there is no Role {role['name']}"
        for subject in binding.get("subjects", []):
            found = build.named(subject["kind"], subject["name"])
            if found is None or subject.get("namespace") != found["metadata"].get("namespace"):
                yield f"{where}: there is no {subject['kind']} {subject['name']} in {subject.get('namespace')}"
    for role in build.of("Role"):
        if ("Role", role["metadata"]["name"]) not in bound:
            yield f"Role/{role['metadata']['name']}: nobody is bound to it"


def _monitors(build: Build) -> Findings:
    """What the Prometheus operator's objects select, and the ports they name."""
    for monitor in build.of("PodMonitor"):
        name = monitor["metadata"]["name"]
        behind = build.selected(monitor["spec"]["selector"])
        if not behind and name not in MONITORS_OF_NOTHING:
            yield f"PodMonitor/{name}: its selector matches no pod"
        for endpoint in monitor["spec"].get("podMetricsEndpoints", []):
            for workload in behind:
                if endpoint["port"] not in workload.ports:
                    yield f"PodMonitor/{name}: {workload.where} has no port {endpoint['port']}"
    for monitor in build.of("ServiceMonitor"):
        name = monitor["metadata"]["name"]
        services = [
            one
            for one in build.of("Service")
            if selects(monitor["spec"]["selector"], one["metadata"].get("labels", {}))
        ]
        if not services:
            yield f"ServiceMonitor/{name}: its selector matches no Service"
        for endpoint in monitor["spec"].get("endpoints", []):
            for service in services:
                if endpoint["port"] not in {port.get("name") for port in service["spec"]["ports"]}:
                    yield f"ServiceMonitor/{name}: Service {service['metadata']['name']} has no port {endpoint['port']}"
