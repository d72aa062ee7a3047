"""Trains PPO of Stable-Baselines3 on CityLearn's environment and prints the time of each iteration.

Usage: ppo_citylearn.py SETUP

SETUP is a JSON file: `schema` names a CityLearn schema.json; `agents` is "shared" (one policy for
every home, as in lib/ppo) or "central" (one agent that sees and steers all homes, as in CityLearn's
guides); `slots` are played between two updates; for the rest see sb3_iterations.py.
"""

import json
import sys

import numpy as np
from citylearn.citylearn import CityLearnEnv
from citylearn.wrappers import NormalizedObservationWrapper, StableBaselines3Wrapper
from stable_baselines3.common.vec_env import VecEnv

from sb3_iterations import iterations, versions


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


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        setup = json.load(file)
    central = setup["agents"] == "central"
    env = NormalizedObservationWrapper(CityLearnEnv(setup["schema"], central_agent=central))
    homes = len(env.unwrapped.buildings)
    print(json.dumps({
        **iterations(StableBaselines3Wrapper(env) if central else Homes(env), setup),
        "versions": versions("citylearn"),
        "agentSteps": setup["slots"] * homes,
    }))


if __name__ == "__main__":
    main()
