#!/usr/bin/env bash
# PettingZoo's two checks of parallel environments pass one that ignores its seed and one that answers with NaN.
#
# Package:  pettingzoo 1.27.0 with gymnasium 1.4.0 (PyPI), Python 3.11 or newer.
# Expected: parallel_seed_test plays up to 500 steps in two copies and fails where they differ; parallel_api_test
#           fails for observations outside the observation space and for rewards that are no numbers.
# Seen:     parallel_seed_test stops after one step: it looks whether the dictionaries of ends have keys (they always
#           have), not whether an agent has ended. parallel_api_test never looks at a value.
# So:       add a test that plays whole episodes twice and compares bits, and one that asks space.contains(obs) and
#           isfinite(reward) at each step.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps pettingzoo==1.27.0 gymnasium==1.4.0 \
  numpy==2.4.6 cloudpickle==3.1.3 farama-notifications==0.0.6 typing-extensions==4.16.0
"$folder/venv/bin/python" - <<'EOF'
import sys

import numpy as np
from gymnasium.spaces import Box, Discrete
from pettingzoo import ParallelEnv
from pettingzoo.test import parallel_api_test, parallel_seed_test


class Market(ParallelEnv):
    """Two agents, ten steps, same seed same answers."""

    metadata = {"name": "market"}
    render_mode = None

    def __init__(self, differs_at=0, reward=0.0, shape=(1,), level=0.5):
        self.possible_agents, self.agents = ["a", "b"], []
        self.seen, self.acts = Box(0, 1, (1,), np.float32), Discrete(2)
        self.differs_at, self.reward, self.shape, self.level = differs_at, reward, shape, level

    def observation_space(self, agent):
        return self.seen

    def action_space(self, agent):
        return self.acts

    def each(self, value):
        return {agent: value for agent in self.possible_agents}

    def reset(self, seed=None, options=None):
        self.step_number, self.agents = 0, self.possible_agents[:]
        return self.each(np.full(1, 0.5, np.float32)), self.each({})

    def step(self, actions):
        self.step_number += 1
        level = np.random.random() if self.step_number == self.differs_at else self.level  # without regard to the seed
        ended = self.step_number == 10
        self.agents = [] if ended else self.agents
        return (self.each(np.full(self.shape, level, np.float32)), self.each(self.reward), self.each(False),
                self.each(ended), self.each({}))


def passes(check, *arguments, **named):
    try:
        check(*arguments, **named)
        return True
    except AssertionError:
        return False


seen = {f"seed test, differs at step {step}": passes(parallel_seed_test, lambda: Market(step)) for step in (1, 2, 5)}
seen["API test, reward NaN"] = passes(parallel_api_test, Market(reward=float("nan")), num_cycles=20)
seen["API test, observation 7 in a space from 0 to 1"] = passes(parallel_api_test, Market(level=7), num_cycles=20)
seen["API test, observation of another shape"] = passes(parallel_api_test, Market(shape=(3,)), num_cycles=20)
print("pettingzoo 1.27.0; expected: every one of these environments fails its check")
for name, value in seen.items():
    print(f"seen: {name}: {'passes' if value else 'fails'}")
sys.exit(0 if list(seen.values()) == [False] + 5 * [True] else "behaviour changed")
EOF
