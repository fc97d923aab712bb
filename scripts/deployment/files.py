"""Reading what is judged: YAML that says everything once, and folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# What a check yields: lines "file or object: what is wrong".
Findings = Iterator[str]
# A mapping out of YAML or JSON, of which nothing is known yet.
Tree = dict[str, Any]

# libyaml's parser where PyYAML was built with it: a tenth of the time.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """A file that is missing or no YAML: nothing more can be said of what it holds."""


def parse_yaml(text: str, where: str) -> Any:
    """One document.

    A repeated key is refused: PyYAML takes the last one silently, other readers take the first or none at all.
    """
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        _refuse_repeats(node, where)
        return None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        raise Unreadable(f"{where}: is not YAML: {' '.join(str(error).split())}") from error
    finally:
        loader.dispose()


def parse_documents(text: str) -> list[Tree]:
    """All documents of what another program wrote, which is trusted to repeat no key."""
    return [document for document in yaml.load_all(text, Loader=Loader) if document]


def read(root: Path, name: str) -> str:
    """The text of a file of the repository."""
    try:
        return (root / name).read_text(encoding="utf-8")
    except OSError as error:
        raise Unreadable(f"{name}: cannot be read: {error.strerror}") from error


def read_yaml(root: Path, name: str) -> Any:
    """The one document of a file of the repository."""
    return parse_yaml(read(root, name), name)


def files_below(folder: Path) -> list[str]:
    """Names of all files below a folder, from there, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _refuse_repeats(node: yaml.Node | None, where: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            # Several maps may be merged by several "<<"; anchors lead here again, which does no harm.
            if key.value in seen and key.value != "<<":
                raise Unreadable(f"{where}: line {key.start_mark.line + 1} repeats the key {key.value}")
            seen.add(key.value)
            _refuse_repeats(value, where)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_repeats(value, where)
