"""docker-compose.yml: that everything it names is there, and nothing is open or unbounded that should not be."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from . import configurations, dockerfile, environment
from .configurations import laid_over, listening
from .container import PROBE_PATHS, Container, address, unpinned
from .dockerfile import stages
from .files import Findings, Tree, Unreadable, files_below, read, read_yaml
from .kustomize import PLACEHOLDER
from .pods import drain_problem, seconds

FILE = "docker-compose.yml"
# Where the variables are told that a reader may set.
EXAMPLE = ".env.example"

# What may be reached from the machine itself: the shop and pages for people. All else is between containers.
PUBLISHED: dict[str, set[int]] = {
    "gateway": {8000},
    "console": {8005},
    "grafana": {3000},
    "jaeger": {16686},
    "prometheus": {9090},
    "alertmanager": {9093},
}

# Which service is excused from which rule, and why. The rule is the word its finding begins with.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("otel-collector", "healthcheck"): "its image has no shell and no program that could ask",
    ("jaeger", "healthcheck"): "its image has no shell and no program that could ask",
    ("loki", "healthcheck"): "its image has no shell and no program that could ask",
}

# Seconds compose gives a container to end where the file does not say.
GRACE_DEFAULT = 10.0


class Project:
    """The file with its variables filled in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.variables = example_variables(read(root, EXAMPLE))
        self.unset: list[str] = []
        self.tree: Tree = self._filled(read_yaml(root, FILE))
        self.services: dict[str, Tree] = {
            name: self._extended(one or {}) for name, one in (self.tree.get("services") or {}).items()
        }
        self.containers = {name: self._container(name, one) for name, one in self.services.items()}
        self.listened = {name: _listened(one) for name, one in self.containers.items()}

    def _filled(self, tree: Any) -> Any:
        if isinstance(tree, dict):
            return {key: self._filled(value) for key, value in tree.items()}
        if isinstance(tree, list):
            return [self._filled(value) for value in tree]
        return VARIABLE.sub(self._value, tree) if isinstance(tree, str) else tree

    def _value(self, match: re.Match[str]) -> str:
        """$$, ${NAME}, ${NAME:-default}, ${NAME:?what to say}, $NAME as compose takes them."""
        if match[0] == "$$":
            return "$"
        name, operator, operand = match["name"] or match["bare"], match["operator"] or "", match["operand"]
        if operator.endswith("-"):
            return self.variables.get(name) or operand
        if name not in self.variables:
            self.unset.append(name)
        if operator.endswith("+"):
            return operand if self.variables.get(name) else ""
        # What a reader must set is there only in a reader's own file.
        return self.variables.get(name) or (PLACEHOLDER if operator.endswith("?") else "")

    def _extended(self, service: Tree) -> Tree:
        """With what it takes over from another service of the file."""
        other = service.get("extends")
        name = other.get("service") if isinstance(other, dict) else other
        if name is None:
            return service
        below = dict(self.tree["services"].get(name) or {})
        return laid_over({key: value for key, value in below.items() if key != "depends_on"}, service)

    def _container(self, name: str, service: Tree) -> Container:
        arguments = [*words(service.get("entrypoint")), *words(service.get("command"))]
        return Container(
            where=f"{FILE}: {name}",
            workload=name,
            image=service.get("image") or "vitrine:built",
            arguments=tuple(arguments),
            environment=self._environment(service),
            files=self._files(service),
            writable=frozenset(mount["target"] for mount in mounts(service) if not mount.get("read_only"))
            | {path.partition(":")[0] for path in listed(service.get("tmpfs"))},
            init=self.ends(name),
        )

    def _environment(self, service: Tree) -> dict[str, str]:
        variables: dict[str, str] = {}
        for entry in listed(service.get("env_file")):
            path = self.root / (entry["path"] if isinstance(entry, dict) else entry)
            if path.is_file():
                variables |= dict(
                    line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and line[0] != "#"
                )
        own = service.get("environment") or {}
        pairs = own.items() if isinstance(own, dict) else [entry.partition("=")[::2] for entry in own]
        return variables | {name: _spelled(value) for name, value in pairs}

    def _files(self, service: Tree) -> dict[str, str]:
        found: dict[str, str] = {}
        for mount in mounts(service):
            path = self.root / str(mount.get("source"))
            if mount["type"] == "bind" and path.is_file():
                found[mount["target"]] = path.read_text(encoding="utf-8")
            elif mount["type"] == "bind" and path.is_dir():
                folder = mount["target"].rstrip("/")
                found |= {f"{folder}/{name}": (path / name).read_text(encoding="utf-8") for name in files_below(path)}
        return found

    def ends(self, name: str) -> bool:
        """Whether a service does something and ends: the others wait for its success, not for its health."""
        service = self.services[name]
        verb = next(iter(words(service.get("command"))), "")
        return verb in ("migrate", "seed") or _spelled(service.get("restart")) in ("no", "false")

    def check_variables(self) -> Findings:
        for name in dict.fromkeys(self.unset):
            yield f"{FILE}: {name} has no default, and {EXAMPLE} does not tell of it"


VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?:(?P<operator>:?[-+?])(?P<operand>[^}]*))?\}|\$(?P<bare>[A-Za-z_]\w*)")


def example_variables(text: str) -> dict[str, str]:
    """Names and values of .env.example; what is commented out there has no value until a reader gives it one."""
    found: dict[str, str] = {}
    for comment, name, value in re.findall(r"^(#?)([A-Z][A-Z0-9_]*)=(.*)$", text, flags=re.MULTILINE):
        found[name] = "" if comment else value
    return found


def _listened(container: Container) -> set[int]:
    """Nothing where its configuration cannot be read, which is told by itself."""
    try:
        return listening(container)
    except Unreadable:
        return set()


def listed(value: Any) -> list[Any]:
    """What may be written as a list or as its only entry."""
    return value if isinstance(value, list) else [] if value is None else [value]


def words(command: Any) -> list[str]:
    """A command as compose splits it."""
    if command is None:
        return []
    return shlex.split(command) if isinstance(command, str) else [str(word) for word in command]


def _spelled(value: Any) -> str:
    """A scalar as compose hands it on."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def mounts(service: Tree) -> list[Tree]:
    """Mounts in the long form: type, source, target, read_only."""
    found: list[Tree] = []
    for mount in service.get("volumes") or []:
        if isinstance(mount, dict):
            found.append(mount)
            continue
        source, _, rest = mount.partition(":")
        target, _, mode = rest.partition(":")
        kind = "bind" if source.startswith((".", "/", "~")) else "volume"
        found.append({"type": kind, "source": source, "target": target, "read_only": "ro" in mode.split(",")})
    return found


def check(root: Path, vitrine: str | None) -> Findings:
    """All of it."""
    project = Project(root)
    yield from project.check_variables()
    network = ComposeNetwork(project)
    for name, service in project.services.items():
        for part in SERVICE_CHECKS:
            for problem in part(project, name, service):
                yield f"{FILE}: {name}: {problem}"
        container = project.containers[name]
        yield from configurations.check(container, network)
        yield from environment.check(container)
    yield from _declared(project)
    yield from _published_once(project)
    yield from _pages(project)
    yield from _shared_volumes(project)
    yield from _exceptions(project)
    yield from environment.check_shared(project.containers.values())
    if vitrine is not None:
        yield from environment.check_values([*project.containers.values(), _image_alone(root)], vitrine)


def _image_alone(root: Path) -> Container:
    """The image's own environment, which every container begins with, as the gateway would read it."""
    variables = {"INTERNAL_AUTH_TOKEN": PLACEHOLDER} | dockerfile.environment(stages(read(root, dockerfile.FILE)))
    return Container(dockerfile.FILE, "gateway", "vitrine:built", ("serve", "gateway"), variables, {})


def _excused(name: str, rule: str) -> bool:
    return (name, rule) in EXCEPTIONS


def _exceptions(project: Project) -> Findings:
    """An excuse that nobody needs any more hides what comes next."""
    for name, rule in EXCEPTIONS:
        if name not in project.services:
            yield f"{FILE}: EXCEPTIONS excuses {name} from {rule}, but there is no such service"
        elif rule == "healthcheck" and "healthcheck" in project.services[name]:
            yield f"{FILE}: EXCEPTIONS excuses {name} from {rule}, but it has one"


def _mounts(project: Project, name: str, service: Tree) -> Findings:
    for mount in mounts(service):
        if mount["type"] != "bind":
            continue
        path = (project.root / mount["source"]).resolve()
        if not path.is_relative_to(project.root.resolve()):
            yield f"mounts {mount['source']}, which is outside the repository"
        elif not path.exists():
            yield f"mounts {mount['source']}, which is not in the repository"
        if not mount.get("read_only"):
            yield f"mounts {mount['source']} not read-only"


def _depends(project: Project, name: str, service: Tree) -> Findings:
    wanted = service.get("depends_on") or {}
    for other, how in (wanted if isinstance(wanted, dict) else dict.fromkeys(wanted, {})).items():
        condition = (how or {}).get("condition", "service_started")
        if other not in project.services:
            yield f"depends on {other}, which does not exist"
            continue
        if project.ends(other):
            right = "service_completed_successfully"
        else:
            right = "service_healthy" if _has_healthcheck(project.services[other]) else "service_started"
        if condition != right:
            yield f"depends on {other} with {condition}, not {right}"
        # Where a service is started of a profile, what it depends on must be too.
        own, others = set(service.get("profiles") or []), set(project.services[other].get("profiles") or [])
        if others and not (own and own <= others) and (how or {}).get("required", True):
            yield f"depends on {other}, which only starts with the profile {', '.join(sorted(others))}"


def _has_healthcheck(service: Tree) -> bool:
    check = service.get("healthcheck") or {}
    return bool(check.get("test")) and not check.get("disable")


def _built(project: Project) -> dict[str | None, str]:
    """The images that services build, with the first service that does."""
    built: dict[str | None, str] = {}
    for name, service in project.services.items():
        if service.get("build") is not None:
            built.setdefault(service.get("image"), name)
    return built


def _image(project: Project, name: str, service: Tree) -> Findings:
    build = service.get("build")
    if build is None and not service.get("image"):
        yield "has neither an image nor how to build one"
    if service.get("image") and (problem := unpinned(service["image"])):
        yield problem
    if build is None:
        if project.containers[name].program == "vitrine" and service.get("image") not in _built(project):
            yield "is of our own image, and nobody says how it is built"
        return
    if _built(project)[service.get("image")] != name:
        yield f"builds {service.get('image')}, as another service does: at once they get into one another's way"
    context = Path(build if isinstance(build, str) else build.get("context", "."))
    file = context / ("Dockerfile" if isinstance(build, str) else build.get("dockerfile", "Dockerfile"))
    target = None if isinstance(build, str) else build.get("target")
    known = {stage.name for stage in stages(read(project.root, file.as_posix()))}
    if target is not None and target not in known:
        yield f"builds the stage {target}, which {file} has not"


def _ports(project: Project, name: str, service: Tree) -> Findings:
    for port in published(service):
        if port["host"] != "127.0.0.1":
            yield f"publishes {port['target']} on {port['host'] or 'every address'}, not on 127.0.0.1 alone"
        if name not in PUBLISHED:
            yield f"publishes {port['target']}, but only the gateway and pages for people are (PUBLISHED)"
        elif port["target"] not in PUBLISHED[name]:
            yield f"publishes {port['target']}, which is not its page (PUBLISHED)"
        elif port["target"] not in project.listened[name]:
            yield f"publishes {port['target']}, where nothing listens"


def _pages(project: Project) -> Findings:
    for name, targets in PUBLISHED.items():
        there = {port["target"] for port in published(project.services.get(name, {}))}
        for port in sorted(targets - there):
            yield f"{FILE}: {name}: does not publish {port} (PUBLISHED)"


def _shared_volumes(project: Project) -> Findings:
    """A database has one writing process: of two services on one volume, one waits for the other's end."""
    for volume in sorted(project.tree.get("volumes") or {}):
        users = [name for name, one in project.services.items() if volume in {mount["source"] for mount in mounts(one)}]
        for first in users:
            for second in users:
                if first < second and not _waits(project, first, second) and not _waits(project, second, first):
                    yield f"{FILE}: {first} and {second} both write to the volume {volume}, and neither waits"


def _waits(project: Project, later: str, earlier: str) -> bool:
    wanted = project.services[later].get("depends_on") or {}
    how = (wanted.get(earlier) if isinstance(wanted, dict) else None) or {}
    return how.get("condition") == "service_completed_successfully"


def published(service: Tree) -> list[Tree]:
    """Published ports: address and port of the machine, port in the container."""
    found: list[Tree] = []
    for port in service.get("ports") or []:
        if isinstance(port, dict):
            host, outer, target = port.get("host_ip", ""), port.get("published", ""), port["target"]
        else:
            parts = str(port).partition("/")[0].rsplit(":", 2)
            host, outer, target = (["", "", *parts])[-3:]
        found.append({"host": host, "published": str(outer), "target": int(target)})
    return found


def _published_once(project: Project) -> Findings:
    seen: dict[str, str] = {}
    for name, service in project.services.items():
        for port in published(service):
            number = port["published"]
            if number in seen:
                yield f"{FILE}: {name}: publishes {number}, which {seen[number]} does too"
            seen[number] = name


def _bounds(project: Project, name: str, service: Tree) -> Findings:
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    if not limits.get("memory") and not service.get("mem_limit"):
        yield "has no limit of memory"
    if not limits.get("cpus") and not service.get("cpus"):
        yield "has no limit of cpus"
    if "restart" not in service:
        yield "does not say whether it is restarted"
    elif not project.ends(name) and service["restart"] not in ("unless-stopped", "always"):
        yield f"is restarted {service['restart']}"
    elif project.ends(name) and _spelled(service["restart"]) not in ("no", "false", "on-failure"):
        yield f"ends by itself, and is restarted {service['restart']}"
    if project.containers[name].program == "vitrine" and not project.ends(name):
        grace = seconds(service["stop_grace_period"]) if "stop_grace_period" in service else GRACE_DEFAULT
        if problem := drain_problem(project.containers[name].environment, grace):
            yield problem


def _security(project: Project, name: str, service: Tree) -> Findings:
    if service.get("read_only") is not True and not _excused(name, "read_only"):
        yield "read_only is not true"
    if "ALL" not in (service.get("cap_drop") or []) and not _excused(name, "cap_drop"):
        yield "cap_drop is not ALL"
    options = {str(option).replace(" ", "") for option in service.get("security_opt") or []}
    if not options & {"no-new-privileges", "no-new-privileges:true"} and not _excused(name, "security_opt"):
        yield "security_opt has no no-new-privileges"
    for option in options - {"no-new-privileges", "no-new-privileges:true"}:
        yield f"security_opt has {option}"
    for capability in service.get("cap_add") or []:
        yield f"cap_add has {capability}"
    for key in ("privileged", "devices", "network_mode", "pid", "ipc", "userns_mode"):
        if service.get(key):
            yield f"{key} is set"
    user = _spelled(service.get("user", "1"))
    if user.partition(":")[0] in ("0", "root"):
        yield "user is root"


def _health(project: Project, name: str, service: Tree) -> Findings:
    if not _has_healthcheck(service):
        if not project.ends(name) and not _excused(name, "healthcheck"):
            yield "healthcheck is missing"
        return
    test = service["healthcheck"]["test"]
    container = project.containers[name]
    asks_itself = not isinstance(test, str) and test[-1:] == ["healthcheck"]
    if asks_itself and container.operands[:1] != ("serve",):
        yield "healthcheck names no address, which only a container that serves a role can do without"
    for word in [test] if isinstance(test, str) else test:
        for url in re.findall(r"https?://\S+", str(word)):
            found = address(url)
            path = "/" + url.partition("://")[2].partition("/")[2].rstrip("\"';)")
            if found is None or found[1] not in project.listened[name]:
                yield f"healthcheck asks {url}, where nothing of it listens"
            if path not in PROBE_PATHS.get(container.program, set()):
                yield f"healthcheck asks {path}, which {container.program} does not answer"


def _keys(project: Project, name: str, service: Tree) -> Findings:
    """A key that compose does not know stops it; one that is misspelled says nothing else."""
    for key in service:
        if key not in SERVICE_KEYS and not key.startswith("x-"):
            yield f"has the key {key}, which this checker does not know (SERVICE_KEYS)"


SERVICE_KEYS = {
    *("build", "cap_add", "cap_drop", "command", "container_name", "cpus", "depends_on", "deploy", "entrypoint"),
    *("env_file", "environment", "expose", "extends", "healthcheck", "hostname", "image", "init", "labels", "logging"),
    *("mem_limit", "memswap_limit", "networks", "pids_limit", "platform", "ports", "privileged", "profiles"),
    *("pull_policy", "read_only", "restart", "security_opt", "shm_size", "stop_grace_period", "stop_signal", "tmpfs"),
    *("ulimits", "user", "volumes", "working_dir", "mem_reservation", "dns", "extra_hosts", "network_mode", "pid"),
}

SERVICE_CHECKS: list[Callable[[Project, str, Tree], Iterator[str]]] = [
    *(_keys, _mounts, _depends, _image, _ports, _bounds, _security, _health),
]


def networks_of(service: Tree) -> set[str]:
    """The networks a service is in."""
    return set(service.get("networks") or ["default"])


def _declared(project: Project) -> Findings:
    """Volumes and networks: each declared and used."""
    for key, used in (
        ("volumes", {m["source"] for one in project.services.values() for m in mounts(one) if m["type"] == "volume"}),
        ("networks", {name for one in project.services.values() for name in networks_of(one)}),
    ):
        declared = set(project.tree.get(key) or {}) | ({"default"} if key == "networks" else set())
        for name in sorted(used - declared):
            yield f"{FILE}: {key[:-1]} {name} is used, but not declared"
        for name in sorted(declared - used - {"default"}):
            yield f"{FILE}: {key[:-1]} {name} is declared, but not used"


class ComposeNetwork:
    """What answers at which name between containers, and to whom."""

    def __init__(self, project: Project) -> None:
        self._services = project.services
        self._ports = project.listened

    def problem(self, host: str, port: int) -> str | None:
        """Why nobody answers at this address, or nothing."""
        if host not in self._services:
            return f"{host}:{port} is no service"
        return None if port in self._ports[host] else f"{host} does not listen on {port}"

    def arrow_problem(self, caller: str, host: str, port: int) -> str | None:
        """Why this caller cannot reach it, or nothing."""
        if networks_of(self._services[caller]) & networks_of(self._services[host]):
            return None
        return f"{caller} and {host} share no network"
