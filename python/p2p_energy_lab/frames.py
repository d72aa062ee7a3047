"""Frames, as the engine reads and writes them: 16 bytes of header, a text, and numbers.

The header is four little-endian unsigned 32-bit numbers: kind, bytes of text, bytes of data, 0. The
text is UTF-8, filled up with zeros to a multiple of 8 bytes; the data are arrays as they lie in
memory.
"""

from __future__ import annotations

import struct
from typing import Any, Protocol

PROTOCOL = 1
"""Version of what is said; both sides name theirs first."""

DONE, OPEN, RESET, STEP, RENDER, BEGIN, ACT, FAILED = 0, 1, 2, 3, 4, 5, 6, 255

_HEADER = struct.Struct("<4I")


class Readable(Protocol):
    """What can be read from."""

    def readinto(self, buffer: Any, /) -> int | None: ...


class Writable(Protocol):
    """What can be written to."""

    def write(self, data: Any, /) -> int | None: ...


class Broken(EOFError):
    """The other side has closed the pipe."""


def write_frame(pipe: Writable, kind: int, text: str = "", data: bytes | memoryview = b"") -> None:
    """Writes a frame."""
    words = text.encode()
    size = len(data)
    head = _HEADER.pack(kind, len(words), size, 0) + words + bytes(-len(words) % 8)
    # One write where it is small, and no copy where it is large.
    if size < 4096:
        _write(pipe, head + bytes(data))
    else:
        _write(pipe, head)
        _write(pipe, data)


def read_frame(pipe: Readable, expected: int = 0) -> tuple[int, str, memoryview]:
    """The next frame: its kind, its text and its data.

    Where so many bytes of data and no text are `expected`, and come, they are read at once.

    Raises `Broken` where there is none any more.
    """
    body = bytearray(_HEADER.size + expected)
    have = pipe.readinto(body) or 0
    if have < _HEADER.size:
        _read(pipe, memoryview(body)[have : _HEADER.size])
        have = _HEADER.size
    kind, words, size, zero = _HEADER.unpack_from(body)
    if kind > 255 or zero != 0:
        raise ValueError("what came through the pipe is no frame; nothing else may be printed there")
    start = _HEADER.size + words + -words % 8
    if start + size > len(body):
        body.extend(bytes(start + size - len(body)))
    view = memoryview(body)
    if have < start + size:
        _read(pipe, view[have : start + size])
    text = body[_HEADER.size : _HEADER.size + words].decode() if words > 0 else ""
    return kind, text, view[start : start + size]


def _read(pipe: Readable, view: memoryview) -> None:
    while len(view) > 0:
        count = pipe.readinto(view)
        if not count:
            raise Broken("the pipe is closed")
        view = view[count:]


def _write(pipe: Writable, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while len(view) > 0:
        count = pipe.write(view)
        view = view[count or 0 :]
