"""What each container of ours finds in its environment, judged by the program that will read it."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from .configurations import option_values, variables_named
from .container import VERBS, Container
from .files import Findings
from .kustomize import PLACEHOLDER

# What `vitrine doctor` judges by itself.
JUDGED = ("VITRINE_", "OTEL_", "INTERNAL_")

# Other names that mean something, and to whom. By program: what is known to one says nothing to another.
KNOWN: dict[str, dict[str, str]] = {
    "vitrine": {
        "K8S_CLUSTER_NAME": "attributes of its telemetry",
        "K8S_NAMESPACE_NAME": "attributes of its telemetry",
        "K8S_NODE_NAME": "attributes of its telemetry",
        "K8S_POD_NAME": "attributes of its telemetry",
        "K8S_POD_UID": "attributes of its telemetry",
        "K8S_CONTAINER_NAME": "attributes of its telemetry",
        "K8S_DEPLOYMENT_NAME": "attributes of its telemetry",
    },
    "opentelemetry-collector-contrib": {"GOMEMLIMIT": "Go's soft limit of memory"},
    "jaeger": {"GOMEMLIMIT": "Go's soft limit of memory"},
    "prometheus": {"GOMEMLIMIT": "Go's soft limit of memory"},
    "alertmanager": {"GOMEMLIMIT": "Go's soft limit of memory"},
    "loki": {"GOMEMLIMIT": "Go's soft limit of memory"},
    "grafana": {
        "GF_SECURITY_ADMIN_PASSWORD": "the administrator's password",
        "GF_SECURITY_ADMIN_USER": "the administrator's name",
        "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH": "the first page",
        "GF_PLUGINS_PREINSTALL_DISABLED": "nothing is fetched at the start",
        "GF_ANALYTICS_REPORTING_ENABLED": "nothing is told to its makers",
        "GF_ANALYTICS_CHECK_FOR_UPDATES": "nothing is asked of its makers",
        "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "nothing is asked of its makers",
        "GF_NEWS_NEWS_FEED_ENABLED": "nothing is asked of its makers",
        "GF_USERS_ALLOW_SIGN_UP": "nobody makes an account for themselves",
        "GF_AUTH_ANONYMOUS_ENABLED": "whether pages open without a login",
        "GF_AUTH_ANONYMOUS_ORG_ROLE": "what may be done without a login",
        "GF_SERVER_ROOT_URL": "where its pages are, as browsers see it",
        "GF_SERVER_HTTP_PORT": "where it listens",
        "GF_LOG_LEVEL": "how much it logs",
    },
}


# Where programs write: settings, options, or folders that are always theirs. The image sets VITRINE_DATA to /data.
WRITTEN_SETTINGS = {"vitrine": ("VITRINE_DATA", "VITRINE_CONSOLE_DATA")}
WRITTEN_OPTIONS = {"prometheus": "storage.tsdb.path", "alertmanager": "storage.path"}
WRITTEN_FOLDERS = {"loki": "/loki", "grafana": "/var/lib/grafana"}


def check_needed(container: Container) -> Findings:
    """What is missing that no program complains of at its start."""
    if container.program == "vitrine" and not VERBS & set(container.operands[:1]):
        yield f"{container.where}: is told to do nothing that vitrine does: {' '.join(container.operands) or 'no word'}"
    if container.operands[:1] == ("load",) and not option_values(container.arguments, "url"):
        yield f"{container.where}: no --url names the gateway, and the default leads to the container itself"
    for name in container.needed:
        if not container.environment.get(name):
            yield f"{container.where}: {name} is not set, and its default leads to the container itself"


def check_writable(container: Container) -> Findings:
    """Root file systems are read only: a folder that is written to must be mounted."""
    settings = WRITTEN_SETTINGS.get(container.program, ()) if container.role else ()
    folders = [container.environment[name] for name in settings if container.environment.get(name)]
    folders += option_values(container.arguments, WRITTEN_OPTIONS.get(container.program, ""))
    folders += [WRITTEN_FOLDERS[container.program]] if container.program in WRITTEN_FOLDERS else []
    for folder in folders:
        if not any(PurePosixPath(folder).is_relative_to(mounted) for mounted in container.writable):
            yield f"{container.where}: writes to {folder}, where nothing is mounted that can be written to"


def check_shared(containers: Iterable[Container]) -> Findings:
    """A secret that two sides must both have."""
    named = [one for one in containers if one.environment.get("INTERNAL_AUTH_TOKEN")]
    for one in named[1:]:
        if one.environment["INTERNAL_AUTH_TOKEN"] != named[0].environment["INTERNAL_AUTH_TOKEN"]:
            yield f"{one.where}: its INTERNAL_AUTH_TOKEN is not that of {named[0].where}"


def check(container: Container) -> Findings:
    """Everything but what the program itself is asked."""
    yield from check_names(container)
    yield from check_needed(container)
    yield from check_writable(container)


def check_names(container: Container) -> Findings:
    """A name that nobody reads is a misspelled one."""
    known = KNOWN.get(container.program, {}).keys() | variables_named(container)
    for name in sorted(container.environment):
        judged = container.program == "vitrine" and name.startswith(JUDGED)
        if not judged and name not in known:
            yield f"{container.where}: nobody is known to read {name}"


def check_values(containers: Iterable[Container], vitrine: str) -> Findings:
    """What `vitrine doctor` says of each container's environment for its role.

    Settings are shared: that one role does not read what another does is how it should be. That no container which
    is given a name reads it is not.
    """
    carriers: dict[str, list[str]] = {}
    unread: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(prefix="vitrine-environment-") as scratch:
        for container in containers:
            if container.role is None:
                continue
            for name in container.environment:
                carriers.setdefault(name, []).append(container.where)
            for failure in _doctor(container, vitrine, Path(scratch) / "environment"):
                if match := re.match(r"(\w+): nobody reads it", failure):
                    unread.setdefault(match[1], []).append(container.where)
                else:
                    yield f"{container.where}: doctor: {failure}"
    for name, places in sorted(unread.items()):
        if places == carriers.get(name):
            yield f"{places[0]}: doctor: {name} is read by no container that has it"


def _doctor(container: Container, vitrine: str, file: Path) -> list[str]:
    """Its complaints about one environment."""
    variables = dict(container.environment)
    if container.operands[0] != "serve":
        # What prepares a database calls nobody and so has no secret to show; doctor judges a role that serves.
        variables.setdefault("INTERNAL_AUTH_TOKEN", PLACEHOLDER)
    broken = sorted(name for name, value in variables.items() if "\n" in value)
    lines = [f"{name}={value}" for name, value in sorted(variables.items()) if name not in broken]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [vitrine, "doctor", "--env-file", str(file), "--role", container.role or ""]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        return [f"{vitrine} cannot be run: {error.strerror}"]
    failures = [line.removeprefix("FAIL").strip() for line in done.stdout.splitlines() if line.startswith("FAIL")]
    if done.returncode != 0 and not failures:
        failures = [" ".join((done.stderr or done.stdout).split()) or f"exit status {done.returncode}"]
    return [f"the value of {name} has several lines" for name in broken] + failures
