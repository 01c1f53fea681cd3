"""The process's start: ``stimproof`` and ``python -m stimproof``.

A question about one VMT-LIB model is answered without loading the command line; all else goes there.
"""

from __future__ import annotations

import gc
import os
import sys

from stimproof import early

COLLECT_AFTER = 1_000_000
"""New objects before Python looks for cycles among them: terms and models are large and hold none."""


def main() -> None:
    """Run the command that the process's arguments ask for."""
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    try:
        _run()
    finally:
        gc.freeze()  # the process ends: Python would look through all that it has once more


def _run() -> None:
    _complete_streams()
    early.loading()
    if len(sys.argv) > 2 and any(word.endswith(".vmt") for word in sys.argv[2:]):
        from stimproof import models

        call = models.parsed(sys.argv[1:])
        if call is not None:
            models.main(call)
    from stimproof.cli import main as commands

    commands()


def _complete_streams() -> None:
    """Open standard streams that the caller has closed, so that no file or pipe of ours takes their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


if __name__ == "__main__":
    main()
