"""Communities of homes that trade energy, as environments for reinforcement learning.

| what you have | what to call |
| --- | --- |
| PettingZoo code | `parallel_env`, `env` |
| Gymnasium code with vectorised environments | `make_vec` |
| Stable-Baselines3 | `make_vec(kind="sb3")` |
| one agent that decides for all homes | `central_env` |
| anything else | `Client`: arrays in, arrays out |
"""

from typing import TYPE_CHECKING, Any

from .central import CentralEnv, central_env
from .client import Client, Description, Options, Step
from .process import EngineError
from .vector import EnergyMarketVectorEnv, make_vec

if TYPE_CHECKING:
    from .parallel import env, parallel_env

__version__ = "0.2.0"

__all__ = [
    "CentralEnv",
    "Client",
    "Description",
    "EnergyMarketVectorEnv",
    "EngineError",
    "Options",
    "Step",
    "central_env",
    "env",
    "make_vec",
    "parallel_env",
]


def __getattr__(name: str) -> Any:
    # PettingZoo is wanted by those alone who use it.
    if name not in ("env", "parallel_env"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from . import parallel
    except ModuleNotFoundError as error:
        if error.name != "pettingzoo":
            raise
        raise ImportError(
            f"{name} needs PettingZoo; pip install p2p-energy-lab[pettingzoo]"
        ) from None
    return getattr(parallel, name)
