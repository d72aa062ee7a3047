"""One community as a Gymnasium environment with a single agent, which decides for all homes."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from typing_extensions import Unpack

from .client import Array, Client, Options
from .spaces import action_box, central_observation_box


class CentralEnv(gymnasium.Env[Array, Array]):
    """See `central_env`."""

    metadata = {"render_modes": ["ansi"]}

    def __init__(self, render_mode: str | None = None, **options: Unpack[Options]) -> None:
        if render_mode not in (None, "ansi"):
            raise ValueError(f"render_mode must be 'ansi' or None, got {render_mode!r}")
        self.client = Client(1, books=True, **options)
        self.render_mode = render_mode
        told = self.client.description
        self.observation_space = central_observation_box(told, self.client.dtype)
        self.action_space = action_box(told, len(told.homes))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Array, dict[str, Any]]:
        """Begins an episode; `options={"first_slot": n}` names its first slot in the data set."""
        super().reset(seed=seed)
        slot = (options or {}).get("first_slot")
        return self._flat(self.client.reset(seed, None if slot is None else [slot])), {}

    def step(self, action: Array) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """Carries out a slot; the reward is that of all homes together."""
        result = self.client.step(action)
        seen = self._flat(result.observation)
        if result.terminated:
            seen[:] = 0
        info = {} if result.audit is None else {"audit": result.audit}
        return seen, float(result.reward.sum()), result.terminated, False, info

    def render(self) -> str | None:
        """The latest slot as a text, where `render_mode` is `ansi`."""
        return self.client.render() if self.render_mode == "ansi" else None

    def close(self) -> None:
        """Ends the engine."""
        self.client.close()

    def _flat(self, observation: Array) -> Array:
        common = len(self.client.description.common)
        return np.concatenate([observation[0, 0, :common], observation[0, :, common:].ravel()])


def central_env(render_mode: str | None = None, **options: Unpack[Options]) -> CentralEnv:
    """One community as a `gymnasium.Env` in which one agent sees and decides for all homes.

    Raises `EngineError` in one line if something does not fit.
    """
    return CentralEnv(render_mode, **options)
