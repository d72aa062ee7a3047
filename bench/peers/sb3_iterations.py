"""Iterations of Stable-Baselines3's PPO on some environment, each timed by itself.

In a set-up, `slots` are played between two updates; `runs` iterations are timed after one that is not;
`threads` go to PyTorch; `ppo` holds the parameters. Nothing is learned to be kept.
"""

import sys
import time
from importlib.metadata import version

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger


class Clock(BaseCallback):
    """Notes when each rollout begins and when it ends."""

    def __init__(self):
        super().__init__()
        self.begun, self.played = [], []

    def _on_rollout_start(self):
        self.begun.append(time.perf_counter())

    def _on_rollout_end(self):
        self.played.append(time.perf_counter())

    def _on_step(self):
        return True


def iterations(env, setup):
    """Seconds of each, rollout and update, and what else there is to know."""
    torch.set_num_threads(setup["threads"])
    ppo, steps = setup["ppo"], setup["slots"]
    # An update is cut into as many minibatches whoever plays.
    samples = steps * getattr(env, "num_envs", 1)
    model = PPO(
        "MlpPolicy",
        env,
        n_steps=steps,
        batch_size=samples // ppo["minibatches"],
        n_epochs=ppo["epochs"],
        learning_rate=ppo["learningRate"],
        gamma=ppo["discount"],
        gae_lambda=ppo["gaeLambda"],
        clip_range=ppo["clipRange"],
        vf_coef=ppo["valueCoefficient"],
        ent_coef=ppo["entropyCoefficient"],
        max_grad_norm=ppo["maxGradientNorm"],
        policy_kwargs={"net_arch": ppo["hiddenSizes"]},
        device="cpu",
        seed=setup["seed"],
    )
    # The logger that would be made otherwise leaves a folder behind.
    model.set_logger(Logger(folder=None, output_formats=[]))
    clock = Clock()
    # The last rollout only says when the update before it has ended.
    model.learn((setup["runs"] + 2) * samples, callback=clock)
    whole = np.diff(clock.begun)[1:]
    rollout = np.subtract(clock.played, clock.begun)[1:-1]
    return {
        "seconds": whole.tolist(),
        "rolloutShare": float(np.median(rollout / whole)),
        "observed": int(model.observation_space.shape[0]),
    }


def versions(*others):
    """Versions of what takes part."""
    names = [*others, "stable-baselines3", "gymnasium", "numpy"]
    return {
        "python": sys.version.split()[0],
        **{name: version(name) for name in names},
        "torch": torch.__version__,
    }
