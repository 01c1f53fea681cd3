"""Completion and checking while one types: the language server that editors run, on projects of 'init'.

It is declared in package.json beside this file; 'npm install' there provides it. Where the variable
STIMPROOF_EDITOR is set to 'required', as it is for every merge, a missing server is a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stimproof.cli import app

SERVER = Path(__file__).parent / "node_modules" / ".bin" / "yaml-language-server"
pytestmark = pytest.mark.slow


class Client:
    """A minimal editor: it speaks the language server protocol over standard input and output."""

    def __init__(self, root: Path) -> None:
        command = [str(SERVER), "--stdio"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.settings = {"yaml": {"schemaStore": {"enable": False}}}
        self.asked = 0
        folder = {"uri": root.as_uri(), "name": root.name}
        abilities = {"workspace": {"configuration": True}, "textDocument": {"completion": {}}}
        self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": root.as_uri(),
                "workspaceFolders": [folder],
                "capabilities": abilities,
            },
        )
        self.tell("initialized", {})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """Return the next message that is not a request of the server, which is answered."""
        assert self.process.stdout is not None
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            assert length, "the language server ended"
            message: dict[str, Any] = json.loads(self.process.stdout.read(length))
            if "method" not in message or "id" not in message:
                return message
            items = (
                message.get("params", {}).get("items", []) if "configuration" in message["method"] else None
            )
            answer = None if items is None else [self.settings.get(item.get("section")) for item in items]
            self._send({"id": message["id"], "result": answer})

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Send a request and return its result."""
        self.asked += 1
        self._send({"id": self.asked, "method": method, "params": params})
        while (message := self._receive()).get("id") != self.asked:
            pass
        return message["result"]

    def open(self, file: Path, text: str) -> list[str]:
        """Open a file with a text that is not on disk, and return what is remarked: line and message."""
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self._receive()
            said = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and said["uri"] == file.as_uri():
                return [
                    f"{item['range']['start']['line'] + 1}: {item['message']}" for item in said["diagnostics"]
                ]

    def complete(self, file: Path, line: int, column: int) -> list[str]:
        """Return what is offered at a place, counted from 1."""
        place = {"line": line - 1, "character": column - 1}
        found = self.ask(
            "textDocument/completion", {"textDocument": {"uri": file.as_uri()}, "position": place}
        )
        return [item["label"] for item in found["items"]]

    def hover(self, file: Path, line: int, column: int) -> str:
        """Return what is told about a place, counted from 1."""
        place = {"line": line - 1, "character": column - 1}
        found = self.ask("textDocument/hover", {"textDocument": {"uri": file.as_uri()}, "position": place})
        return str(found["contents"]["value"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A fresh project."""
    assert CliRunner().invoke(app, ["init", str(tmp_path / "mine")]).exit_code == 0
    return tmp_path / "mine"


@pytest.fixture
def client(project: Path) -> Iterator[Client]:
    """An editor in that project."""
    if not SERVER.exists():
        if os.environ.get("STIMPROOF_EDITOR") == "required":
            pytest.fail(f"{SERVER} is missing; run 'npm install' in {Path(__file__).parent}")
        pytest.skip(f"no language server; 'npm install' in {Path(__file__).parent} provides it")
    client = Client(project)
    yield client
    client.process.kill()
    client.process.communicate()


def test_what_is_in_order_is_left_alone(client: Client, project: Path) -> None:
    """The files of a fresh project have no remark."""
    for name in ("specs/device.yaml", "hazards/risk.yaml"):
        file = project / name
        assert client.open(file, file.read_text("utf-8")) == []


def test_mistakes_are_marked_while_one_types(client: Client, project: Path) -> None:
    """An unknown key and an unknown law are marked at their lines."""
    file = project / "specs" / "device.yaml"
    text = file.read_text("utf-8").replace("law: charge_density", "law: charge_densities")
    text = text.replace("    step: 0.1 mA", "    stepp: 0.1 mA")
    lines = text.split("\n")
    wanted = [1 + next(n for n, line in enumerate(lines) if mark in line) for mark in ("stepp", "densities")]
    found = client.open(file, text)
    assert [int(item.partition(":")[0]) for item in found] == wanted
    assert "stepp" in found[0]
    assert "charge_density" in found[1]


def test_keys_and_words_are_offered(client: Client, project: Path) -> None:
    """Keys of a section, of an entry, and the words that a key may have are completed."""
    file = project / "specs" / "device.yaml"
    text = file.read_text("utf-8").split("variables:\n")[0] + "variables:\n  x:\n    type: \n    \n"
    client.open(file, text)
    last = text.count("\n")
    assert {"boolean", "clock", "quantity"} <= set(client.complete(file, last - 1, 11))
    assert {"range", "overflow", "initial"} <= set(client.complete(file, last, 5))


def test_a_key_is_explained_where_it_stands(client: Client, project: Path) -> None:
    """Pointing at a key tells what it means."""
    file = project / "specs" / "device.yaml"
    text = file.read_text("utf-8")
    client.open(file, text)
    line = 1 + text[: text.index("        stay:")].count("\n")
    assert "How long it may last" in client.hover(file, line, 10)
