"""The communities with Stable-Baselines3."""

import unittest
import warnings

import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.env_checker import check_env
from stable_baselines3.common.vec_env import VecMonitor

from p2p_energy_lab import central_env, make_vec

SMALL = {"prosumers": 3, "config": {"environment": {"episodeDays": 1}}}


class StableBaselines3(unittest.TestCase):
    def test_its_checker_is_content(self) -> None:
        env = central_env(**SMALL)
        with warnings.catch_warnings(record=True):
            check_env(env)
        env.close()

    def test_ppo_trains_on_communities(self) -> None:
        env = VecMonitor(make_vec(4, kind="sb3", **SMALL))
        model = PPO("MlpPolicy", env, n_steps=48, batch_size=96, n_epochs=2, seed=1)
        before = model.get_parameters()["policy"]["action_net.weight"].clone()
        model.learn(2 * 48 * env.num_envs)
        after = model.get_parameters()["policy"]["action_net.weight"]
        self.assertFalse(np.array_equal(before, after))
        self.assertEqual(len(model.ep_info_buffer), 48)
        env.close()


if __name__ == "__main__":
    unittest.main()
