"""One community as a PettingZoo environment: every home an agent, all act in every slot."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from gymnasium.spaces import Box
from pettingzoo import AECEnv, ParallelEnv
from pettingzoo.utils import parallel_to_aec
from typing_extensions import Unpack

from .client import Array, Client, Options
from .process import EngineError
from .spaces import action_box, observation_box

HOME_COLUMNS = ("cost", "bill", "netKwh", "tradedKwh", "gridKwh", "emissionsKg")
"""What `infos` says of every home unless other columns of the books are asked for."""


class EnergyMarketParallelEnv(ParallelEnv[str, Array, Array]):
    """See `parallel_env`."""

    metadata = {"name": "energy_market_v0", "render_modes": ["ansi"], "is_parallelizable": True}

    def __init__(self, client: Client, render_mode: str | None) -> None:
        if render_mode not in (None, "ansi"):
            client.close()
            raise ValueError(f"render_mode must be 'ansi' or None, got {render_mode!r}")
        self.client = client
        self.render_mode = render_mode
        self.possible_agents = list(client.description.homes)
        self.agents: list[str] = []
        self._seen = observation_box(client.description, client.dtype)
        self._said = action_box(client.description)
        self.observation_spaces = {
            agent: Box(self._seen.low, self._seen.high, dtype=client.dtype.type)
            for agent in self.possible_agents
        }
        self.action_spaces = {
            agent: action_box(client.description) for agent in self.possible_agents
        }

    def observation_space(self, agent: str) -> Box:
        """What a home sees, see `Client.description` for names and units."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Box:
        """What a home says."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Array], dict[str, dict[str, Any]]]:
        """Begins an episode; `options={"first_slot": n}` names its first slot in the data set."""
        slot = (options or {}).get("first_slot")
        observation = self.client.reset(seed, None if slot is None else [slot])
        self.agents = list(self.possible_agents)
        return dict(zip(self.agents, observation[0])), {agent: {} for agent in self.agents}

    def step(
        self, actions: dict[str, Array]
    ) -> tuple[
        dict[str, Array],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, Any]],
    ]:
        """Carries out a slot. After the last one of the episode nobody is left."""
        if not self.agents:
            raise EngineError("the episode is over; call reset before the next step")
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise ValueError(f"there is no action of {missing[0]}")
        agents = self.agents
        result = self.client.step(np.stack([actions[agent] for agent in agents]))
        # The engine has begun the next episode already; of this one there is nothing more to see.
        seen = np.zeros_like(result.observation[0]) if result.terminated else result.observation[0]
        rewards = result.reward[0].tolist()
        scopes = dict(self.client.description.info)
        own = {name: column[0].tolist() for name, column in result.info.items() if scopes[name] == "home"}
        alike: dict[str, Any] = {
            name: column[0] if scopes[name] == "store" else float(column[0])
            for name, column in result.info.items()
            if scopes[name] != "home"
        }
        if result.audit is not None:
            alike["audit"] = result.audit
        infos = {
            agent: {**{name: column[i] for name, column in own.items()}, **alike}
            for i, agent in enumerate(agents)
        }
        ended = dict.fromkeys(agents, result.terminated)
        if result.terminated:
            self.agents = []
        return dict(zip(agents, seen)), dict(zip(agents, rewards)), ended, dict.fromkeys(agents, False), infos

    def render(self) -> str | None:
        """The latest slot as a text, where `render_mode` is `ansi`."""
        return self.client.render() if self.render_mode == "ansi" else None

    def close(self) -> None:
        """Ends the engine."""
        self.client.close()


def parallel_env(
    *,
    render_mode: str | None = None,
    info: Sequence[str] = (*HOME_COLUMNS, "clearingPricePerKwh"),
    books: bool = True,
    **options: Unpack[Options],
) -> EnergyMarketParallelEnv:
    """One community as a PettingZoo `ParallelEnv`.

    `info` names the columns of the books that `infos` holds. With `books`, the last infos of an
    episode hold the `audit` of its books: how often something did not hold, by kind; 0 is sound.

    Raises `EngineError` in one line if something does not fit.
    """
    return EnergyMarketParallelEnv(Client(1, info=info, books=books, **options), render_mode)


def env(**options: Any) -> AECEnv[str, Array, Array]:
    """The same agent by agent, a PettingZoo `AECEnv`; takes what `parallel_env` takes."""
    return parallel_to_aec(parallel_env(**options))
