"""New projects: a commented one to begin with, a copy of a reference device, or one that extends it.

Each carries the JSON Schemas of its files and the settings by which editors find them, so that completion
and checking work without a network.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import TYPE_CHECKING

from stimproof import project, schemas
from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXAMPLE = "my-device"
_MODELINE = "# yaml-language-server: $schema=../schemas/{part}.schema.json\n"
_SETTINGS, _EXTENSIONS = ".vscode/settings.json", ".vscode/extensions.json"
_CATALOGUE = "# CATALOGUE\n"
_PARTS = {
    "specs": ("specification", "overrides"),
    "hazards": ("risk-file", "risk-overrides"),
    "indications": ("indications", "indications"),
}
"""The schema of each folder's files: of whole ones, and of those that extend a reference device."""
_THIN = """\
# {name}, but for what stands here.
#
# Everything is taken over from the reference device '{base}' of the program. Write only what is different, at
# the place where it stands there: mappings are merged key by key, a list replaces the whole list. 'stimproof
# check' says what was overridden. The source of each value stays with it, so cite your own where you change a
# number. 'hazards/risk.yaml' takes over the risk file in the same way.

stimproof: 1
extends: {base}

device:
  id: {id}
  name: {name}

# Change a single value, for example:
# parameters:
#   amplitude:
#     range: [0 mA, 10 mA]

# Leave out what this device does not have, for example:
# remove: [limits.charge]
"""


_THIN_RISK = """\
# The risk file of '{base}', but for what stands here. It was made for that device: what your changes touch
# has to be judged anew.

stimproof: 1
extends: {base}
risk_file:
  device: {id}
"""


def identifier(name: str, taken: Mapping[str, object]) -> str:
    """Return an id made of a folder's name that no reference device has.

    >>> identifier("My device (2)", {}), identifier("7", {}), identifier("tens", {"tens": 1})
    ('My-device-2', 'my-device', 'tens-variant')
    """
    made = "-".join(re.findall(r"[A-Za-z0-9_]+", name))[:60].rstrip("-")
    if not re.match(r"[A-Za-z_]", made):
        made = _EXAMPLE
    return f"{made}-variant" if made in taken else made


def fresh(name: str) -> dict[str, str]:
    """Return the files of a commented project that verifies at once; its device is called ``name``."""
    texts = {path: _template(path) for path in ("specs/device.yaml", "hazards/risk.yaml")}
    chosen = identifier(name, {})
    written = {path: text.replace(_EXAMPLE, chosen) for path, text in texts.items()}
    written["hazards/risk.yaml"] = written["hazards/risk.yaml"].replace(_CATALOGUE, _open_hazards())
    return _with_editors(written)


def copied(device: str) -> dict[str, str]:
    """Return the files of a copy of a reference device, with the devices that it extends in ``library/``.

    Raises:
        OperatorError: there is no such device.
    """
    return _with_editors(dict(project.load(_known(device).root).sources))


def extended(device: str, name: str) -> dict[str, str]:
    """Return the files of a project that extends a reference device and changes nothing yet.

    Raises:
        OperatorError: there is no such device.
    """
    base = _known(device)
    chosen = identifier(name, _devices())
    title = base.specification.device.name
    text = _THIN.format(base=device, id=chosen, name=json.dumps(f"Variant of: {title}", ensure_ascii=False))
    files = {"specs/device.yaml": text}
    if (base.root / "hazards").is_dir():
        files["hazards/risk.yaml"] = _THIN_RISK.format(base=device, id=chosen)
    return _with_editors(files)


def _devices() -> dict[str, project.LibraryDevice]:
    return {device.id: device for device in project.library()}


def _known(device: str) -> project.LibraryDevice:
    known = _devices()
    if device not in known:
        listed = ", ".join(known) or "none"
        raise OperatorError(f"there is no reference device '{device}'; there are: {listed}")
    return known[device]


def _template(path: str) -> str:
    return (resources.files("stimproof") / "template" / path).read_text(encoding="utf-8")


def _open_hazards() -> str:
    """Return the hazards of the catalogue that the commented risk file does not address, as comments."""
    from stimproof.hazards.catalogue import load

    addressed = set(re.findall(r"catalogue: (\w+)", _template("hazards/risk.yaml")))
    rest = {name: item.title for name, item in load().hazards.items() if name not in addressed}
    return "".join(["# not_applicable:\n", *(f'#   {name}: {{why: ""}}  # {rest[name]}\n' for name in rest)])


def _with_editors(files: dict[str, str]) -> dict[str, str]:
    """Return the files with a line that names each one's schema, the schemas, and the settings of editors."""
    parts = {folder: _part(folder, files) for folder in _PARTS}
    made: dict[str, str] = {}
    for path, text in files.items():
        part = parts.get(path.partition("/")[0])
        made[path] = _MODELINE.format(part=part) + text if part is not None else text
    made |= {f"schemas/{name}": text for name, text in schemas.files(tuple(parts.values())).items()}
    found = {f"./schemas/{part}{schemas.SUFFIX}": f"{folder}/*.yaml" for folder, part in parts.items()}
    made[_SETTINGS] = _json({"yaml.schemas": found, "yaml.schemaStore.enable": False})
    made[_EXTENSIONS] = _json({"recommendations": ["redhat.vscode-yaml"]})
    return made


def _part(folder: str, files: Mapping[str, str]) -> str:
    """Return the schema of a folder's files, which say less where one of them extends a reference device."""
    texts = [text for path, text in files.items() if path.startswith(f"{folder}/")]
    extends = any(re.search(r"^extends:", text, flags=re.MULTILINE) for text in texts)
    whole, partial = _PARTS[folder]
    return partial if extends else whole


def _json(data: object) -> str:
    return json.dumps(data, indent=2) + "\n"
