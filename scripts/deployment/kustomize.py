"""What kustomize makes of k8s/, and finding one's way about in it."""

from __future__ import annotations

import base64
import dataclasses
import functools
import os
import re
import subprocess
import tempfile
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .container import Container
from .files import Tree, files_below, parse_documents, read

# What stands for a value that only the cluster, or whoever deploys, knows: long enough for a secret.
PLACEHOLDER = "placeholder-0123456789-abcdefghi"


@dataclasses.dataclass(frozen=True)
class Workload:
    """A kind of pod that something keeps running."""

    kind: str
    name: str
    labels: dict[str, str]
    pod: Tree
    source: Tree

    @property
    def where(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def containers(self) -> list[tuple[Tree, bool]]:
        """Each with whether it ends before the others begin."""
        return [(one, True) for one in self.pod.get("initContainers", [])] + [
            (one, False) for one in self.pod.get("containers", [])
        ]

    @property
    def ports(self) -> dict[str, int]:
        """Named ports of all containers."""
        return {
            port["name"]: port["containerPort"]
            for one, _ in self.containers
            for port in one.get("ports", [])
            if "name" in port
        }

    @property
    def port_numbers(self) -> set[int]:
        return {port["containerPort"] for one, _ in self.containers for port in one.get("ports", [])}


@dataclasses.dataclass
class Build:
    """All objects of one overlay."""

    name: str
    objects: list[Tree]
    complaints: str = ""
    # Secrets that whoever deploys makes by hand, with their keys.
    secrets_by_hand: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    # Workloads of folders that this build leaves out: what is said of them is judged in a build that has them.
    elsewhere: list[Workload] = dataclasses.field(default_factory=list)

    def of(self, kind: str) -> list[Tree]:
        return [one for one in self.objects if one.get("kind") == kind]

    def named(self, kind: str, name: str) -> Tree | None:
        return next((one for one in self.of(kind) if one["metadata"]["name"] == name), None)

    @functools.cached_property
    def workloads(self) -> list[Workload]:
        return [made for one in self.objects if (made := _workload(one))]

    def selected(self, selector: Tree) -> list[Workload]:
        return [one for one in self.workloads if selects(selector, one.labels)]

    def is_elsewhere(self, selector: Tree) -> bool:
        return any(selects(selector, one.labels) for one in self.elsewhere)

    @functools.cached_property
    def containers(self) -> list[Container]:
        return [
            Container(
                where=f"{workload.where} container {one['name']}",
                workload=workload.name,
                image=one.get("image", ""),
                arguments=(*one.get("command", []), *one.get("args", [])),
                environment=self.environment(one),
                files=self._mounted(workload, one),
                writable=frozenset(
                    mount["mountPath"] for mount in one.get("volumeMounts", []) if not mount.get("readOnly")
                ),
                init=init,
            )
            for workload in self.workloads
            for one, init in workload.containers
        ]

    def data(self, kind: str, name: str) -> dict[str, str] | None:
        """Keys and values of a ConfigMap or Secret, or nothing if there is none of that name."""
        found = self.named(kind, name)
        if found is None:
            by_hand = self.secrets_by_hand.get(name) if kind == "Secret" else None
            return None if by_hand is None else dict.fromkeys(by_hand, PLACEHOLDER)
        plain = {key: str(value) for key, value in (found.get("data") or {}).items()}
        if kind == "Secret":
            plain = {key: base64.b64decode(value).decode() for key, value in plain.items()}
        return plain | dict(found.get("stringData") or {})

    def environment(self, container: Tree) -> dict[str, str]:
        """What the container's process will find; a reference that leads nowhere is left out, and found elsewhere."""
        variables: dict[str, str] = {}
        for source in container.get("envFrom", []):
            kind, name = source_of(source)
            prefix = source.get("prefix", "")
            variables |= {prefix + key: value for key, value in (self.data(kind, name) or {}).items()}
        for variable in container.get("env", []):
            value = self._value(variable)
            if value is not None:
                variables[variable["name"]] = value
        return variables

    def _value(self, variable: Tree) -> str | None:
        source = variable.get("valueFrom")
        if not source:
            return str(variable.get("value", ""))
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            if field in source:
                return (self.data(kind, source[field]["name"]) or {}).get(source[field]["key"])
        return PLACEHOLDER

    def _mounted(self, workload: Workload, container: Tree) -> dict[str, str]:
        volumes = {one["name"]: one for one in workload.pod.get("volumes", [])}
        found: dict[str, str] = {}
        for mount in container.get("volumeMounts", []):
            content = self.volume_files(volumes.get(mount["name"], {}))
            if "subPath" in mount:
                if mount["subPath"] in content:
                    found[mount["mountPath"]] = content[mount["subPath"]]
            else:
                found |= {f"{mount['mountPath'].rstrip('/')}/{name}": text for name, text in content.items()}
        return found

    def volume_files(self, volume: Tree) -> dict[str, str]:
        """The files a volume has from the start, by their names in it."""
        found: dict[str, str] = {}
        for kind, name, source in volume_sources(volume):
            data = self.data(kind, name) or {}
            items = source.get("items")
            chosen = {item["path"]: item["key"] for item in items} if items else {key: key for key in data}
            found |= {path: data[key] for path, key in chosen.items() if key in data}
        return found


def selects(selector: Tree, labels: dict[str, str]) -> bool:
    """Whether a label selector takes these labels; an empty one takes all."""
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_expression_holds(one, labels) for one in selector.get("matchExpressions") or [])


def _expression_holds(expression: Tree, labels: dict[str, str]) -> bool:
    value = labels.get(expression["key"])
    match expression["operator"]:
        case "In":
            return value in expression["values"]
        case "NotIn":
            return value not in expression["values"]
        case "Exists":
            return value is not None
        case _:
            return value is None


def source_of(source: Tree) -> tuple[str, str]:
    """Kind and name of what an entry of envFrom refers to."""
    if "secretRef" in source:
        return "Secret", source["secretRef"]["name"]
    return "ConfigMap", source["configMapRef"]["name"]


def volume_sources(volume: Tree) -> list[tuple[str, str, Tree]]:
    """Kind, name and entry of each ConfigMap and Secret a volume is made of."""
    found: list[tuple[str, str, Tree]] = []
    if "configMap" in volume:
        found.append(("ConfigMap", volume["configMap"]["name"], volume["configMap"]))
    if "secret" in volume:
        found.append(("Secret", volume["secret"]["secretName"], volume["secret"]))
    for source in volume.get("projected", {}).get("sources", []):
        if "configMap" in source:
            found.append(("ConfigMap", source["configMap"]["name"], source["configMap"]))
        if "secret" in source:
            found.append(("Secret", source["secret"]["name"], source["secret"]))
    return found


def plain(name: str) -> str:
    """A generated name without the hash of its content, which would be another one after each change."""
    return re.sub(r"-[a-z0-9]{10}$", "", name)


def _workload(source: Tree) -> Workload | None:
    spec: Any = source.get("spec") or {}
    if source.get("kind") == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    template = spec.get("template") if source.get("kind") in KINDS_WITH_PODS else None
    if template is None:
        return None
    labels = template.get("metadata", {}).get("labels", {})
    return Workload(source["kind"], source["metadata"]["name"], labels, template["spec"], source)


KINDS_WITH_PODS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"}


def build_all(root: Path, kubectl: str, only: Collection[str] = ()) -> list[Build]:
    """Every overlay, the base alone, and what a cluster with the Prometheus operator takes; or only those named.

    The last needs a folder of its own, because nothing in the repository puts it together: with the monitoring, whose
    workloads the operator's objects name.
    """
    overlays = [path.parent.relative_to(root).as_posix() for path in root.glob("k8s/overlays/*/kustomization.yaml")]
    names = [name for name in [*sorted(overlays), OPERATOR_BUILD, BASE_BUILD] if not only or name in only]
    with tempfile.TemporaryDirectory(prefix="vitrine-overlay-") as scratch, ThreadPoolExecutor() as pool:
        _write_overlay(Path(scratch).resolve(), root.resolve())
        folders = {name: scratch if name == OPERATOR_BUILD else str(root / name) for name in names}
        builds = list(pool.map(lambda name: _build(kubectl, name, folders[name]), names))
    by_hand = secrets_by_hand(read(root, "k8s/README.md"))
    everything = [workload for build in builds for workload in build.workloads]
    for build in builds:
        if build.name in (OPERATOR_BUILD, BASE_BUILD):
            build.secrets_by_hand = by_hand
        if build.name == BASE_BUILD:
            own = {workload.name for workload in build.workloads}
            build.elsewhere = [workload for workload in everything if workload.name not in own]
    return builds


BASE_BUILD = "k8s/base"
OPERATOR_BUILD = "k8s/base + k8s/monitoring + k8s/operator"


def _write_overlay(folder: Path, root: Path) -> None:
    below = os.path.relpath(root / "k8s", folder)
    (folder / "kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: vitrine\n"
        f"resources: [{below}/base, {below}/monitoring]\ncomponents: [{below}/operator]\n"
    )


def _build(kubectl: str, name: str, folder: str) -> Build:
    done = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True, check=False)
    complaints = done.stderr.strip() or ("" if done.returncode == 0 else f"exit status {done.returncode}")
    return Build(name, parse_documents(done.stdout) if done.returncode == 0 else [], complaints)


def secrets_by_hand(readme: str) -> dict[str, set[str]]:
    """The Secrets that the README has its reader make, which are thereby the names the manifests may use."""
    made: dict[str, set[str]] = {}
    for name, rest in re.findall(r"create secret generic (\S+)((?: --from-literal=\S+)+)", readme):
        made[name] = set(re.findall(r"--from-literal=([A-Za-z0-9_.-]+)=", rest))
    return made


def kustomization_folders(root: Path) -> list[str]:
    """The folders outside k8s/ that kustomize reads files from."""
    return [
        "dashboards",
        *sorted(path.relative_to(root).as_posix() for path in root.glob("otel/*") if path.is_dir()),
    ]


def files_of(root: Path, folder: str) -> set[str]:
    """What lies in a folder, from the repository's root."""
    return {f"{folder}/{name}" for name in files_below(root / folder) if name != "kustomization.yaml"}
