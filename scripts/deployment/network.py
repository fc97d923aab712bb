"""Kubernetes: who may call whom. Every arrow is written twice, at the caller and at the called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .container import ROLE_PORTS
from .files import Findings, Tree
from .kustomize import Build, Workload
from .references import ingress_backends, service_port

# Whose calls of one another are what customers cause: what traces show too.
SERVICES = (*ROLE_PORTS, "load")
# The name of the port they take customers' traffic at; others are for operators.
TRAFFIC_PORT = "http"


class Arrow(NamedTuple):
    caller: str
    called: str
    port: int | str
    protocol: str

    def __str__(self) -> str:
        return f"{self.caller} -> {self.called} {self.port}/{self.protocol}"


def check(build: Build) -> Findings:
    """All of it, of one build."""
    yield from _denied_first(build)
    yield from _names_looked_up(build)
    for policy in build.of("NetworkPolicy"):
        yield from _peers(build, policy)
    leaving, entering = set(arrows(build, "egress")), set(arrows(build, "ingress"))
    for arrow in sorted(leaving - entering, key=str):
        yield f"NetworkPolicy arrow {arrow}: leaves the caller, but may not enter the called"
    for arrow in sorted(entering - leaving, key=str):
        yield f"NetworkPolicy arrow {arrow}: may enter the called, but does not leave the caller"
    yield from _ports(build)
    yield from _ingress_controllers(build)
    yield from _operators(build)


def arrows(build: Build, direction: str) -> Iterator[Arrow]:
    """The arrows between workloads of the build that its policies allow on one side."""
    for _, own, peers, rule in _rules(build, direction):
        for peer in peers:
            if set(peer) != {"podSelector"}:
                continue
            for other in build.selected(peer["podSelector"]):
                for mine in own:
                    caller, called = (mine, other) if direction == "egress" else (other, mine)
                    for port in rule.get("ports", []):
                        number = called.ports.get(port["port"], port["port"])
                        yield Arrow(caller.name, called.name, number, port.get("protocol", "TCP"))


def traffic_arrows(builds: list[Build]) -> list[str]:
    """Lines `caller called`, of services among one another, at the ports for customers' traffic."""
    found: set[tuple[str, str]] = set()
    for build in builds:
        traffic = {one.name: one.ports.get(TRAFFIC_PORT) for one in build.workloads}
        for arrow in set(arrows(build, "egress")) & set(arrows(build, "ingress")):
            if arrow.caller in SERVICES and arrow.called in SERVICES and arrow.port == traffic[arrow.called]:
                found.add((arrow.caller, arrow.called))
    return [" ".join(pair) for pair in sorted(found)]


def _rules(build: Build, direction: str) -> Iterator[tuple[Tree, list[Workload], list[Tree], Tree]]:
    """Each rule of one direction with its policy, the workloads that it is for, and whom it lets through."""
    field = "to" if direction == "egress" else "from"
    for policy in build.of("NetworkPolicy"):
        own = build.selected(policy["spec"]["podSelector"])
        for rule in policy["spec"].get(direction) or []:
            yield policy, own, rule.get(field) or [], rule


def _denied_first(build: Build) -> Findings:
    """Without it a workload that no policy selects may call, and be called by, anybody."""
    for policy in build.of("NetworkPolicy"):
        spec = policy["spec"]
        nothing = not spec.get("ingress") and not spec.get("egress") and not spec["podSelector"]
        if nothing and {"Ingress", "Egress"} <= set(spec.get("policyTypes", [])):
            return
    yield "NetworkPolicy: none denies everything to everybody"


def _names_looked_up(build: Build) -> Findings:
    """Every address here is a name: without this rule nothing reaches anything."""
    served: set[str] = set()
    for _, own, peers, rule in _rules(build, "egress"):
        to_names = any(
            (peer.get("podSelector") or {}).get("matchLabels", {}).get("k8s-app") == "kube-dns" for peer in peers
        )
        if to_names and {("UDP", 53), ("TCP", 53)} <= {(one.get("protocol"), one.get("port")) for one in rule["ports"]}:
            served |= {one.name for one in own}
    for workload in build.workloads:
        if workload.name not in served:
            yield f"{workload.where}: no NetworkPolicy lets it look up names"


def _peers(build: Build, policy: Tree) -> Findings:
    where = f"NetworkPolicy/{policy['metadata']['name']}"
    for direction, field in (("ingress", "from"), ("egress", "to")):
        if policy["spec"].get(direction) and direction.capitalize() not in policy["spec"].get("policyTypes", []):
            yield f"{where}: has rules of {direction}, which its policyTypes leave out"
        for rule in policy["spec"].get(direction) or []:
            if not rule.get("ports"):
                yield f"{where}: a rule of {direction} opens every port"
            if direction == "ingress" and not rule.get(field):
                yield f"{where}: a rule of ingress lets in everybody"
            for peer in rule.get(field) or []:
                selector = peer.get("podSelector")
                if set(peer) != {"podSelector"} or build.selected(selector) or build.is_elsewhere(selector):
                    continue
                yield f"{where}: a rule of {direction} names pods that do not exist: {_spell(selector)}"


def _spell(selector: Tree) -> str:
    return ", ".join(f"{key}={value}" for key, value in (selector.get("matchLabels") or {}).items()) or str(selector)


def _ports(build: Build) -> Findings:
    for arrow in sorted({*arrows(build, "egress"), *arrows(build, "ingress")}, key=str):
        called = next(one for one in build.workloads if one.name == arrow.called)
        if arrow.port not in called.port_numbers:
            yield f"NetworkPolicy arrow {arrow}: {called.where} has no such port"
    for policy, own, _, rule in _rules(build, "ingress"):
        for workload in own:
            for port in rule.get("ports", []):
                if workload.ports.get(port["port"], port["port"]) not in workload.port_numbers:
                    name = policy["metadata"]["name"]
                    yield f"NetworkPolicy/{name}: lets in at {port['port']}, which {workload.where} has not"


def _open_to_others(build: Build) -> set[tuple[str, int]]:
    """Workloads and ports that pods of other namespaces may call."""
    return {
        (workload.name, workload.ports.get(port["port"], port["port"]))
        for _, own, peers, rule in _rules(build, "ingress")
        if any("namespaceSelector" in peer or "ipBlock" in peer for peer in peers)
        for workload in own
        for port in rule.get("ports", [])
    }


def _operators(build: Build) -> Findings:
    """The operator's Prometheus, which is in another namespace, must be let in to what its objects have it scrape."""
    open_ports = _open_to_others(build)
    for monitor in [*build.of("PodMonitor"), *build.of("ServiceMonitor")]:
        where = f"{monitor['kind']}/{monitor['metadata']['name']}"
        spec = monitor["spec"]
        for endpoint in [*spec.get("podMetricsEndpoints", []), *spec.get("endpoints", [])]:
            for workload in build.selected(spec["selector"]):
                # Ports of a Service are named as those of its pods.
                number = workload.ports.get(endpoint["port"])
                if number is not None and (workload.name, number) not in open_ports:
                    yield f"{where}: no NetworkPolicy lets another namespace in to {workload.name} {number}"


def _ingress_controllers(build: Build) -> Findings:
    """What an Ingress leads to must let somebody of another namespace in."""
    open_ports = _open_to_others(build)
    for ingress in build.of("Ingress"):
        for backend in ingress_backends(ingress):
            service = build.named("Service", backend["name"])
            port = service_port(service, backend["port"]) if service else None
            if service is None or port is None:
                continue
            for workload in build.selected({"matchLabels": service["spec"].get("selector") or {"": ""}}):
                if (workload.name, port["port"]) not in open_ports:
                    name = ingress["metadata"]["name"]
                    yield f"Ingress/{name}: no NetworkPolicy lets a controller in to {workload.name} {port['port']}"


class ClusterNetwork:
    """What answers at which name within a build, and to whom."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._ports = {
            one["metadata"]["name"]: {port["port"] for port in one["spec"].get("ports", [])}
            for one in build.of("Service")
        }
        self._elsewhere = {one.name for one in build.elsewhere}
        self._arrows = {(arrow.caller, arrow.called, arrow.port) for arrow in arrows(build, "egress")}

    def problem(self, host: str, port: int) -> str | None:
        """Why nobody answers at this address, or nothing."""
        name = self._service(host)
        if name in self._elsewhere:
            return None
        if name not in self._ports:
            return f"{host}:{port} is no Service"
        return None if port in self._ports[name] else f"Service {name} has no port {port}"

    def arrow_problem(self, caller: str, host: str, port: int) -> str | None:
        """Why this caller may not call it, or nothing. A Service is named as its workload, which others check."""
        name = self._service(host)
        if name in self._elsewhere or (caller, name, port) in self._arrows:
            return None
        return f"no NetworkPolicy lets {caller} call {name} {port}"

    def _service(self, host: str) -> str:
        """name, name.namespace and name.namespace.svc.cluster.local are the same Service, in the own namespace."""
        name, _, namespace = host.partition(".")
        own = {one["metadata"]["name"] for one in self._build.of("Namespace")}
        return name if not namespace or namespace.split(".")[0] in own else host
