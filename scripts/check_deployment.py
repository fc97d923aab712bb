#!/usr/bin/env python3
"""Checks whether what deploys Vitrine fits together, without a cluster or a container engine.

    scripts/check_deployment.py all           everything below, and the workflows of .github
    scripts/check_deployment.py compose       docker-compose.yml and the Dockerfile
    scripts/check_deployment.py kubernetes    k8s/, with the files of otel/ and dashboards/ that it mounts
    scripts/check_deployment.py arrows        prints which service may call which in Kubernetes, and checks nothing

A finding is one line, `file or object: what is wrong`; in brackets behind it the builds of k8s/ that have it. Exit
status 1 if there is any, 2 if the check could not be made. With --vitrine each container's environment is shown to
`vitrine doctor` as well.

Needs PyYAML and kubectl (for `kubectl kustomize` alone). What it takes for granted about images that are not ours, it
says in tables: scripts/deployment/container.py, environment.py and compose.py.
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable

try:
    import yaml  # noqa: F401
except ImportError:
    sys.exit("check_deployment.py: PyYAML is missing; apt-get install python3-yaml, or pip install pyyaml")

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from deployment import compose, configurations, discovery, dockerfile, environment, network, pods, references, workflow
from deployment.files import Findings, Unreadable
from deployment.kustomize import Build, build_all


def check_build(root: pathlib.Path, build: Build, vitrine: str | None) -> Findings:
    """Everything about one build."""
    cluster = network.ClusterNetwork(build)
    for part in (references, pods, network):
        yield from part.check(build)
    yield from discovery.check_ports(build)
    yield from discovery.check_jobs(build)
    yield from discovery.check_operator(root, build)
    for container in build.containers:
        yield from configurations.check(container, cluster)
        yield from environment.check(container)
    yield from environment.check_shared(build.containers)
    if vitrine is not None:
        yield from environment.check_values(build.containers, vitrine)


def check_kubernetes(root: pathlib.Path, builds: Iterable[Build], vitrine: str | None) -> Findings:
    """All builds; what several have is told once."""
    yield from discovery.check_lists(root)
    seen: dict[str, list[str]] = {}
    for build in builds:
        if build.complaints:
            yield f"{build.name}: kustomize: {' '.join(build.complaints.split())}"
        if build.objects:
            for finding in dict.fromkeys(check_build(root, build, vitrine)):
                seen.setdefault(finding, []).append(build.name)
    for finding, names in seen.items():
        yield f"{finding} [{', '.join(names)}]"


def check_compose(root: pathlib.Path, vitrine: str | None) -> Findings:
    """docker-compose.yml, and the image it builds."""
    yield from dockerfile.check(root)
    yield from compose.check(root, vitrine)


def readable(check: Callable[[], Findings]) -> Findings:
    """The findings of a check, to which a file that cannot be read is one more."""
    try:
        yield from check()
    except Unreadable as error:
        yield str(error)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # A list where a map belongs, or a field that is missing: told as well as it can be.
        last = traceback.extract_tb(error.__traceback__)[-1]
        yield f"{last.name} in {pathlib.Path(last.filename).name}: met what it does not expect: {error!r}"


def findings(what: str, root: pathlib.Path, kubectl: str, vitrine: str | None) -> Findings:
    """What is wrong, in an order that stays the same."""
    if what in ("all", "kubernetes"):
        yield from readable(lambda: check_kubernetes(root, build_all(root, kubectl), vitrine))
    if what in ("all", "compose"):
        yield from readable(lambda: check_compose(root, vitrine))
    if what == "all":
        yield from readable(lambda: workflow.check(root))


def default_kubectl() -> str:
    """That of the virtual environment this runs in, whose version is pinned, or else the one on the PATH."""
    beside = pathlib.Path(sys.executable).parent / "kubectl"
    return str(beside) if beside.exists() else "kubectl"


def main(arguments: list[str]) -> int:
    """The command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Checks whether what deploys Vitrine fits together.")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--kubectl", default=default_kubectl(), help="kubectl, 1.27 or later (%(default)s)")
    parser.add_argument("--vitrine", help="the built program; without it no environment is judged by it")
    parser.add_argument("what", choices=["all", "compose", "kubernetes", "arrows"])
    options = parser.parse_args(arguments)
    for name in filter(None, [options.kubectl if options.what != "compose" else None, options.vitrine]):
        if shutil.which(name) is None:
            print(f"check_deployment.py: {name} is not there, or not to be run", file=sys.stderr)
            return 2
    if options.what == "arrows":
        builds = build_all(options.root, options.kubectl)
        print("\n".join(network.traffic_arrows(builds)))
        return 0
    found = list(findings(options.what, options.root, options.kubectl, options.vitrine))
    for finding in found:
        print(finding)
    if options.vitrine is None:
        print("check_deployment.py: no --vitrine: no environment was judged by `vitrine doctor`", file=sys.stderr)
    if not found:
        print(f"check_deployment.py: {options.what}: fine", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
