"""Kubernetes: that no pod may do more, or take more, than it should."""

from __future__ import annotations

import re

from .container import program, unpinned
from .files import Findings, Tree
from .kustomize import Build, Workload

# The only one that speaks to the Kubernetes API, and why.
API_CLIENTS = {"prometheus": "finds the pods it scrapes there"}

# What the restricted Pod Security Standard allows volumes to be.
VOLUME_KINDS = {
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"),
}

# Settings of the kernel the standard holds to be safe.
SAFE_SYSCTLS = {
    *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"),
    *("net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"),
    *("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"),
    *("net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
}

# What every container must ask for and be held to.
RESOURCES = ("cpu", "memory", "ephemeral-storage")

# Seconds a pod has to end where the manifest does not say.
GRACE_DEFAULT = 30
# The platform's own defaults, in .env.example.
DRAIN_DEFAULTS = {"VITRINE_DRAIN_DELAY": "0s", "VITRINE_DRAIN_TIMEOUT": "8s"}


def check(build: Build) -> Findings:
    """All of it, of one build."""
    for workload in build.workloads:
        yield from _pod(workload)
        yield from _volumes(build, workload)
        yield from _grace(build, workload)
        for container, _ in workload.containers:
            where = f"{workload.where} container {container['name']}"
            for problem in _security(workload.pod, container):
                yield f"{where}: {problem}"
            for variable in container.get("env", []):
                if "value" not in variable and "valueFrom" not in variable:
                    yield f"{where}: the variable {variable['name']} has no value"
            for problem in _resources(container.get("resources", {})):
                yield f"{where}: {problem}"
            if floating := unpinned(container.get("image", "")):
                yield f"{where}: {floating}"
    for account in build.of("ServiceAccount"):
        if account.get("automountServiceAccountToken") is not False:
            yield f"ServiceAccount/{account['metadata']['name']}: automountServiceAccountToken is not false"
    for namespace in build.of("Namespace"):
        labels = namespace["metadata"].get("labels", {})
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"Namespace/{namespace['metadata']['name']}: does not enforce the restricted Pod Security Standard"


def _pod(workload: Workload) -> Findings:
    """What the standard says of the pod as a whole, and that it has no key to the API it does not use."""
    where, pod = workload.where, workload.pod
    context = pod.get("securityContext") or {}
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield f"{where}: {field} is set"
    for volume in pod.get("volumes", []):
        for kind in set(volume) - {"name"} - VOLUME_KINDS:
            yield f"{where}: volume {volume['name']} is a {kind}"
    for setting in context.get("sysctls", []):
        if setting["name"] not in SAFE_SYSCTLS:
            yield f"{where}: sets {setting['name']} of the kernel"
    if any("apparmor" in key for key in workload.source["metadata"].get("annotations", {})):
        yield f"{where}: sets an AppArmor profile by annotation"
    if pod.get("enableServiceLinks") is not False:
        # A Service of the name user makes USER_PORT and the like, which some programs read.
        yield f"{where}: enableServiceLinks is not false"
    mounted = pod.get("automountServiceAccountToken")
    if workload.name in API_CLIENTS:
        if mounted is False:
            yield f"{where}: has no token, but {API_CLIENTS[workload.name]}"
    elif mounted is not False:
        yield f"{where}: automountServiceAccountToken is not false"


def _volumes(build: Build, workload: Workload) -> Findings:
    """Disks: bounded where they are the node's, and never written to by two pods at once."""
    spec = workload.source["spec"]
    for volume in workload.pod.get("volumes", []):
        where = f"{workload.where} volume {volume['name']}"
        if len(volume) != 2:
            yield f"{where}: is made of nothing, or of two things"
        if "emptyDir" in volume and not (volume["emptyDir"] or {}).get("sizeLimit"):
            yield f"{where}: has no sizeLimit"
        name = volume.get("persistentVolumeClaim", {}).get("claimName")
        claim = build.named("PersistentVolumeClaim", name) if name else None
        if claim is None:
            continue
        if not claim.get("spec", {}).get("accessModes"):
            yield f"PersistentVolumeClaim/{name}: has no accessModes"
        elif "ReadWriteMany" not in claim["spec"]["accessModes"]:
            if workload.kind == "Deployment" and spec.get("strategy", {}).get("type") != "Recreate":
                yield f"{where}: is one pod's at a time, but the strategy is not Recreate"
            if spec.get("replicas", 1) > 1:
                yield f"{where}: is one pod's, but there are {spec['replicas']} replicas"
        if "fsGroup" not in (workload.pod.get("securityContext") or {}):
            yield f"{where}: without an fsGroup it belongs to root"


def _security(pod: Tree, container: Tree) -> Findings:
    """What the restricted standard says of a container, whose own settings win over its pod's."""
    outer, own = pod.get("securityContext") or {}, container.get("securityContext") or {}
    both = outer | own
    if both.get("runAsNonRoot") is not True:
        yield "runAsNonRoot is not true"
    if not isinstance(both.get("runAsUser"), int) or both["runAsUser"] == 0:
        # A user that is a name in the image cannot be told from root, and the pod would not start.
        yield "runAsUser is not a number other than 0"
    if own.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation is not false"
    if own.get("privileged"):
        yield "is privileged"
    if own.get("readOnlyRootFilesystem") is not True:
        yield "readOnlyRootFilesystem is not true"
    if "ALL" not in (own.get("capabilities") or {}).get("drop", []):
        yield "does not drop ALL capabilities"
    for capability in (own.get("capabilities") or {}).get("add", []):
        if capability != "NET_BIND_SERVICE":
            yield f"adds the capability {capability}"
    if (both.get("seccompProfile") or {}).get("type") not in ("RuntimeDefault", "Localhost"):
        yield "seccompProfile is neither RuntimeDefault nor Localhost"
    if own.get("procMount", "Default") != "Default":
        yield "procMount is not Default"
    if (both.get("appArmorProfile") or {}).get("type", "RuntimeDefault") == "Unconfined":
        yield "appArmorProfile is Unconfined"
    if (both.get("windowsOptions") or {}).get("hostProcess"):
        yield "is a host process"
    selinux = both.get("seLinuxOptions") or {}
    if {"user", "role"} & set(selinux) or selinux.get("type", "") not in SELINUX_TYPES:
        yield "seLinuxOptions go beyond the standard"
    yield from _host(container)


SELINUX_TYPES = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}


def _host(container: Tree) -> Findings:
    """Ways to the node or past the pod's own address."""
    for port in container.get("ports", []):
        if port.get("hostPort"):
            yield f"takes port {port['hostPort']} of its node"
    handlers = [container.get(kind, {}) for kind in ("startupProbe", "livenessProbe", "readinessProbe")]
    handlers += list(container.get("lifecycle", {}).values())
    for handler in handlers:
        if any(isinstance(action, dict) and action.get("host") for action in handler.values()):
            yield "has a probe of another host"


def _resources(resources: Tree) -> Findings:
    for name in RESOURCES:
        for kind in ("requests", "limits"):
            if name not in resources.get(kind, {}):
                yield f"{kind} no {name}" if kind == "requests" else f"has no limit of {name}"
        asked, most = resources.get("requests", {}).get(name), resources.get("limits", {}).get(name)
        if asked is not None and most is not None and quantity(asked) > quantity(most):
            yield f"requests more {name} than its limit"


def quantity(text: str | int | float) -> float:
    """A quantity of Kubernetes as a number: 250m, 64Mi, 2."""
    number, suffix = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(text)).groups()  # type: ignore[union-attr]
    factors = {"m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30}
    return float(number) * factors[suffix]


def _grace(build: Build, workload: Workload) -> Findings:
    """A pod that is killed while it drains has drained for nothing."""
    grace = workload.pod.get("terminationGracePeriodSeconds", GRACE_DEFAULT)
    for container, init in workload.containers:
        if init or program(container.get("image", "")) != "vitrine":
            continue
        problem = drain_problem(build.environment(container), grace)
        if problem:
            yield f"{workload.where}: {problem}"


def drain_problem(environment: dict[str, str], grace: float) -> str | None:
    """Whether the time a container has to end is longer than what it takes to."""
    taken = sum(seconds(environment.get(name) or value) for name, value in DRAIN_DEFAULTS.items())
    return f"has {grace:g} s to end, and drains for {taken:g} s" if grace <= taken else None


def seconds(text: str) -> float:
    """A duration as Vitrine and compose write it: 250ms, 30s, 1m30s."""
    units = {"ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([0-9.]+)(ms|s|m|h|d)", text))
