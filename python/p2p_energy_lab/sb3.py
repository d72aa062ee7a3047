"""The communities as Stable-Baselines3 sees many environments; `make_vec(kind="sb3")` makes them."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from stable_baselines3.common.vec_env import VecEnv

from .client import Array, Client
from .spaces import action_box, observation_box


class EnergyMarketSb3Env(VecEnv):
    """Every home of every community is one of the environments; see `make_vec`."""

    def __init__(self, client: Client) -> None:
        told = client.description
        self.client = client
        self.render_mode = "ansi"
        count = told.communities * len(told.homes)
        super().__init__(count, observation_box(told, client.dtype), action_box(told))
        self._actions: Array | None = None

    def reset(self) -> Array:
        """Begins episodes; a seed given to `seed` counts for the first of them."""
        [seed, *_] = self._seeds
        self._reset_seeds()
        return self.client.reset(seed).reshape(self.num_envs, -1)

    def step_async(self, actions: Array) -> None:
        """Takes the actions of all homes."""
        self._actions = actions

    def step_wait(self) -> tuple[Array, Array, Array, list[dict[str, Any]]]:
        """Carries out a slot; at the end of episodes the next ones begin at once."""
        assert self._actions is not None, "step_async comes before step_wait"
        result = self.client.step(self._actions)
        observation = result.observation.reshape(self.num_envs, -1)
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        scopes = dict(self.client.description.info)
        for name, column in result.info.items():
            if scopes[name] == "home":
                for info, value in zip(infos, column.ravel().tolist()):
                    info[name] = value
        if result.terminated:
            # Nothing follows the end of the horizon, hence no TimeLimit.truncated.
            for info, last in zip(infos, np.zeros_like(observation)):
                info["terminal_observation"] = last
                if result.audit is not None:
                    info["audit"] = result.audit
        done = np.full(self.num_envs, result.terminated)
        return observation, result.reward.ravel().astype(np.float32), done, infos

    def close(self) -> None:
        """Ends the engine."""
        self.client.close()

    def get_images(self) -> Sequence[np.ndarray[Any, Any] | None]:
        """There are no pictures but texts."""
        return [None] * self.num_envs

    def render(self, mode: str | None = None) -> Any:
        """The latest slot of the first community as a text."""
        return self.client.render()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """The same attribute for each of them."""
        return [getattr(self, attr_name)] * len(self._chosen(indices))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """All of them are one and have the same attributes."""
        setattr(self, attr_name, value)

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        """Calls a method once and answers the same for each of them."""
        return [getattr(self, method_name)(*args, **kwargs)] * len(self._chosen(indices))

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        """None of them is."""
        return [False] * len(self._chosen(indices))

    def _chosen(self, indices: Any) -> list[int]:
        return list(self._get_indices(indices))
