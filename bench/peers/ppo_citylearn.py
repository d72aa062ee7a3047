"""Trains PPO of Stable-Baselines3 on CityLearn's environment and prints the time of each iteration.

Usage: ppo_citylearn.py SETUP

SETUP is a JSON file: `schema` names a CityLearn schema.json; `agents` is "shared" (one policy for
every home, as in lib/ppo) or "central" (one agent that sees and steers all homes, as in CityLearn's
guides); `slots` are played between two updates; `runs` iterations are timed after one that is not;
`threads` go to PyTorch; `ppo` holds the parameters of both sides. Nothing is learned to be kept.
"""

import json
import sys
import time

import gymnasium
import numpy as np
import stable_baselines3
import torch
from citylearn.citylearn import CityLearnEnv
from citylearn.wrappers import NormalizedObservationWrapper, StableBaselines3Wrapper
from importlib.metadata import version
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger
from stable_baselines3.common.vec_env import VecEnv


class Homes(VecEnv):
    """The homes of one CityLearn environment as the rows of a vector environment."""

    def __init__(self, env):
        self.env = env
        self.actions = None
        super().__init__(len(env.observation_space), env.observation_space[0], env.action_space[0])

    def reset(self):
        observations, _ = self.env.reset()
        return np.array(observations, dtype=np.float32)

    def step_async(self, actions):
        self.actions = actions

    def step_wait(self):
        observations, rewards, terminated, truncated, _ = self.env.step(list(self.actions))
        infos = [{} for _ in range(self.num_envs)]
        ended = terminated or truncated
        if ended:
            for info, observation in zip(infos, observations):
                info["terminal_observation"] = np.array(observation, dtype=np.float32)
                info["TimeLimit.truncated"] = not terminated
            observations, _ = self.env.reset()
        return (
            np.array(observations, dtype=np.float32),
            np.array(rewards, dtype=np.float32),
            np.full(self.num_envs, ended),
            infos,
        )

    def close(self):
        self.env.close()

    def get_attr(self, attr_name, indices=None):
        return [None] * self.num_envs

    def set_attr(self, attr_name, value, indices=None):
        raise NotImplementedError

    def env_method(self, method_name, *method_args, indices=None, **method_kwargs):
        raise NotImplementedError

    def env_is_wrapped(self, wrapper_class, indices=None):
        return [False] * self.num_envs


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


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        setup = json.load(file)
    torch.set_num_threads(setup["threads"])
    central = setup["agents"] == "central"
    env = NormalizedObservationWrapper(CityLearnEnv(setup["schema"], central_agent=central))
    homes = len(env.unwrapped.buildings)
    ppo = setup["ppo"]
    # An update is cut into as many minibatches in either case.
    samples = setup["slots"] * (1 if central else homes)
    model = PPO(
        "MlpPolicy",
        StableBaselines3Wrapper(env) if central else Homes(env),
        n_steps=setup["slots"],
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
    print(json.dumps({
        "versions": {
            "python": sys.version.split()[0],
            "citylearn": version("citylearn"),
            "stable-baselines3": stable_baselines3.__version__,
            "gymnasium": gymnasium.__version__,
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
        "threads": torch.get_num_threads(),
        "homes": homes,
        "observed": int(model.observation_space.shape[0]),
        "agentSteps": setup["slots"] * homes,
        "seconds": whole.tolist(),
        "rolloutShare": float(np.median(rollout / whole)),
    }))


if __name__ == "__main__":
    main()
