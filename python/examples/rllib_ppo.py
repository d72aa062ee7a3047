"""PPO of Ray RLlib on one community, with a policy that all homes share.

    pip install "ray[rllib]" torch "p2p-energy-lab[pettingzoo]"
    python python/examples/rllib_ppo.py --iterations 20
"""

from __future__ import annotations

import argparse

from ray.rllib.algorithms.ppo import PPOConfig
from ray.rllib.connectors.env_to_module import MeanStdFilter
from ray.rllib.env.wrappers.pettingzoo_env import ParallelPettingZooEnv
from ray.tune.registry import register_env

from p2p_energy_lab import parallel_env


def rllib_config(prosumers: int = 10, seed: int = 42) -> PPOConfig:
    """The configuration; more environments play side by side with `env_runners(num_env_runners=…)`."""
    register_env("p2p", lambda options: ParallelPettingZooEnv(parallel_env(**options)))
    config = PPOConfig()
    config.environment("p2p", env_config={"prosumers": prosumers, "reward": "training"})
    # Observations are in natural units, and networks like numbers of order 1.
    config.env_runners(
        num_env_runners=0,
        env_to_module_connector=lambda *_, **__: MeanStdFilter(multi_agent=True),
    )
    config.multi_agent(policies={"home"}, policy_mapping_fn=lambda agent, *_, **__: "home")
    # Slots between two updates, and of a minibatch: two weeks of hours, whole.
    config.training(
        gamma=0.995, lr=1e-3, train_batch_size_per_learner=336, minibatch_size=336, num_epochs=4
    )
    config.rl_module(model_config={"fcnet_hiddens": [64, 64], "fcnet_activation": "tanh"})
    config.debugging(seed=seed)
    return config


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--prosumers", type=int, default=10)
    parser.add_argument("--seed", type=int, default=42)
    given = parser.parse_args()
    algorithm = rllib_config(given.prosumers, given.seed).build_algo()
    for iteration in range(given.iterations):
        runners = algorithm.train()["env_runners"]
        reward = runners.get("episode_return_mean")
        print(f"iteration {iteration + 1}: mean reward of an episode {reward}")
    algorithm.stop()
