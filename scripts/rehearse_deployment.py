"""Replays the image's build and the compose file without a container engine, and shops in what comes up.

Usage: rehearse_deployment.py [--binary PATH]     as root, on Debian 12, with mmdebstrap and prometheus installed

What the Dockerfile copies is copied into a clean folder, where its build command runs (--binary leaves that out and takes
a binary). Its runtime stage is a minimal Debian into which its own commands are run; each service of our image then runs
as compose has it: as the image's user, with no capability, a root file system that is read only, the volumes and folders in
memory that are named, the environment, command and health check to the letter, as process 1 of a namespace of its own.
All share one network namespace in which the services' names are 127.0.0.1. Prometheus runs there with the files that
compose mounts; the collector's place is taken by the console's own receiver.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
USER = "10001"


class Dockerfile:
    """The instructions of each stage, in order, with lines joined and comments gone."""

    def __init__(self, path: pathlib.Path) -> None:
        text = "\n".join(line for line in path.read_text().split("\n") if not line.lstrip().startswith("#"))
        self.stages: dict[str, list[tuple[str, str]]] = {}
        stage = ""
        for line in text.replace("\\\n", " ").split("\n"):
            word, _, rest = line.strip().partition(" ")
            if word == "FROM":
                stage = rest.split()[-1]
                self.stages[stage] = []
            elif word and stage:
                self.stages[stage].append((word, rest.strip()))

    def of(self, stage: str, word: str) -> list[str]:
        return [rest for name, rest in self.stages[stage] if name == word]

    def environment(self) -> dict[str, str]:
        pairs = (pair for rest in self.of("runtime", "ENV") for pair in shlex.split(rest))
        return dict(pair.split("=", 1) for pair in pairs)


def say(text: str) -> None:
    print(f"rehearsal: {text}", flush=True)


def run(*command: str, **options) -> None:
    subprocess.run(command, check=True, **options)


def build(file: Dockerfile, folder: pathlib.Path) -> pathlib.Path:
    """The build stage in a clean folder; packages are the distribution's and are there."""
    source = folder / "src"
    source.mkdir()
    for rest in file.of("build", "COPY"):
        origin, target = rest.split()
        run("cp", "-a", str(ROOT / origin), str(source / target))
    for command in file.of("build", "RUN"):
        if "apt-get" in command:
            continue
        say(f"$ {command}")
        run("sh", "-ec", command.replace("-o /vitrine", f"-o {folder}/vitrine"), cwd=source)
    shutil.rmtree(source)
    return folder / "vitrine"


def assemble(file: Dockerfile, binary: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The runtime stage: its own commands within a minimal Debian, as the slim image is one."""
    root = folder / "root"
    run("mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "bookworm", str(root), stdout=subprocess.DEVNULL)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    work = "/"
    for word, rest in file.stages["runtime"]:
        if word == "RUN":
            say(f"$ {rest[:100]} …")
            quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
            run("chroot", str(root), "/bin/sh", "-ec", rest, **quiet)
        elif word == "WORKDIR":
            work = rest
            (root / work.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "COPY":
            *flags, origin, target = rest.split()
            source = binary if flags else ROOT / origin
            place = root / (pathlib.PurePosixPath(work) / target).relative_to("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            run("cp", "-a", str(source), str(place))
    run("chown", "-R", "root:root", str(root / "usr/local/bin"), str(root / "opt"))
    return root


def filled(value: str) -> str:
    """`${NAME:-default}`, where no .env is."""
    return re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", value)


class Service:
    """One service of the compose file, as a process."""

    def __init__(self, name: str, document: dict, root: pathlib.Path, volumes: pathlib.Path, image: dict) -> None:
        self.name = name
        self.document = document
        self.root = root
        self.volumes = volumes
        self.environment = {**image, **{key: filled(str(value)) for key, value in document["environment"].items()}} \
            if document.get("environment") else dict(image)
        entry = document.get("entrypoint") or ["/usr/local/bin/vitrine"]
        self.command = entry + [filled(str(word)) for word in document.get("command", [])]
        self.process: subprocess.Popen | None = None
        self.log = volumes / f"{name}.log"

    def mounts(self) -> str:
        """Shell lines, within a mount namespace of its own, that make the root what the container would see."""
        lines = [f"mount --bind {self.root} {self.root}", f"mount -t proc proc {self.root}/proc",
                 f"mount -t tmpfs -o mode=755 tmpfs {self.root}/dev"]
        for device in ["null", "zero", "random", "urandom"]:
            lines += [f"touch {self.root}/dev/{device}", f"mount --bind /dev/{device} {self.root}/dev/{device}"]
        for text in self.document.get("tmpfs", []):
            target, _, options = text.partition(":")
            lines.append(f"mount -t tmpfs -o {options} tmpfs {self.root}{target}")
        for text in self.document.get("volumes", []):
            name, target = text.split(":")[:2]
            place = self.volumes / name
            if not place.exists():
                # A named volume begins as what the image has there.
                run("cp", "-a", f"{self.root}{target}", str(place))
            lines.append(f"mount --bind {place} {self.root}{target}")
        lines.append(f"mount -o remount,ro,bind {self.root}")
        return "\n".join(lines)

    def words(self, command: list[str]) -> str:
        confined = ["/usr/bin/setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs",
                    "--bounding-set=-all", "--inh-caps=-all", "--"]
        environment = ["/usr/bin/env", "-i", "-C", "/opt/vitrine", "PATH=/usr/bin:/bin"]
        environment += [f"{key}={value}" for key, value in self.environment.items()]
        return shlex.join(["chroot", str(self.root), *environment, *confined, *command])

    def start(self) -> None:
        script = f"set -e\n{self.mounts()}\nexec {self.words(self.command)}"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script],
                                            stdout=log, stderr=log)

    def inner(self) -> int:
        """The process that is 1 in its namespace."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def is_healthy(self) -> bool:
        test = self.document["healthcheck"]["test"][1:]
        command = self.words([str(word) for word in test])
        entered = ["nsenter", "--mount", "--pid", f"--target={self.inner()}", "sh", "-c", command]
        return subprocess.run(entered, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30).returncode == 0

    def facts(self) -> dict[str, str]:
        status = pathlib.Path(f"/proc/{self.inner()}/status").read_text()
        return dict(re.findall(r"^(Uid|CapEff|CapBnd|NoNewPrivs|NSpid):\s+(.*)$", status, re.M))

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.kill(self.inner(), signal.SIGTERM)
            self.process.wait(30)


def expect(condition: bool, what: str) -> None:
    if not condition:
        raise SystemExit(f"rehearsal: FAILED: {what}")
    say(f"ok: {what}")


def ask(url: str, body: dict | None = None, **fields: str) -> tuple[int, dict, dict]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"content-type": "application/json", **fields})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
            return answer.status, dict(answer.headers), json.loads(text) if text[:1] in b"{[" and text else {}
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), {}


def patiently(question, what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if question():
                return say(f"ok: {what}")
        except (OSError, IndexError, FileNotFoundError, subprocess.TimeoutExpired):
            pass
        time.sleep(0.2)
    raise SystemExit(f"rehearsal: FAILED: {what}, within {seconds:.0f} s")


def rehearse(compose: dict, file: Dockerfile, root: pathlib.Path, folder: pathlib.Path) -> None:
    """Within a network namespace of its own."""
    run("ip", "link", "set", "lo", "up")
    services = compose["services"]
    (root / "etc/hosts").write_text("127.0.0.1 localhost " + " ".join(services) + "\n")
    run("mount", "--bind", str(root / "etc/hosts"), "/etc/hosts")
    ours = {name: Service(name, document, root, folder, file.environment())
            for name, document in services.items() if document["image"].startswith("vitrine:")}
    running: list[Service] = []
    prometheus = None
    try:
        for name in ["seed-users", "seed-products", "seed-users", "seed-products"]:
            ours[name].start()
            expect(ours[name].process.wait(60) == 0, f"{name}: {ours[name].log.read_text().strip()}")
        for name in ["console", "user", "product", "cart", "order", "gateway", "load"]:
            running.append(ours[name])
            ours[name].start()
        for service in running:
            patiently(service.is_healthy, f"{service.name} is healthy, by compose's own check")
            facts = service.facts()
            expect(facts["Uid"].split()[0] == USER and int(facts["CapEff"], 16) == 0 and int(facts["CapBnd"], 16) == 0
                   and facts["NoNewPrivs"] == "1" and facts["NSpid"].split()[-1] == "1",
                   f"{service.name} is process 1, user {USER}, without capabilities or new privileges")
        written = subprocess.run(["nsenter", "--mount", f"--target={ours['user'].inner()}", "sh", "-c",
                                  f"touch {root}/usr/local/bin/x"], stderr=subprocess.DEVNULL).returncode
        expect(written != 0, "the root file system is read only")

        configuration = pathlib.Path("/etc/prometheus")
        run("mount", "-t", "tmpfs", "tmpfs", str(configuration))
        for text in services["prometheus"]["volumes"]:
            source, target, *_ = text.split(":")
            if not source.startswith("./"):
                continue
            (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, target)
        data = folder / "prometheus"
        flags = [flag.replace("=/prometheus", f"={data}") for flag in services["prometheus"]["command"]]
        prometheus = subprocess.Popen(["prometheus", *flags], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        api = "http://gateway:8000/api/v1"
        demo = {"email": "demo@vitrine.dev", "password": "demo-password"}
        token = ask(f"{api}/auth/login", demo)[2]["access_token"]
        item = {"product_id": "01900000-0000-7000-8000-00000000004b", "quantity": 1}
        status, fields, order = ask(f"{api}/orders", {"payment_method": "credit_card", "items": [item]},
                                    authorization=f"Bearer {token}")
        expect(status == 201, f"an order is placed: {order.get('id')}")
        trace = {key.lower(): value for key, value in fields.items()}["traceparent"].split("-")[1]
        console = "http://console:8005/console/v1"
        secret = ours["console"].environment["VITRINE_CONSOLE_TOKEN"]
        bearer = {"authorization": f"Bearer {secret}"}
        expect(ask(f"{console}/services")[0] == 401, "the console wants its token")
        patiently(lambda: len(ask(f"{console}/traces/{trace}", **bearer)[2].get("spans", [])) >= 15,
                  f"its trace {trace} is in the console, span by span")

        def up() -> dict[str, str]:
            found = ask("http://prometheus:9090/api/v1/query?query=up")[2]["data"]["result"]
            return {each["metric"]["instance"]: each["value"][1] for each in found}
        targets = ["gateway:9000", "user:9001", "product:9002", "cart:9003", "order:9004", "console:9005", "load:9006"]
        patiently(lambda: all(up().get(target) == "1" for target in targets),
                  f"Prometheus, with compose's own files, scrapes {', '.join(targets)}")
        rules = ask("http://prometheus:9090/api/v1/rules")[2]["data"]["groups"]
        expect(len(rules) > 20, f"and evaluates {len(rules)} groups of rules")

        chaos = ours["chaos"]
        chaos.command = chaos.document["entrypoint"] + ["list"]
        chaos.start()
        expect(chaos.process.wait(60) == 0, "vitrine chaos finds the image's experiments")
    finally:
        for service in reversed(running):
            service.stop()
        if prometheus:
            prometheus.terminate()
            prometheus.wait(30)
    expect(all(service.process.returncode == 0 for service in running), "all drain and end with status 0 at SIGTERM")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path)
    parser.add_argument("--inside", nargs=2, type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    file = Dockerfile(ROOT / "Dockerfile")
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    if options.inside:
        return rehearse(compose, file, *options.inside)
    if os.geteuid() != 0:
        raise SystemExit("rehearsal: only root can make namespaces and a root file system")
    with tempfile.TemporaryDirectory(prefix="vitrine-rehearsal-") as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        binary = options.binary or build(file, folder)
        root = assemble(file, binary, folder)
        size = int(subprocess.run(["du", "-sm", str(root)], capture_output=True, text=True, check=True).stdout.split()[0])
        say(f"the image is {size} MB unpacked, {binary.stat().st_size >> 20} MB of it the binary")
        run("unshare", "--net", "--mount", sys.executable, __file__, "--inside", str(root), str(folder))


if __name__ == "__main__":
    main()
