"""The engine as a process of its own, which ends with this one."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path
from typing import IO, Any, cast

from . import frames

ENGINE = Path(__file__).with_name("engine.js")
"""The engine, as the wheel carries it."""

_PIPE_BYTES = 2**20


class EngineError(RuntimeError):
    """The engine refused something, or is not there any more; the message says what and why."""


def find_deno() -> str:
    """The Deno that `pip` installed, or else the one on PATH.

    Raises `EngineError` where there is none.
    """
    try:
        from deno import find_deno_bin

        return os.fspath(find_deno_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("deno")
        if found is not None:
            return found
    raise EngineError(
        f"there is no Deno for this Python ({sys.platform}): install it with pip install deno, or, "
        "where PyPI has none for this platform, put another deno 2.9.6 or newer on PATH"
    )


class Engine:
    """A running engine: frames go in, and each is answered by one."""

    def __init__(self, reads_files: bool) -> None:
        """Starts it; where it reads no files it may do nothing at all.

        Tables are read by Polars, a native library that Deno fetches when it is first used.
        """
        if not ENGINE.exists():
            raise EngineError(
                f"{ENGINE} is missing: in a checkout, make it with deno task --cwd python build"
            )
        deno = find_deno()
        self._said = tempfile.TemporaryFile()
        # No terminal's Ctrl-C reaches the engine: this side decides when it ends.
        apart: dict[str, Any] = (
            {"creationflags": 0x00000200} if os.name == "nt" else {"start_new_session": True}
        )
        allowed = ["--allow-read", "--allow-sys", "--allow-env", "--allow-ffi"] if reads_files else []
        command = [deno, "run", "--quiet", "--no-prompt", "--no-config", "--no-lock"]
        process = subprocess.Popen(
            [*command, *allowed, os.fspath(ENGINE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            bufsize=0,
            env={**os.environ, "NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1"},
            **apart,
        )
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._input = cast(io.FileIO, process.stdin)
        self._output = cast(io.FileIO, process.stdout)
        self._owner = os.getpid()
        _enlarge(process.stdin, process.stdout)
        self._finalizer = weakref.finalize(self, _end, process, self._said)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def ask(
        self, kind: int, text: str = "", data: bytes | memoryview = b"", expected: int = 0
    ) -> tuple[str, memoryview]:
        """Sends a frame and waits for its answer, of so many bytes if that is known.

        Raises `EngineError` if the engine refuses, or is not there any more.
        """
        if not self._finalizer.alive:
            raise EngineError("the environment is closed; make a new one")
        if os.getpid() != self._owner:
            raise EngineError(
                "the environment was made in another process, whose pipe this one must not use; "
                "make it where it is used"
            )
        try:
            frames.write_frame(self._input, kind, text, data)
            answer, said, numbers = frames.read_frame(self._output, expected)
        except (OSError, frames.Broken, ValueError) as error:
            raise EngineError(self._last_words(error)) from None
        except BaseException:
            # Half of an answer may be in the pipe.
            self.close()
            raise
        if answer == frames.FAILED:
            raise EngineError(said)
        return said, numbers

    def ask_json(self, kind: int, asked: Any) -> tuple[Any, memoryview]:
        """The same with JSON in place of text."""
        said, numbers = self.ask(kind, json.dumps(asked))
        return json.loads(said) if said else None, numbers

    def close(self) -> None:
        """Ends the process; twice does no harm."""
        if os.getpid() == self._owner:
            self._finalizer()

    def _last_words(self, error: Exception) -> str:
        code = _wait(self._process)
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        self._finalizer()
        why = f": {lines[0][:500]}" if lines else f" ({error})"
        return f"the engine has ended with code {code}{why}; make a new environment"


def _end(process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """Lets the process end, and closes all that was open for it."""
    _wait(process)
    said.close()


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Lets the process end by closing its pipes, and ends it where that is not enough."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                pass
    try:
        return process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _enlarge(*pipes: IO[bytes]) -> None:
    """Makes room for a whole frame in a pipe, where the system can."""
    if sys.platform != "linux":
        return
    import fcntl

    for pipe in pipes:
        try:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        except OSError:
            pass
