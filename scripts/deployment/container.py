"""A container as it will run, whoever starts it: what compose and Kubernetes have in common."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit

# Addresses that lead back to the container or to the reader's own machine: no name has to resolve.
OWN_ADDRESSES = {"localhost", "127.0.0.1", "0.0.0.0", "::1", "::", "[::]", ""}

# Traffic and admin port of each role, and where the console takes telemetry; .env.example has the same defaults.
ROLE_PORTS: dict[str, tuple[int, ...]] = {
    "gateway": (8000, 9000),
    "user": (8001, 9001),
    "product": (8002, 9002),
    "cart": (8003, 9003),
    "order": (8004, 9004),
    "console": (8005, 9005, 4318),
}

# What our program is deployed to do.
VERBS = {"serve", "migrate", "seed", "load", "chaos"}

# Settings without which a role starts and does not what it is deployed for: addresses whose default is this machine,
# which in a container is the container itself. Those of telemetry are every service's.
NEEDED: dict[str, tuple[str, ...]] = {
    "gateway": ("VITRINE_USER_URL", "VITRINE_PRODUCT_URL", "VITRINE_CART_URL", "VITRINE_ORDER_URL"),
    "user": (),
    "product": ("VITRINE_USER_URL",),
    "cart": ("VITRINE_USER_URL", "VITRINE_PRODUCT_URL"),
    "order": ("VITRINE_USER_URL", "VITRINE_PRODUCT_URL", "VITRINE_CART_URL"),
    "console": (
        *("VITRINE_CONSOLE_PROMETHEUS", "VITRINE_CONSOLE_ALERTMANAGER", "VITRINE_CONSOLE_GATEWAY"),
        *("VITRINE_CONSOLE_ADMIN", "VITRINE_CONSOLE_OTLP_HOST"),
    ),
}
NEEDED_BY_SERVICES = ("OTEL_EXPORTER_OTLP_ENDPOINT",)

# The paths that tell the health of each program, by its image's last name.
PROBE_PATHS: dict[str, set[str]] = {
    "vitrine": {"/health/live", "/health/ready"},
    "prometheus": {"/-/ready", "/-/healthy"},
    "alertmanager": {"/-/ready", "/-/healthy"},
    "grafana": {"/api/health"},
    "loki": {"/ready"},
    "jaeger": {"/status"},
    "opentelemetry-collector-contrib": {"/"},
}


@dataclasses.dataclass(frozen=True)
class Container:
    """One container with everything resolved that it starts with."""

    where: str
    # The Deployment's or the compose service's name: what others call it by.
    workload: str
    image: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    # What is mounted, by its path in the container; volumes that begin empty are not here.
    files: dict[str, str]
    # Where volumes are mounted that can be written to: nothing else can.
    writable: frozenset[str] = frozenset()
    init: bool = False

    @property
    def program(self) -> str:
        """The image without registry, tag and digest: it says which configuration is read, and how."""
        return program(self.image)

    @property
    def operands(self) -> tuple[str, ...]:
        """The arguments without the program itself, which only some manifests name."""
        named = self.arguments and self.arguments[0].rpartition("/")[2] == self.program
        return self.arguments[1:] if named else self.arguments

    @property
    def role(self) -> str | None:
        """Which role's settings a container of ours reads; those that prepare a database read its owner's."""
        verb, operand = (*self.operands, "", "")[:2]
        if self.program != "vitrine":
            return None
        if verb == "serve":
            return operand
        if verb == "migrate" and operand and not operand.startswith("-"):
            return operand
        if verb in ("migrate", "seed"):
            return {"products": "product", "users": "user"}.get(operand, self._owner())
        return None

    @property
    def needed(self) -> tuple[str, ...]:
        """The settings that must be there for what it does as long as it runs."""
        if self.operands[:1] != ("serve",) or self.role not in NEEDED:
            return ()
        return NEEDED[self.role] + (() if self.role == "console" else NEEDED_BY_SERVICES)

    def _owner(self) -> str | None:
        """Of a container that names no database: compose calls it seed-product, Kubernetes puts it into product."""
        return next((role for role in ROLE_PORTS if role in self.workload.split("-")), None)


class Network(Protocol):
    """Who can be called where the containers run."""

    def problem(self, host: str, port: int) -> str | None:
        """Why nobody answers at this address, or nothing."""

    def arrow_problem(self, caller: str, host: str, port: int) -> str | None:
        """Why this caller may not call it, or nothing."""


def program(image: str) -> str:
    """The last name of an image: prom/prometheus:v3 is prometheus."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def unpinned(image: str) -> str | None:
    """What is wrong with an image that may be another one tomorrow."""
    if "@sha256:" in image:
        return None
    tag = image.rpartition("/")[2].partition(":")[2]
    if not tag:
        return f"image {image} has no tag"
    return f"image {image} is whatever is newest" if tag == "latest" else None


def address(text: str) -> tuple[str, int] | None:
    """Host and port of a URL or of host:port; nothing where there is none."""
    if "://" in text:
        try:
            parts = urlsplit(text)
            number = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        except ValueError:
            return None
        return (parts.hostname or "", number) if number else None
    host, _, port = text.rpartition(":")
    return (host, int(port)) if port.isdigit() and port != text else None


def addresses_in(text: str) -> Iterator[tuple[str, int]]:
    """The addresses of all URLs within a value such as user=http://user:9001,product=http://product:9002."""
    for url in re.findall(r"https?://[^\s,;\"']+", text):
        found = address(url)
        if found:
            yield found


def address_problem(network: Network, caller: str, found: tuple[str, int] | None, arrow: bool) -> str | None:
    """Why an address that was found in the caller's settings is of no use to it."""
    if found is None or found[0] in OWN_ADDRESSES:
        return None
    problem = network.problem(*found)
    if problem is None and arrow:
        problem = network.arrow_problem(caller, *found)
    return problem
