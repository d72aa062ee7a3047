"""PPO of Stable-Baselines3 on many communities, and what it learned as a policy of the laboratory.

    python python/examples/sb3_ppo.py --steps 1000000
    deno task evaluate --policies grid-only,self-consumption,python:python.examples.sb3_ppo:sb3_ppo
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import VecNormalize

from p2p_energy_lab import Description, make_vec

FOLDER = Path("runs/sb3-ppo")


def train(steps: int, communities: int, seed: int) -> None:
    """Trains for so many agent-steps, and leaves the model in `FOLDER`."""
    env = VecNormalize(make_vec(communities, kind="sb3", seed=seed), norm_reward=False, clip_obs=5)
    model = PPO(
        "MlpPolicy",
        env,
        n_steps=24,
        batch_size=24 * env.num_envs // 8,
        n_epochs=4,
        gamma=0.995,
        learning_rate=1e-3,
        seed=seed,
        policy_kwargs={"net_arch": [64, 64], "log_std_init": -0.7},
    )
    began = time.perf_counter()
    model.learn(steps)
    print(f"{model.num_timesteps / (time.perf_counter() - began):.0f} agent-steps/s")
    FOLDER.mkdir(parents=True, exist_ok=True)
    model.save(FOLDER / "model.zip")
    np.savez(FOLDER / "seen.npz", mean=env.obs_rms.mean, var=env.obs_rms.var)
    env.close()


def sb3_ppo(told: Description):
    """The mean action of every home, for `deno task evaluate`."""
    model = PPO.load(FOLDER / "model.zip")
    seen = np.load(FOLDER / "seen.npz")
    if len(seen["mean"]) != len(told.features):
        raise ValueError(
            f"trained on {len(seen['mean'])} features, and here are {len(told.features)}; train anew"
        )

    def act(observation):
        scaled = (observation - seen["mean"]) / np.sqrt(seen["var"] + 1e-8)
        rows = np.clip(scaled, -5, 5).astype(np.float32).reshape(-1, len(told.features))
        actions, _ = model.predict(rows, deterministic=True)
        return actions.reshape(*observation.shape[:2], -1)

    return act


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--communities", type=int, default=32)
    parser.add_argument("--seed", type=int, default=42)
    given = parser.parse_args()
    train(given.steps, given.communities, given.seed)
