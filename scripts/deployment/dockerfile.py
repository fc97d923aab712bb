"""The Dockerfile: that the repository has what it is built from, and what it makes is what deployments expect."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
from pathlib import Path

from .container import ROLE_PORTS, unpinned
from .files import Findings, files_below, read

FILE = "Dockerfile"
# The stage that compiles, whose libraries are those of `make build`.
BUILD_STAGE = "build"
# Where manifests, compose and their health checks call the program.
PROGRAM = "/usr/local/bin/vitrine"
# Ports that are exposed besides those of roles, and why.
OTHER_PORTS = {"9006": "the load generator's, which deployments start with --metrics-port 9006"}
# What the result must install for each library that the build stage links against.
RUNTIME_PACKAGES = {
    "libsqlite3-dev": "libsqlite3-0",
    "libssl-dev": "libssl3",
    "libcrypt-dev": "libcrypt1",
    "zlib1g-dev": "zlib1g",
    "libnghttp2-dev": "libnghttp2-14",
}
# What must never come into an image, nor to whoever builds it elsewhere, and why.
NEVER_SENT = {
    ".env": "a reader's own secrets",
    ".git/HEAD": "history",
    ".build/release/vitrine": "what was built for another machine, by the gigabyte",
    ".vitrine/data/users.db": "the lab's data",
}
# What the build stage installs besides what scripts/install-packages.sh does, and why.
OTHER_PACKAGES: dict[str, str] = {}


@dataclasses.dataclass
class Stage:
    """One FROM and what follows."""

    name: str
    image: str
    instructions: list[tuple[str, str]]

    def all(self, instruction: str) -> list[str]:
        return [value for name, value in self.instructions if name == instruction]


def check(root: Path) -> Findings:
    """All of it."""
    found = stages(read(root, FILE))
    yield from _images(found)
    yield from _sources(root, found)
    yield from _sent(root)
    yield from _made(found)
    yield from _packages(root, found)
    if found:
        yield from _result(found)


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile, with what ARGs before them say filled in."""
    found: list[Stage] = []
    arguments: dict[str, str] = {}
    for name, value in _instructions(text):
        if name == "ARG" and not found:
            key, _, default = value.partition("=")
            arguments[key] = default.strip("\"'")
        elif name == "FROM":
            words = [word for word in value.split() if not word.startswith("--")]
            image = re.sub(r"\$\{?(\w+)\}?", lambda match: arguments.get(match[1], ""), words[0])
            alias = words[2] if len(words) > 2 and words[1].upper() == "AS" else str(len(found))
            found.append(Stage(alias, image, []))
        elif found:
            found[-1].instructions.append((name, value))
    return found


def _instructions(text: str) -> list[tuple[str, str]]:
    """Name and value of each, lines that go on joined, here-documents left as they stand."""
    found: list[tuple[str, str]] = []
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        whole = line
        while whole.endswith("\\"):
            following = next(lines, "")
            if not following.lstrip().startswith("#"):
                whole = f"{whole[:-1].rstrip()} {following.strip()}"
        document = re.search(r"<<-?[\"']?(\w+)[\"']?", whole)
        while document and (inner := next(lines, None)) is not None and inner.strip() != document[1]:
            whole += f"\n{inner}"
        name, _, value = whole.strip().partition(" ")
        found.append((name.upper(), value.strip()))
    return found


def _images(found: list[Stage]) -> Findings:
    before: set[str] = {"scratch"}
    for stage in found:
        if stage.image not in before and (problem := unpinned(stage.image)):
            yield f"{FILE}: stage {stage.name}: {problem}"
        for _, origin, _ in _copies(stage):
            if origin and origin not in before and unpinned(origin):
                yield f"{FILE}: stage {stage.name} copies from {origin}, which is no stage before it"
        before.add(stage.name)


def _copies(stage: Stage) -> list[tuple[list[str], str | None, str]]:
    """Sources, origin and destination of each COPY and ADD."""
    found: list[tuple[list[str], str | None, str]] = []
    for value in stage.all("COPY") + stage.all("ADD"):
        origin: str | None = None
        rest = value
        while match := re.match(r"--([a-z-]+)(?:=(\S+))?\s+", rest):
            origin = match[2] if match[1] == "from" else origin
            rest = rest[match.end() :]
        words = json.loads(rest) if rest.startswith("[") else shlex.split(rest.partition("\n")[0])
        found.append(([word for word in words[:-1] if not word.startswith("<<")], origin, words[-1]))
    return found


def _sources(root: Path, found: list[Stage]) -> Findings:
    ignored = Ignored(read(root, ".dockerignore"))
    for stage in found:
        for sources, origin, _ in _copies(stage):
            for source in sources if origin is None else []:
                if "://" in source:
                    continue
                there = _matching(root, source)
                if not there:
                    yield f"{FILE}: stage {stage.name} copies {source}, which is not in the repository"
                elif all(ignored.matches(name) for name in there):
                    yield f"{FILE}: stage {stage.name} copies {source}, which .dockerignore leaves out"


def _sent(root: Path) -> Findings:
    ignored = Ignored(read(root, ".dockerignore"))
    for name, why in NEVER_SENT.items():
        if not ignored.matches(name):
            yield f".dockerignore: does not leave out {name}: {why}"


def _made(found: list[Stage]) -> Findings:
    """What one stage takes from another must be named by something that the other runs or copies."""
    by_name = {stage.name: stage for stage in found}
    for stage in found:
        for sources, origin, _ in _copies(stage):
            for source in sources if origin in by_name else []:
                runs = " ".join(value for _, value in by_name[origin or ""].instructions)
                if not re.search(rf"(?<![\w/.]){re.escape(source)}(?![\w/])", runs):
                    yield f"{FILE}: stage {stage.name} copies {source} from {origin}, where nothing makes it"


def _matching(root: Path, source: str) -> list[str]:
    """The files that a source of COPY stands for, from the root."""
    source = source.removeprefix("./").strip("/")
    paths = [root] if source in ("", ".") else list(root.glob(source))
    names: list[str] = []
    for path in paths:
        if path.is_file():
            names.append(path.relative_to(root).as_posix())
        elif path == root:
            names += [child.name for child in root.iterdir()]
        else:
            below = path.relative_to(root).as_posix()
            names += [f"{below}/{name}" for name in files_below(path)]
    return names


class Ignored:
    """What .dockerignore leaves out: the last pattern that matches a name, or a folder it is in, decides."""

    def __init__(self, text: str) -> None:
        self._rules: list[tuple[bool, re.Pattern[str]]] = []
        for line in text.splitlines():
            pattern = line.strip()
            if pattern and not pattern.startswith("#"):
                out = not pattern.startswith("!")
                self._rules.append((out, re.compile(_expression(pattern.lstrip("!").strip().strip("/")))))

    def matches(self, name: str) -> bool:
        parts = name.split("/")
        prefixes = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        out = False
        for leaves_out, pattern in self._rules:
            if any(pattern.fullmatch(prefix) for prefix in prefixes):
                out = leaves_out
        return out


def _expression(pattern: str) -> str:
    """As a regular expression: ** is any number of folders, * and ? stay within one."""
    made = ""
    for token in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]]*\]|[^*?\[]+|\[", pattern):
        special = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(token)
        made += special or (token if token.startswith("[") and token.endswith("]") else re.escape(token))
    return made


def _packages(root: Path, found: list[Stage]) -> Findings:
    """A library that `make build` installs and the image's build does not shows up hours later, when it links."""
    stage = next((one for one in found if one.name == BUILD_STAGE), None)
    if stage is None:
        yield f"{FILE}: has no stage {BUILD_STAGE}"
        return
    runs = "\n".join(stage.all("RUN"))
    installed = apt_packages(runs)
    wanted = packages_of(read(root, "scripts/install-packages.sh"), "build")
    if re.search(r"install-packages\.sh [a-z ]*\bbuild\b", runs):
        installed |= wanted
    for name in sorted(wanted - installed):
        yield f"{FILE}: stage {BUILD_STAGE} does not install {name}, which scripts/install-packages.sh does"
    for name in sorted(wanted - set(RUNTIME_PACKAGES)):
        yield f"{FILE}: nobody has noted what {name} needs at run time (RUNTIME_PACKAGES)"
    for name in sorted(installed - wanted - set(OTHER_PACKAGES)):
        yield f"{FILE}: stage {BUILD_STAGE} installs {name}, which scripts/install-packages.sh does not"


def apt_packages(script: str) -> set[str]:
    """What `apt-get install` in a shell script names."""
    found: set[str] = set()
    for words in re.findall(r"apt-get\s+(?:-\S+\s+)*install\s+([^;&|\n]*)", script):
        found |= {word.partition("=")[0] for word in words.split() if not word.startswith("-")}
    return found


def packages_of(script: str, purpose: str) -> set[str]:
    """The packages of one purpose in scripts/install-packages.sh."""
    match = re.search(rf"^\s*{purpose}\)(.*?);;", script, flags=re.MULTILINE | re.DOTALL)
    lists = re.findall(r'packages="\$packages ([^"]*)"', match[1]) if match else []
    return {name for one in lists for name in one.split()}


def environment(found: list[Stage]) -> dict[str, str]:
    """The variables every container of the image has, unless it is given others."""
    pairs = [
        word.partition("=") for stage in _chain(found) for value in stage.all("ENV") for word in shlex.split(value)
    ]
    return {name: value for name, _, value in pairs}


def _chain(found: list[Stage]) -> list[Stage]:
    """The last stage, after those it begins from."""
    by_name = {stage.name: stage for stage in found}
    chain = found[-1:]
    while chain and chain[0].image in by_name and by_name[chain[0].image] not in chain:
        chain.insert(0, by_name[chain[0].image])
    return chain


def _result(found: list[Stage]) -> Findings:
    """What the last stage makes."""
    chain = _chain(found)
    ports = {word.partition("/")[0] for stage in chain for value in stage.all("EXPOSE") for word in value.split()}
    wanted = {str(port) for role in ROLE_PORTS.values() for port in role}
    for port in sorted(wanted - ports):
        yield f"{FILE}: does not expose {port}, which a role listens on"
    for port in sorted(ports - wanted - set(OTHER_PORTS)):
        yield f"{FILE}: exposes {port}, which no role listens on"
    users = [value for stage in chain for value in stage.all("USER")]
    if not users or not re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", users[-1]):
        yield f"{FILE}: its last USER is no number other than 0: {users[-1] if users else 'there is none'}"
    entry = [value for stage in chain for value in stage.all("ENTRYPOINT")]
    if not entry or not entry[-1].startswith("[") or json.loads(entry[-1]) != [PROGRAM]:
        yield f'{FILE}: its ENTRYPOINT is not ["{PROGRAM}"], to which manifests give arguments'
    installed = {name for stage in chain for name in apt_packages("\n".join(stage.all("RUN")))}
    for library, name in RUNTIME_PACKAGES.items():
        if name not in installed:
            yield f"{FILE}: stage {chain[-1].name} does not install {name}, which {library} is linked against"
    destinations = {destination for stage in chain for _, _, destination in _copies(stage)}
    if PROGRAM not in destinations and PROGRAM.rpartition("/")[0] + "/" not in destinations:
        yield f"{FILE}: copies nothing to {PROGRAM}, which health checks call"
