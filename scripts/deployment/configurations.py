"""The configurations of otel/ as they are mounted: that their parts fit, and lead to something that answers."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from .container import OWN_ADDRESSES, ROLE_PORTS, Container, Network, address, address_problem, addresses_in
from .files import Findings, Tree, Unreadable, parse_yaml

# The option that names a program's configuration, and the file its image reads without any argument (none: it has one
# built in). With arguments, but not this one, a program looks where nothing is.
CONFIG_OPTIONS: dict[str, tuple[str, str | None]] = {
    "prometheus": ("config.file", "/etc/prometheus/prometheus.yml"),
    "alertmanager": ("config.file", "/etc/alertmanager/alertmanager.yml"),
    "loki": ("config.file", "/etc/loki/local-config.yaml"),
    "jaeger": ("config", None),
    "opentelemetry-collector-contrib": ("config", "/etc/otelcol-contrib/config.yaml"),
}

# Where programs listen whose configuration does not say so.
DEFAULT_PORTS = {"prometheus": {9090}, "alertmanager": {9093}, "grafana": {3000}}

# Grafana's own data sources, which nobody provisions.
BUILT_IN_DATA_SOURCES = {"-- Grafana --", "-- Mixed --", "-- Dashboard --", "grafana"}

# Where Grafana looks for what is provisioned.
PROVISIONING = "/etc/grafana/provisioning"


def check(container: Container, network: Network) -> Findings:
    """Everything that is mounted into one container."""
    checks = {
        "prometheus": _prometheus,
        "alertmanager": _alertmanager,
        "grafana": _grafana,
        "jaeger": _collector,
        "opentelemetry-collector-contrib": _collector,
    }
    try:
        yield from _configured(container)
        if container.program in checks:
            yield from checks[container.program](container, network)
        yield from _settings(container, network)
    except Unreadable as error:
        yield str(error)


def option_values(arguments: tuple[str, ...], name: str) -> list[str]:
    """Values of an option, however it is spelled: --name=value, -name=value, --name value."""
    found: list[str] = []
    for index, argument in enumerate(arguments):
        option, equals, value = argument.lstrip("-").partition("=")
        if argument.startswith("-") and option == name:
            found.append(value if equals else next(iter(arguments[index + 1 :]), ""))
    return found


def configuration_paths(container: Container) -> list[str]:
    """The files a program reads its configuration from."""
    option, default = CONFIG_OPTIONS.get(container.program, ("", None))
    if not option:
        return []
    if container.arguments or default is None:
        return option_values(container.arguments, option)
    return [default]


def configuration(container: Container) -> Tree:
    """All of a program's configuration, files laid over one another; what is not mounted is told elsewhere."""
    whole: Any = {}
    for path in configuration_paths(container):
        if path in container.files:
            whole = laid_over(whole, parse_yaml(container.files[path], f"{container.where}: {path}"))
    return whole or {}


def laid_over(below: Any, above: Any) -> Any:
    """As the collector merges its files: maps are merged, all else is replaced, lists too."""
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: laid_over(below.get(key), value) for key, value in above.items()}
    return above


def _configured(container: Container) -> Findings:
    if container.program in CONFIG_OPTIONS and not configuration_paths(container):
        yield f"{container.where}: no --{CONFIG_OPTIONS[container.program][0]} names its configuration"
    for path in configuration_paths(container):
        if path not in container.files:
            yield f"{container.where}: reads {path}, which is not mounted"


def expanded(text: str, environment: dict[str, str]) -> str | None:
    """A value of the collector's with ${env:NAME:-default} filled in; nothing where there is nothing to fill in."""
    missing: list[str] = []

    def fill(match: re.Match[str]) -> str:
        value = environment.get(match[1]) or match[2]
        if value is None:
            missing.append(match[1])
        return value or ""

    filled = re.sub(r"\$\{env:(\w+)(?::-([^}]*))?\}", fill, text)
    return None if missing else filled


def variables_named(container: Container) -> set[str]:
    """The variables a mounted configuration reads: known by that."""
    return {name for text in container.files.values() for name in re.findall(r"\$\{env:(\w+)", text)}


def listening(container: Container) -> set[int]:
    """The ports at which something in a container can be called from outside it."""
    if container.program == "vitrine":
        return _listening_roles(container)
    if container.program in DEFAULT_PORTS:
        port = container.environment.get("GF_SERVER_HTTP_PORT")
        found = [address(value) for value in option_values(container.arguments, "web.listen-address")]
        return {int(port)} if port else {one[1] for one in found if one} or DEFAULT_PORTS[container.program]
    config = configuration(container)
    server = config.get("server") or {}
    return {server[key] for key in ("http_listen_port", "grpc_listen_port") if key in server} | set(_bound(config))


def _listening_roles(container: Container) -> set[int]:
    """Ours listen on loopback unless they are told otherwise, but for VITRINE_HOST, which the image sets."""
    verb, role = (*container.operands, "", "")[:2]
    if verb == "load":
        host = "".join(option_values(container.arguments, "metrics-host")[-1:])
        return {int(port) for port in option_values(container.arguments, "metrics-port") if _is_open(host)}
    if verb != "serve" or role not in ROLE_PORTS:
        return set()
    host = container.environment.get("VITRINE_HOST") or "0.0.0.0"
    # The console has three, the others two.
    hosts = {
        "VITRINE_PORT": host,
        "VITRINE_ADMIN_PORT": host,
        "VITRINE_CONSOLE_OTLP_PORT": container.environment.get("VITRINE_CONSOLE_OTLP_HOST", ""),
    }
    ports = zip(hosts, ROLE_PORTS[role], strict=False)
    return {int(container.environment.get(name) or port) for name, port in ports if _is_open(hosts[name])}


def _is_open(host: str) -> bool:
    return host not in ("", "localhost", "::1") and not host.startswith("127.")


def _bound(tree: Any) -> Iterator[int]:
    """Ports of addresses that a collector's parts bind to: those of others are names."""
    if isinstance(tree, dict):
        if tree.get("host") in OWN_ADDRESSES and isinstance(tree.get("port"), int):
            yield tree["port"]
        found = address(tree["endpoint"]) if isinstance(tree.get("endpoint"), str) else None
        if found and found[0] in OWN_ADDRESSES:
            yield found[1]
        for value in tree.values():
            yield from _bound(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _bound(value)


# --- The collector, and Jaeger, which is one -------------------------------------------------------------------------


def _collector(container: Container, network: Network) -> Findings:
    """Each file laid over those before it must leave a whole: the first is also used alone."""
    whole: Any = {}
    for path in configuration_paths(container):
        if path not in container.files:
            continue
        whole = laid_over(whole, parse_yaml(container.files[path], f"{container.where}: {path}"))
        for problem in pipelines(whole):
            yield f"{container.where}: {path}: {problem}"
    for part, problem in _endpoints(container, network, whole, ""):
        yield f"{container.where}: {part}: {problem}"


def pipelines(config: Tree) -> Findings:
    """That pipelines are made of what is declared, and nothing is declared for nothing."""
    service = config.get("service") or {}
    kinds = ("receivers", "processors", "exporters", "connectors", "extensions")
    declared = {kind: set(config.get(kind) or {}) for kind in kinds}
    used: dict[str, set[str]] = {kind: set() for kind in kinds}
    joined: dict[str, set[str]] = {"receivers": set(), "exporters": set()}
    for name, pipeline in (service.get("pipelines") or {}).items():
        for kind in ("receivers", "exporters"):
            if not pipeline.get(kind):
                yield f"pipeline {name} has no {kind}"
        for kind in ("receivers", "processors", "exporters"):
            for part in pipeline.get(kind) or []:
                if kind in joined and part in declared["connectors"]:
                    joined[kind].add(part)
                elif part in declared[kind]:
                    used[kind].add(part)
                else:
                    yield f"pipeline {name} has {part} among its {kind}, which is not declared"
    for part in service.get("extensions") or []:
        used["extensions"].add(part)
        if part not in declared["extensions"]:
            yield f"the extension {part} is not declared"
    for kind in ("receivers", "processors", "exporters", "extensions"):
        for part in sorted(declared[kind] - used[kind]):
            yield f"{part} among the {kind} is used by nothing"
    for part in sorted(declared["connectors"]):
        if part not in joined["exporters"]:
            yield f"no pipeline sends to the connector {part}"
        if part not in joined["receivers"]:
            yield f"no pipeline takes from the connector {part}"


def _endpoints(container: Container, network: Network, tree: Any, path: str) -> Iterator[tuple[str, str]]:
    """Where each `endpoint` of a configuration leads, with its path in it."""
    if not isinstance(tree, dict):
        return
    for key, value in tree.items():
        if key == "endpoint" and isinstance(value, str):
            filled = expanded(value, container.environment)
            if filled is None:
                yield path, f"{value} has no default, and the environment does not set it"
                continue
            found = address(filled)
            if found is None:
                yield path, f"{filled} is no address with a port"
            elif problem := address_problem(network, container.workload, found, arrow=True):
                yield path, problem
        yield from _endpoints(container, network, value, f"{path}.{key}".lstrip("."))


# --- Prometheus and Alertmanager -------------------------------------------------------------------------------------


def _prometheus(container: Container, network: Network) -> Findings:
    config = configuration(container)
    for name, target in _targets(config):
        problem = address_problem(network, container.workload, address(target), arrow=True)
        if problem:
            yield f"{container.where}: {name}: {problem}"
    features = ",".join(option_values(container.arguments, "enable-feature")).split(",")
    if "exemplars" in (config.get("storage") or {}) and "exemplar-storage" not in features:
        yield f"{container.where}: keeps no exemplars without --enable-feature=exemplar-storage"
    patterns = config.get("rule_files") or []
    others = [path for path in container.files if path not in configuration_paths(container)]
    for pattern in patterns:
        if not fnmatch.filter(others, pattern):
            yield f"{container.where}: rule_files {pattern} matches nothing that is mounted"
    for path in others:
        if not any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns):
            yield f"{container.where}: no pattern of rule_files matches {path}, which is mounted"


def _targets(config: Tree) -> Iterator[tuple[str, str]]:
    """Static targets, each with what it is a target of."""
    alertmanagers = (config.get("alerting") or {}).get("alertmanagers") or []
    sources = [("alertmanagers", one) for one in alertmanagers]
    sources += [(f"job {one['job_name']}", one) for one in config.get("scrape_configs") or []]
    for name, source in sources:
        for group in source.get("static_configs") or []:
            for target in group["targets"]:
                yield name, target


def _alertmanager(container: Container, network: Network) -> Findings:
    config = configuration(container)
    receivers = {one["name"]: one for one in config.get("receivers") or []}
    for name in _routed_to(config.get("route") or {}):
        if name not in receivers:
            yield f"{container.where}: a route leads to the receiver {name}, which is not declared"
    for name, receiver in receivers.items():
        for webhook in receiver.get("webhook_configs") or []:
            problem = address_problem(network, container.workload, address(webhook["url"]), arrow=True)
            if problem:
                yield f"{container.where}: receiver {name}: {problem}"


def _routed_to(route: Tree) -> Iterator[str]:
    if "receiver" in route:
        yield route["receiver"]
    for inner in route.get("routes") or []:
        yield from _routed_to(inner)


# --- Grafana ---------------------------------------------------------------------------------------------------------


def _grafana(container: Container, network: Network) -> Findings:
    sources = _provisioned(container, "datasources")
    uids = {one.get("uid") for one in sources}
    if not sources:
        yield f"{container.where}: no data source is provisioned"
    for source in sources:
        problem = address_problem(network, container.workload, address(source["url"]), arrow=True)
        if problem:
            yield f"{container.where}: data source {source['name']}: {problem}"
        for uid in sorted(uids_named(source.get("jsonData")) - uids - BUILT_IN_DATA_SOURCES):
            yield f"{container.where}: data source {source['name']} leads to {uid}, which is not provisioned"
    yield from _dashboards(container, uids)
    home = container.environment.get("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
    if home is not None and home not in container.files:
        yield f"{container.where}: its home dashboard {home} is not mounted"


def _dashboards(container: Container, uids: set[str | None]) -> Findings:
    folders = [provider["options"]["path"] for provider in _provisioned(container, "providers")]
    if not folders:
        yield f"{container.where}: no folder of dashboards is provisioned"
    mounted = {path: text for path, text in container.files.items() if path.endswith(".json")}
    for folder in folders:
        if not any(_lies_in(path, folder) for path in mounted):
            yield f"{container.where}: dashboards are looked for in {folder}, where none is mounted"
    seen: dict[str, str] = {}
    for path, text in sorted(mounted.items()):
        if not any(_lies_in(path, folder) for folder in folders):
            yield f"{container.where}: {path} is mounted where no dashboard is looked for"
        dashboard = json.loads(text)
        for uid in sorted(uids_named(dashboard) - uids - BUILT_IN_DATA_SOURCES):
            yield f"{container.where}: {path} asks the data source {uid}, which is not provisioned"
        if dashboard.get("uid") in seen:
            yield f"{container.where}: {path} has the uid of {seen[dashboard['uid']]}"
        seen[dashboard.get("uid", path)] = path


def _lies_in(path: str, folder: str) -> bool:
    return PurePosixPath(path).is_relative_to(folder)


def _provisioned(container: Container, kind: str) -> list[Tree]:
    """Entries of all provisioning files: of data sources, or of providers of dashboards."""
    folder = f"{PROVISIONING}/{'dashboards' if kind == 'providers' else kind}/"
    found: list[Tree] = []
    for path, text in sorted(container.files.items()):
        if path.startswith(folder) and path.endswith((".yml", ".yaml")):
            found += (parse_yaml(text, f"{container.where}: {path}") or {}).get(kind) or []
    return found


def uids_named(tree: Any) -> set[str]:
    """Uids of data sources that a dashboard, or another data source, names; not those that a variable chooses."""
    found: set[str] = set()
    if isinstance(tree, dict):
        source = tree.get("datasource")
        uid = source.get("uid") if isinstance(source, dict) else source
        named = [uid, tree.get("datasourceUid")]
        found |= {one for one in named if isinstance(one, str) and not one.startswith("$")}
        for value in tree.values():
            found |= uids_named(value)
    elif isinstance(tree, list):
        for value in tree:
            found |= uids_named(value)
    return found


# --- Addresses outside files -----------------------------------------------------------------------------------------


def _settings(container: Container, network: Network) -> Findings:
    """URLs in the environment and in arguments.

    Every service is told where every other is, whether it calls it or not: only what it needs must be allowed too.
    """
    for name, value in container.environment.items():
        for found in addresses_in(value):
            problem = address_problem(network, container.workload, found, arrow=name in container.needed)
            if problem:
                yield f"{container.where}: {name}: {problem}"
    for argument in container.arguments:
        for found in addresses_in(argument):
            problem = address_problem(network, container.workload, found, arrow=True)
            if problem:
                yield f"{container.where}: argument {argument}: {problem}"
