"""The client: spaces, bits, seeds, refusals, and how processes end."""

import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from p2p_energy_lab import Client, EngineError, central_env, make_vec, process

EXPECTED = os.environ.get("P2P_EXPECTED")
"""Folder with what the environment in TypeScript made of the same actions."""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that has ended and was not waited for is still listed.
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def ends(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


class Spaces(unittest.TestCase):
    def test_every_observation_of_a_year_is_in_its_space(self) -> None:
        with make_vec(52, kind="gymnasium", reward="cost").client as client:
            told = client.description
            box = central_box(told)
            random = np.random.default_rng(1)
            shape = (told.communities, len(told.homes), len(told.actions))
            slots = [168 * week for week in range(52)]
            seen = client.reset(3, slots)
            for _ in range(told.slots_per_episode):
                assert_inside(self, seen, *box)
                seen = client.step(random.uniform(-1, 1, shape)).observation

    def test_devices_and_own_tariffs_have_spaces_too(self) -> None:
        homes = {"tariff": "mixed", "prosumers": 6, "cars": 4, "heat_pumps": 3, "appliances": 3}
        for orders in ("curves", "inelastic"):
            if orders == "curves":
                homes |= {"feeder": "rural", "dt_hours": 0.5}
            else:
                del homes["feeder"]
            config = {"environment": {"episodeDays": 7, "market": {"orders": orders}}}
            with Client(4, config=config, books=True, **homes) as client:
                told = client.description
                self.assertIn("importPricePerKwh", told.own)
                self.assertIn("car.chargeEfficiency", told.own)
                self.assertIn("car.power" if orders == "inelastic" else "car.fall", told.actions)
                random = np.random.default_rng(4)
                seen = client.reset(1)
                for _ in range(told.slots_per_episode):
                    assert_inside(self, seen, *central_box(told))
                    step = client.step(random.uniform(-1, 1, (4, 6, len(told.actions))))
                    seen = step.observation
                self.assertEqual(step.audit["total"], 0)


def central_box(told):
    return told.low.astype(np.float32), told.high.astype(np.float32)


def assert_inside(test, seen, low, high) -> None:
    inside = np.isfinite(seen) & (seen >= low) & (seen <= high)
    test.assertTrue(inside.all(), f"{np.argwhere(~inside)[:3]}")


class Bits(unittest.TestCase):
    @unittest.skipIf(EXPECTED is None, "P2P_EXPECTED names no folder")
    def test_a_thousand_steps_equal_the_environment_bit_for_bit(self) -> None:
        folder = Path(EXPECTED or "")
        plan = json.loads((folder / "plan.json").read_text())
        for case in plan:
            actions = np.fromfile(folder / f"{case['name']}.actions", "<f8")
            expected = np.fromfile(folder / f"{case['name']}.expected", "<f8")
            with self.subTest(case["name"]):
                exact = self.play(case, actions, "float64")
                self.assertEqual(exact.size, expected.size)
                self.assertEqual(exact.tobytes(), expected.tobytes())
                rounded = self.play(case, actions, "float32")
                self.assertEqual(
                    rounded.tobytes(), expected.astype(np.float32).tobytes()
                )

    def play(self, case, actions, dtype):
        options = {**case["options"], "dtype": dtype}
        with Client(case["communities"], **options) as client:
            said = [client.reset(case["seed"]).ravel()]
            for numbers in actions.reshape(case["steps"], -1):
                step = client.step(numbers)
                said += [step.reward.ravel().astype(dtype), step.observation.ravel()]
            return np.concatenate(said)


class Seeds(unittest.TestCase):
    def week(self, *, made_with: int = 42, reset_with: int | None = None) -> bytes:
        with Client(3, seed=made_with) as client:
            first = client.reset(reset_with).tobytes()
            actions = np.zeros((3, 10, 2))
            return first + b"".join(client.step(actions).observation.tobytes() for _ in range(200))

    def test_the_same_seed_is_the_same_play_and_another_is_not(self) -> None:
        self.assertEqual(self.week(reset_with=5), self.week(reset_with=5))
        self.assertNotEqual(self.week(reset_with=5), self.week(reset_with=6))
        self.assertEqual(self.week(made_with=5), self.week(reset_with=5))

    def test_without_a_seed_the_drawing_goes_on(self) -> None:
        with Client() as client:
            first, second = client.reset(1), client.reset()
            self.assertNotEqual(first.tobytes(), second.tobytes())
            self.assertEqual(client.reset(1).tobytes(), first.tobytes())


class Books(unittest.TestCase):
    def test_books_are_sound_and_add_up_to_the_reward(self) -> None:
        columns = ("cost", "tradedKwh", "clearingPricePerKwh", "endEnergyKwh")
        for mechanism in ("uniform-price", "sharing-dynamic"):
            config = {"environment": {"episodeDays": 1, "market": {"mechanism": mechanism}}}
            with Client(2, info=columns, books=True, config=config) as client:
                client.reset(1)
                random = np.random.default_rng(2)
                for slot in range(48):
                    step = client.step(random.uniform(-1, 1, (2, 10, 2)))
                    np.testing.assert_array_equal(step.reward, -step.info["cost"])
                    self.assertAlmostEqual(np.abs(step.info["tradedKwh"].sum(axis=1)).max(), 0)
                    self.assertEqual(step.terminated, slot % 24 == 23)
                    self.assertEqual(step.audit is not None, step.terminated)
                    if step.audit is not None:
                        self.assertEqual(set(step.audit.values()), {0})

    def test_the_training_reward_is_what_was_saved(self) -> None:
        idle = np.zeros((1, 10, 2))
        with Client(1, reward="training") as trained, Client(1, reward="cost") as plain:
            trained.reset(1), plain.reset(1)
            difference = trained.step(idle).reward - plain.step(idle).reward
            self.assertGreater(np.abs(difference).max(), 0.001)


class Refusals(unittest.TestCase):
    def test_what_does_not_fit_is_one_line(self) -> None:
        for options, said in [
            ({"setup": "R99"}, "setup must be one of R1"),
            ({"setup": "R2"}, "name their data set folder"),
            ({"setup": "W"}, "W is many communities"),
            ({"data": "W"}, "W is many communities"),
            ({"config": {"ppo": {"learningRate": float("nan")}}}, "config: "),
            ({"config": {"ppo": object()}}, "config: "),
            ({"data": "/nowhere"}, "/nowhere"),
            ({"prosumers": 0}, "prosumers"),
            ({"tariff": "none"}, "tariff must be one of"),
            ({"scenario": "war"}, "scenario must be one of"),
            ({"split": "all"}, "split"),
            ({"info": ("price",)}, "info must be one of"),
            ({"config": {"environment": {"market": {"mechanism": "x"}}}}, "market.mechanism"),
            ({"config": {"enviroment": {}}}, "enviroment"),
            ({"config": "/nowhere.json"}, "/nowhere.json"),
            ({"communities": 0}, "communities"),
            ({"config": {"environment": {"episodeDays": 3660}}}, "episode"),
        ]:
            with self.subTest(said), self.assertRaises(EngineError) as caught:
                Client(**options)
            self.assertIn(said, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))

    def test_actions_are_checked(self) -> None:
        with Client() as client:
            with self.assertRaisesRegex(EngineError, "call reset before"):
                client.step(np.zeros((10, 2)))
            client.reset(1)
            for value in (np.nan, np.inf):
                actions = np.zeros((10, 2))
                actions[3, 1] = value
                with self.assertRaisesRegex(ValueError, "battery.fall of house-04"):
                    client.step(actions)
            with self.assertRaisesRegex(ValueError, "1 x 10 x 2 numbers"):
                client.step(np.zeros((9, 2)))
            beyond = client.step(np.full((10, 2), 7.0)).reward
        with Client() as client:
            client.reset(1)
            np.testing.assert_array_equal(client.step(np.ones((10, 2))).reward, beyond)

    def test_a_first_slot_outside_of_the_data_is_refused_and_nothing_is_lost(self) -> None:
        with Client() as client:
            with self.assertRaisesRegex(EngineError, "firstSlots"):
                client.reset(1, [10_000_000])
            client.reset(1)
            client.step(np.zeros((10, 2)))

    def test_an_option_that_does_not_exist_is_named(self) -> None:
        with self.assertRaisesRegex(TypeError, "'homes'"):
            Client(homes=3)  # type: ignore[call-arg]

    def test_without_deno_the_remedy_is_said(self) -> None:
        with (
            mock.patch.dict(sys.modules, {"deno": None}),
            mock.patch.object(process.shutil, "which", return_value=None),
            self.assertRaisesRegex(EngineError, "pip install deno"),
        ):
            Client()


class Endings(unittest.TestCase):
    def test_closing_ends_the_process(self) -> None:
        client = Client()
        pid = client.pid
        self.assertTrue(is_alive(pid))
        client.close()
        client.close()
        self.assertFalse(is_alive(pid))
        with self.assertRaisesRegex(EngineError, "is closed"):
            client.reset()

    def test_forgetting_it_ends_the_process(self) -> None:
        client = Client()
        pid = client.pid
        del client
        self.assertTrue(ends(pid))

    def test_a_killed_engine_is_one_exception(self) -> None:
        client = Client()
        client.reset(1)
        os.kill(client.pid, signal.SIGKILL)
        with self.assertRaisesRegex(EngineError, "has ended with code -9"):
            client.step(np.zeros((10, 2)))
        with self.assertRaises(EngineError):
            client.step(np.zeros((10, 2)))

    def test_a_killed_python_leaves_no_engine(self) -> None:
        code = (
            "import time\nfrom p2p_energy_lab import Client\n"
            "client = Client()\nprint(client.pid, flush=True)\ntime.sleep(60)"
        )
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            pid = int(child.stdout.readline())
            self.assertTrue(is_alive(pid))
            child.kill()
        self.assertTrue(ends(pid))

    def test_a_copy_has_an_engine_of_its_own(self) -> None:
        with Client(2, prosumers=3) as client, pickle.loads(pickle.dumps(client)) as copy:
            self.assertNotEqual(client.pid, copy.pid)
            self.assertEqual(client.reset(1).tobytes(), copy.reset(1).tobytes())

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
    def test_a_forked_process_is_told_to_make_its_own(self) -> None:
        with Client() as client:
            client.reset(1)
            context = multiprocessing.get_context("fork")
            answers = context.SimpleQueue()
            child = context.Process(target=use, args=(client, answers))
            child.start()
            child.join()
            self.assertIn("another process", answers.get())
            client.step(np.zeros((10, 2)))


def use(client, answers) -> None:
    try:
        client.step(np.zeros((10, 2)))
        answers.put("it answered")
    except EngineError as error:
        answers.put(str(error))


class Pictures(unittest.TestCase):
    def test_the_latest_slot_is_a_text(self) -> None:
        env = central_env("ansi", prosumers=3)
        env.reset(seed=1)
        self.assertIn("no slot", env.render())
        env.step(np.zeros(env.action_space.shape))
        self.assertIn("house-03", env.render())
        env.close()


if __name__ == "__main__":
    unittest.main()
