"""Trains PPO of Stable-Baselines3 on this laboratory's communities and prints the time of each iteration.

Usage: ppo_here.py SETUP

SETUP is a JSON file: `communities` play side by side, the homes of the folder `data`; for the rest see
sb3_iterations.py.
"""

import json
import sys

from p2p_energy_lab import make_vec
from stable_baselines3.common.vec_env import VecNormalize

from sb3_iterations import iterations, versions


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        setup = json.load(file)
    homes = make_vec(setup["communities"], kind="sb3", data=setup["data"])
    # What CityLearn's wrapper does there.
    env = VecNormalize(homes, norm_reward=False)
    print(json.dumps({
        **iterations(env, setup),
        "versions": versions(),
        "agentSteps": setup["slots"] * homes.num_envs,
    }))
    env.close()


if __name__ == "__main__":
    main()
