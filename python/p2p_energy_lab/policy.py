"""Policies in Python for the laboratory's own comparisons.

`deno task evaluate --policies python:mine:policy` imports the module `mine`, calls its function
`policy` with a `Description` at the start of episodes, and from then on what that returns, with
observations `[communities, homes, features]`, for actions `[communities, homes, numbers]`.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import traceback
from typing import Any, Callable, NoReturn, cast

import numpy as np

from . import frames
from .client import Array, Description, described

Act = Callable[[Array], Any]
"""Observations in, actions out."""

Policy = Callable[[Description], Act]
"""Begins on an environment."""


def serve(word: str) -> NoReturn:
    """Plays the policy that `python:module:function` names, until standard input ends."""
    # Whatever the policy prints goes elsewhere, so that it cannot come between frames.
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    # The laboratory says when it is over.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        try:
            policy, file = _load(word)
        except Exception as error:
            frames.write_frame(output, frames.FAILED, _line(error))
        else:
            greeting = json.dumps({"protocol": frames.PROTOCOL, "file": file})
            frames.write_frame(output, frames.DONE, greeting)
            _play(policy, source, output)
    except (frames.Broken, BrokenPipeError):
        pass
    sys.exit(0)


def _play(policy: Policy, source: Any, output: Any) -> None:
    playing: dict[int, tuple[Act, Description]] = {}
    while True:
        kind, text, data = frames.read_frame(source)
        try:
            if kind == frames.BEGIN:
                asked = json.loads(text)
                for ended in asked["forgotten"]:
                    playing.pop(ended, None)
                told = described(json.loads(asked["environment"]))
                act = policy(told)
                if not callable(act):
                    raise TypeError(f"it must return a function of observations, got {act!r:.100}")
                playing[asked["id"]] = act, told
                answer = b""
            elif kind == frames.ACT:
                numbers = np.frombuffer(data, "<f8")
                answer = _act(*playing[int(numbers[0])], numbers[1:])
            else:
                raise ValueError(f"there is no frame of kind {kind}")
        except Exception as error:
            frames.write_frame(output, frames.FAILED, _line(error))
        else:
            frames.write_frame(output, frames.DONE, "", answer)


def _act(act: Act, told: Description, numbers: Array) -> bytes:
    together, homes = told.communities, len(told.homes)
    width = len(told.common)
    seen = np.empty((together, homes, len(told.features)))
    seen[:, :, :width] = numbers[: together * width].reshape(together, 1, width)
    seen[:, :, width:] = numbers[together * width :].reshape(together, homes, -1)
    actions = np.asarray(act(seen), dtype="<f8")
    expected = (together, homes, len(told.actions))
    if actions.shape != expected:
        raise ValueError(f"actions must be of shape {expected}, got {actions.shape}")
    return actions.tobytes()


def _load(word: str) -> tuple[Policy, str]:
    _, module_name, name = word.split(":")
    module = importlib.import_module(module_name)
    found = getattr(module, name, None)
    if not callable(found):
        raise TypeError(f"there is no function {name} in {module.__file__}")
    if module.__file__ is None:
        raise TypeError(f"{module_name} is no file")
    return cast(Policy, found), os.path.relpath(module.__file__)


def _line(error: Exception) -> str:
    """What went wrong and where, in a line."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    said = " ".join(str(error).split())[:1000]
    return f"{type(error).__name__}: {said} ({where})"
