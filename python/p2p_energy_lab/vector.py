"""Many communities as vectorised environments: every home of every community is one of them, and all
share a policy. Episodes end together, and the next begin in the same step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Sequence, overload

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from typing_extensions import Unpack

from .client import Array, Client, Options
from .spaces import action_box, observation_box

if TYPE_CHECKING:
    from .sb3 import EnergyMarketSb3Env


class EnergyMarketVectorEnv(VectorEnv[Array, Array, Array]):
    """See `make_vec`."""

    metadata = {"autoreset_mode": AutoresetMode.SAME_STEP, "render_modes": ["ansi"]}

    def __init__(self, client: Client, render_mode: str | None = None) -> None:
        told = client.description
        self.client = client
        self.render_mode = render_mode
        self.num_envs = told.communities * len(told.homes)
        self.single_observation_space = observation_box(told, client.dtype)
        self.single_action_space = action_box(told)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._never = np.zeros(self.num_envs, bool)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Array, dict[str, Any]]:
        """Begins episodes; `options={"first_slots": [...]}` names each community's first slot."""
        super().reset(seed=seed)
        observation = self.client.reset(seed, (options or {}).get("first_slots"))
        return observation.reshape(self.num_envs, -1), {}

    def step(self, actions: Array) -> tuple[Array, Array, Array, Array, dict[str, Any]]:
        """Carries out a slot of all communities.

        Where the episodes end, the observations are those of the next ones, and `final_obs` holds
        what was last seen of these: zeros, since nothing follows the end of the horizon.
        """
        result = self.client.step(actions)
        observation = result.observation.reshape(self.num_envs, -1)
        info: dict[str, Any] = dict(result.info)
        if result.audit is not None:
            info["audit"] = result.audit
        if result.terminated:
            final = np.empty(self.num_envs, object)
            final[:] = list(np.zeros_like(observation))
            info["final_obs"], info["_final_obs"] = final, ~self._never
        ended = np.full(self.num_envs, result.terminated)
        return observation, result.reward.reshape(-1), ended, self._never.copy(), info

    def render(self) -> tuple[str, ...] | None:
        """The latest slot of the first community as a text, where `render_mode` is `ansi`."""
        return (self.client.render(),) if self.render_mode == "ansi" else None

    def close_extras(self, **_: Any) -> None:
        """Ends the engine."""
        self.client.close()


@overload
def make_vec(
    communities: int = ...,
    *,
    kind: Literal["gymnasium"] = ...,
    info: Sequence[str] = ...,
    books: bool = ...,
    **options: Unpack[Options],
) -> EnergyMarketVectorEnv: ...


@overload
def make_vec(
    communities: int = ...,
    *,
    kind: Literal["sb3"],
    info: Sequence[str] = ...,
    books: bool = ...,
    **options: Unpack[Options],
) -> EnergyMarketSb3Env: ...


def make_vec(
    communities: int = 32,
    *,
    kind: Literal["gymnasium", "sb3"] = "gymnasium",
    info: Sequence[str] = (),
    books: bool = False,
    **options: Unpack[Options],
) -> EnergyMarketVectorEnv | EnergyMarketSb3Env:
    """So many communities as a Gymnasium `VectorEnv` or a Stable-Baselines3 `VecEnv`.

    There are `communities` x homes environments in it, home after home. `info` names columns of the
    books that come with every step; `books` keeps and audits those of whole episodes. The reward is
    what training is rewarded with in the laboratory, unless `reward="cost"` is asked for.

    Raises `EngineError` in one line if something does not fit.
    """
    options.setdefault("reward", "training")
    client = Client(communities, info=info, books=books, **options)
    if kind == "gymnasium":
        return EnergyMarketVectorEnv(client)
    if kind != "sb3":
        client.close()
        raise ValueError(f"kind must be 'gymnasium' or 'sb3', got {kind!r}")
    from .sb3 import EnergyMarketSb3Env

    return EnergyMarketSb3Env(client)
