"""The faces against the checkers of PettingZoo and Gymnasium, and against each other."""

import unittest
import warnings

import numpy as np
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test

import p2p_energy_lab
from p2p_energy_lab import central_env, make_vec, parallel_env

SMALL = {"prosumers": 3, "config": {"environment": {"episodeDays": 1}}}


class PettingZoo(unittest.TestCase):
    def test_parallel_api(self) -> None:
        env = parallel_env(**SMALL)
        parallel_api_test(env, num_cycles=100)
        env.close()

    def test_parallel_seeds(self) -> None:
        parallel_seed_test(lambda: parallel_env(**SMALL))

    def test_agent_by_agent(self) -> None:
        env = p2p_energy_lab.env(**SMALL)
        api_test(env, num_cycles=100)
        env.close()

    def test_an_episode_ends_with_zeros_and_an_audit(self) -> None:
        env = parallel_env(render_mode="ansi", **SMALL)
        observations, _ = env.reset(seed=1, options={"first_slot": 48})
        self.assertEqual(list(observations), env.possible_agents)
        slots = 0
        while env.agents:
            actions = {agent: env.action_space(agent).sample() for agent in env.agents}
            observations, rewards, terminations, truncations, infos = env.step(actions)
            for agent, info in infos.items():
                self.assertEqual(rewards[agent], -info["cost"])
                self.assertTrue(env.observation_space(agent).contains(observations[agent]))
            slots += 1
        self.assertEqual(slots, 24)
        self.assertTrue(all(terminations.values()) and not any(truncations.values()))
        self.assertEqual(infos["house-01"]["audit"]["total"], 0)
        self.assertFalse(any(observation.any() for observation in observations.values()))
        self.assertIn("house-02", env.render() or "")
        with self.assertRaises(p2p_energy_lab.EngineError):
            env.step(actions)
        env.close()


class Gymnasium(unittest.TestCase):
    def test_central_environment(self) -> None:
        env = central_env(**SMALL)
        with warnings.catch_warnings(record=True):
            check_env(env, skip_render_check=True)
        env.close()

    def test_vector_environment(self) -> None:
        env = make_vec(4, **SMALL)
        observation, _ = env.reset(seed=1)
        self.assertTrue(env.observation_space.contains(observation))
        for slot in range(48):
            step = env.step(np.zeros(env.action_space.shape, np.float32))
            observation, reward, terminated, truncated, info = step
            self.assertTrue(env.observation_space.contains(observation))
            self.assertEqual(reward.shape, (12,))
            self.assertEqual(terminated.all(), slot % 24 == 23)
            self.assertFalse(truncated.any())
            self.assertEqual("final_obs" in info, slot % 24 == 23)
        env.close()

    def test_many_communities_are_as_many_single_ones(self) -> None:
        slots = [0, 24, 240]
        random = np.random.default_rng(1)
        actions = random.uniform(-1, 1, (24, 3, 3, 2)).astype(np.float32)
        together = make_vec(3, reward="cost", **SMALL)
        observation, _ = together.reset(seed=7, options={"first_slots": slots})
        seen = [observation.reshape(3, 3, -1)]
        for slot in range(23):
            seen.append(together.step(actions[slot].reshape(9, 2))[0].reshape(3, 3, -1))
        together.close()
        for c, first in enumerate(slots):
            env = parallel_env(**SMALL)
            single, _ = env.reset(seed=7, options={"first_slot": first})
            for slot in range(23):
                np.testing.assert_array_equal(np.stack(list(single.values())), seen[slot][c])
                single = env.step(dict(zip(env.agents, actions[slot, c])))[0]
            env.close()


if __name__ == "__main__":
    unittest.main()
