"""Arrays in, arrays out: communities of homes that trade energy, played by the engine.

Every face of this package is one `Client` seen in another way.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Mapping, NamedTuple, Sequence, TypedDict

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Unpack

from . import frames
from .process import Engine, EngineError

Array = NDArray[Any]
"""Numbers of the type that was asked for."""


class Options(TypedDict, total=False):
    """What a community is made of; what is left out is the reference set-up R1."""

    setup: str | None
    """A reference set-up: R1, R1-day-ahead, R1-days, R2 or first-edition."""
    data: str | os.PathLike[str] | None
    """`synthetic`, or a data set folder."""
    prosumers: int | None
    """Homes of the synthetic community."""
    cars: int | None
    """Homes of the synthetic community with an electric car."""
    heat_pumps: int | None
    """Homes of the synthetic community with a heat pump and a tank."""
    appliances: int | None
    """Homes of the synthetic community with an appliance that may wait."""
    departures: str | None
    """Whether cars of the synthetic community say at the arrival when they leave."""
    tariff: str | None
    """Tariff of the synthetic community."""
    dt_hours: float | None
    """Length of a slot of the synthetic community."""
    feeder: str | None
    """Kind of the feeder that the synthetic community is on."""
    config: Mapping[str, Any] | str | os.PathLike[str] | None
    """Parts of the configuration, or a JSON file with them, as `deno task train --config` takes it."""
    scenario: str
    """What befalls the community."""
    split: Literal["train", "validation", "test"]
    """The days that episodes are drawn from."""
    reward: Literal["cost", "training"]
    """Minus the cost of a home, or what training is rewarded with."""
    dtype: Literal["float32", "float64"]
    """Type of the observations."""
    seed: int
    """Draws the episodes until `reset` is given another seed."""


_SOURCE = (
    *("data", "prosumers", "cars", "heat_pumps", "appliances", "departures", "tariff"),
    *("dt_hours", "feeder"),
)
"""Options that say where the homes come from."""

_DEFAULTS: dict[str, Any] = {
    "setup": None,
    **dict.fromkeys(_SOURCE),
    "config": None,
    "scenario": "none",
    "split": "train",
    "reward": "cost",
    "dtype": "float32",
    "seed": 42,
}


@dataclass(frozen=True)
class Description:
    """What there is to see and to say, by name and in natural units."""

    community: str
    currency: str
    homes: tuple[str, ...]
    communities: int
    slots_per_episode: int
    dt_hours: float
    start: str
    """Time of the data set's first slot."""
    first_slots: tuple[int, ...]
    """First slots of the episodes that are drawn from."""
    common: tuple[str, ...]
    """Features that all homes of a community see alike; they come first in an observation."""
    own: tuple[str, ...]
    """Features of the home itself."""
    actions: tuple[str, ...]
    """Numbers of a home, each meant to lie in [-1, 1]."""
    info: tuple[tuple[str, str], ...]
    """Columns of the books that come with every step, with their scope."""
    low: Array = field(repr=False)
    """Least value of each feature of an observation."""
    high: Array = field(repr=False)
    """Largest value of each feature of an observation."""
    config: Mapping[str, Any] = field(repr=False)
    """The whole configuration."""

    @property
    def features(self) -> tuple[str, ...]:
        """Features of an observation, in order."""
        return self.common + self.own


class Step(NamedTuple):
    """What came of a slot."""

    observation: Array
    """What every home sees next, `[communities, homes, features]`; of the next episode if this one
    has ended."""
    reward: NDArray[np.float64]
    """`[communities, homes]`"""
    terminated: bool
    """Whether this was the last slot of the episodes; all communities end together."""
    info: dict[str, NDArray[np.float64]]
    """The books of the slot by column: `[communities, homes]`, `[communities]` or
    `[communities, stores]`."""
    audit: Mapping[str, int] | None
    """What an audit of the episodes' books found, by kind; at their end, where books are kept."""


class Client:
    """Communities that step together, in an engine of their own.

    Close it, or use it in a `with` statement; it also closes when nobody holds it any more.
    """

    def __init__(
        self,
        communities: int = 1,
        *,
        info: Sequence[str] = (),
        books: bool = False,
        **options: Unpack[Options],
    ) -> None:
        """Starts the engine and opens the communities.

        `info` names columns of the books that come with every step, `books` keeps those of the
        whole episode and audits them at its end; for the rest see `Options`.

        Raises `EngineError` in one line if something does not fit.
        """
        unknown = sorted(set(options) - set(_DEFAULTS))
        if unknown:
            known = ", ".join(["communities", "info", "books", *_DEFAULTS])
            raise TypeError(f"there is no option {unknown[0]!r}; there are {known}")
        self._made_with = dict(communities=communities, info=tuple(info), books=books, **options)
        asked: dict[str, Any] = {**_DEFAULTS, **options}
        self._seed: int | None = _whole("seed", asked.pop("seed"))
        asked["config"] = _read_config(asked["config"])
        given = {name.replace("_", "-"): asked.pop(name) for name in _SOURCE}
        source = {name: value for name, value in given.items() if value is not None}
        if "data" in source:
            source["data"] = os.fspath(source["data"])
        self._engine = Engine(reads_files=source.get("data", "synthetic") != "synthetic")
        try:
            said, _ = self._engine.ask_json(
                frames.OPEN,
                {
                    "protocol": frames.PROTOCOL,
                    "communities": _whole("communities", communities),
                    "info": list(info),
                    "books": bool(books),
                    "source": source,
                    **asked,
                },
            )
            self.description: Description = described(said)
        except BaseException:
            self._engine.close()
            raise
        told = self.description
        self._dtype = np.dtype("<f4" if asked["dtype"] == "float32" else "<f8")
        self._begun = False
        self._agents = (told.communities, len(told.homes))
        self._said = (*self._agents, len(told.actions))
        rows = told.communities * len(told.homes)
        stores = told.communities * len(said["storeOwners"])
        sizes = {"community": told.communities, "home": rows, "store": stores}
        self._columns = [(name, scope == "community", sizes[scope]) for name, scope in told.info]
        self._books = 8 * (1 + rows + sum(size for _, _, size in self._columns))
        """Bytes before what is observed in the answer to a step."""
        seen = told.communities * len(told.common) + rows * len(told.own)
        self._answer = self._books + seen * self._dtype.itemsize
        """Bytes of the whole answer."""

    @property
    def pid(self) -> int:
        """Number of the engine's process."""
        return self._engine.pid

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the observations."""
        return self._dtype

    def reset(self, seed: int | None = None, first_slots: Sequence[int] | None = None) -> Array:
        """Begins episodes and returns what every home sees, `[communities, homes, features]`.

        A seed decides all episodes from here on; without one the drawing goes on. `first_slots` names
        the first slot of every community's episode, and the seed is then that of the forecasts.
        """
        chosen = self._seed if seed is None else _whole("seed", seed)
        self._seed = None
        slots = None if first_slots is None else [_whole("first_slots", slot) for slot in first_slots]
        _, data = self._engine.ask_json(frames.RESET, {"seed": chosen, "firstSlots": slots})
        self._begun = True
        return self._observed(data, 0)

    def step(self, actions: Array) -> Step:
        """Carries out a slot; `actions` are `[communities, homes, numbers]`, or as many otherwise.

        What lies outside of [-1, 1] is cut. Raises `ValueError` for NaN, infinity and another size.
        """
        if not self._begun:
            raise EngineError("call reset before the first step")
        numbers = np.ascontiguousarray(actions, dtype="<f8")
        if numbers.size != math.prod(self._said):
            raise ValueError(
                f"actions must be {' x '.join(map(str, self._said))} numbers, got {numbers.shape}"
            )
        if not np.isfinite(numbers).all():
            raise self._infinite(numbers.reshape(self._said))
        said, data = self._engine.ask(frames.STEP, "", numbers.data.cast("B"), self._answer)
        homes = self._agents[0] * self._agents[1]
        flags = np.frombuffer(data, "<f8", 1 + homes)
        info: dict[str, NDArray[np.float64]] = {}
        at = 8 * (1 + homes)
        for name, is_common, size in self._columns:
            column = np.frombuffer(data, "<f8", size, at)
            info[name] = column if is_common else column.reshape(self._agents[0], -1)
            at += 8 * size
        return Step(
            self._observed(data, at),
            flags[1:].reshape(self._agents),
            bool(flags[0]),
            info,
            json.loads(said) if said else None,
        )

    def render(self) -> str:
        """The latest slot of the first community as a text."""
        return self._engine.ask(frames.RENDER)[0]

    def close(self) -> None:
        """Ends the engine; twice does no harm."""
        self._engine.close()

    def _infinite(self, numbers: Array) -> ValueError:
        told = self.description
        community, home, number = np.argwhere(~np.isfinite(numbers))[0]
        return ValueError(
            f"actions must be finite, got {numbers[community, home, number]} for "
            f"{told.actions[number]} of {told.homes[home]} in community {community}"
        )

    def _observed(self, data: memoryview, at: int) -> Array:
        told = self.description
        width, homes, together = len(told.common), len(told.homes), told.communities
        common = np.frombuffer(data, self._dtype, together * width, at)
        own = np.frombuffer(data, self._dtype, -1, at + common.nbytes)
        seen = np.empty((together, homes, width + len(told.own)), self._dtype)
        seen[:, :, :width] = common.reshape(together, 1, width)
        seen[:, :, width:] = own.reshape(together, homes, -1)
        return seen

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        """A copy is made of the same options, with an engine of its own at its start."""
        return self._made_with

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]


def described(said: Mapping[str, Any]) -> Description:
    """A description from what the engine says."""
    bounds = np.array(
        [
            (-np.inf if low is None else low, np.inf if high is None else high)
            for low, high in [*said["commonBounds"], *said["ownBounds"]]
        ]
    )
    return Description(
        community=said["community"],
        currency=said["currency"],
        homes=tuple(said["homes"]),
        communities=said["communities"],
        slots_per_episode=said["slotsPerEpisode"],
        dt_hours=said["dtHours"],
        start=said["start"],
        first_slots=tuple(said["firstSlots"]),
        common=tuple(said["common"]),
        own=tuple(said["own"]),
        actions=tuple(said["actions"]),
        info=tuple((column["name"], column["scope"]) for column in said["info"]),
        low=bounds[:, 0],
        high=bounds[:, 1],
        config=said["config"],
    )


def _read_config(config: Mapping[str, Any] | str | os.PathLike[str] | None) -> Any:
    if config is None:
        return {}
    try:
        if isinstance(config, Mapping):
            return json.loads(json.dumps(dict(config), allow_nan=False))
        return json.loads(Path(config).read_text(encoding="utf-8"), parse_constant=_no_number)
    except (OSError, TypeError, ValueError) as error:
        place = "" if isinstance(config, Mapping) else f" {os.fspath(config)}"
        raise EngineError(f"config{place}: {error}") from None


def _no_number(word: str) -> float:
    raise ValueError(f"numbers must be finite, got {word}")


def _whole(name: str, value: Any) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    return int(value)
