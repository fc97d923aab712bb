"""Reads each dashboard of a folder into the classes of Grafana's foundation SDK and writes it back.

What the SDK does not know of is lost on the way, and what it requires is added: a member that is lost is a mistake in
the file's making, and so is a value that changes.
"""

import json
import pathlib
import sys

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(before, after, path=""):
    """The paths of what is not the same after as before."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                if value is not None:
                    yield f"{path}.{key} is lost"
            else:
                yield from lost(value, after[key], f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after)):
            yield from lost(one, other, f"{path}[{index}]")
    elif before != after:
        yield f"{path}: {before!r} became {after!r}"


def main() -> int:
    register_default_plugins()
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
    mistakes = []
    for file in files:
        before = json.loads(file.read_text())
        after = json.loads(JSONEncoder(sort_keys=False).encode(Dashboard.from_json(before)))
        mistakes += [f"{file.name}{line}" for line in lost(before, after)]
    print("\n".join(mistakes) if mistakes else f"{len(files)} dashboards")
    return 1 if mistakes else 0


sys.exit(main())
