"""GitHub's workflows: that they call targets that exist, and actions that stay what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .container import unpinned
from .files import Findings, Tree, read, read_yaml


def check(root: Path) -> Findings:
    """All workflows."""
    targets = make_targets(read(root, "Makefile"))
    found = sorted([*root.glob(".github/workflows/*.yml"), *root.glob(".github/workflows/*.yaml")])
    if not found:
        yield ".github/workflows: there is none"
    for path in found:
        name = path.relative_to(root).as_posix()
        for job_name, job in (read_yaml(root, name).get("jobs") or {}).items():
            for problem in _job(job, targets):
                yield f"{name}: job {job_name}: {problem}"


def _job(job: Tree, targets: set[str]) -> Findings:
    for image in _images(job):
        if problem := unpinned(image):
            yield problem
    actions = [step["uses"] for step in job.get("steps") or [] if "uses" in step]
    for action in actions + ([job["uses"]] if "uses" in job else []):
        if not action.startswith("./") and not re.search(r"@(v?\d[\w.]*|[0-9a-f]{40})$", action):
            yield f"the action {action} is pinned by no version"
    for step in job.get("steps") or []:
        for target in targets_called(step.get("run", "")):
            if target not in targets:
                yield f"calls make {target}, which the Makefile has not"


def _images(job: Tree) -> Iterator[str]:
    """Images of containers that steps run in or beside, and of actions that are images."""
    containers: list[Any] = [job.get("container"), *(job.get("services") or {}).values()]
    for container in filter(None, containers):
        image = container if isinstance(container, str) else container["image"]
        if "${{" not in image:
            yield image


def targets_called(script: str) -> list[str]:
    """Targets of each make in a shell script: words that are neither options nor assignments, up to an operator.

    What apt-get installs is called make too, but at the end of its list, where nothing follows it.
    """
    found: list[str] = []
    for line in script.replace("\\\n", " ").splitlines():
        for command in re.findall(r"(?:^|[;&|(]|\s)make\s+([^;&|#)]*)", line.partition(" #")[0]):
            found += [word for word in command.split() if re.fullmatch(r"[a-z][\w.-]*", word)]
    return found


def make_targets(makefile: str) -> set[str]:
    """Targets of the Makefile, with those that a list of names makes: $(SERVICES:%=test-%)."""
    variables = dict(re.findall(r"^(\w+)\s*[:?]?=\s*(.*)$", makefile, flags=re.MULTILINE))
    found: set[str] = set()
    for line in makefile.splitlines():
        match = re.match(r"^([^\s#:=][^:=#]*(?:\$\([^)]*\)[^:=#]*)*):(?!=)", _expand(line, variables))
        if match:
            found |= {name for name in match[1].split() if not name.startswith(".")}
    return found


def _expand(line: str, variables: dict[str, str]) -> str:
    def substituted(match: re.Match[str]) -> str:
        before, after = match[3].split("%", 1)
        return " ".join(f"{before}{word}{after}" for word in variables.get(match[1], "").split())

    return re.sub(r"\$\((\w+):(%)=([^)]*)\)", substituted, line)
