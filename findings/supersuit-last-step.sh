#!/usr/bin/env bash
# SuperSuit's black_death wrapper misses the end of an episode, adds an empty step and calls a time limit terminal.
#
# Package:  supersuit 3.11.0 with pettingzoo 1.27.0 and gymnasium 1.4.0 (PyPI), Python 3.11 or newer.
# Expected: three steps that end by the time limit for all agents stay three steps: the last says truncated and not
#           terminated, with its own observation, so that a learner goes on to value what would have come.
# Seen:     the end is looked for as terminated *and* truncated, which no step is. So the third step goes on for
#           everybody, a fourth is played with no action at all (the environment has no agents left), and this one,
#           with observations and rewards of zero, is both terminated and truncated. Ends by termination alike.
#           A correction of the "and" in its repository is not in this release, and leaves the two flags equal.
# So:       use supersuit.vector.MarkovVectorEnv(env, black_death=True), which keeps the flags apart, or take the end
#           and its flags from the environment inside.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps supersuit==3.11.0 pettingzoo==1.27.0 \
  gymnasium==1.4.0 numpy==2.4.6 cloudpickle==3.1.3 farama-notifications==0.0.6 typing-extensions==4.16.0
"$folder/venv/bin/python" -W ignore - <<'EOF'
import sys

import numpy as np
from gymnasium.spaces import Box, Discrete
from pettingzoo import ParallelEnv
from supersuit import black_death_v3
from supersuit.vector import MarkovVectorEnv


class Market(ParallelEnv):
    """Two agents, three steps, observation is the number of the step."""

    metadata = {"name": "market"}
    render_mode = None

    def __init__(self, limit):
        self.possible_agents, self.agents, self.limit = ["a", "b"], [], limit
        self.seen, self.acts = Box(0, 9, (1,), np.float32), Discrete(2)

    def observation_space(self, agent):
        return self.seen

    def action_space(self, agent):
        return self.acts

    def each(self, value):
        return {agent: value for agent in self.agents}

    def reset(self, seed=None, options=None):
        self.number, self.agents = 0, self.possible_agents[:]
        return self.each(np.zeros(1, np.float32)), self.each({})

    def step(self, actions):
        self.number += 1
        ends = self.number == 3
        answer = (self.each(np.full(1, self.number, np.float32)), self.each(1.0), self.each(ends and not self.limit),
                  self.each(ends and self.limit), self.each({}))
        if ends:
            self.agents = []
        return answer


def play(env):  # (observation, reward, terminated, truncated) of agent a at each step
    env.reset(seed=1)
    steps = []
    while env.agents and len(steps) < 9:
        answer = env.step({agent: 0 for agent in env.agents})
        seen, reward, terminated, truncated = (part["a"] for part in answer[:4])
        steps.append((float(seen[0]), float(reward), bool(terminated), bool(truncated)))
    return steps


vector = MarkovVectorEnv(Market(True), black_death=True)
vector.reset(seed=1)
flags = [vector.step(np.zeros(2, np.int64))[2:4] for _ in range(3)][-1]
seen = {limit: play(black_death_v3(Market(limit))) for limit in (True, False)}
for limit, name in ((True, "ends by time limit"), (False, "ends by termination")):
    print(f"{name}: expected {play(Market(limit))}")
    print(f"{name}: seen     {seen[limit]}")
apart = [bool(flag[0]) for flag in flags]
print(f"vector environment, last step: terminated and truncated expected [False, True], seen {apart}")
known = [(1.0, 1.0, False, False), (2.0, 1.0, False, False), (3.0, 1.0, False, False), (0.0, 0.0, True, True)]
same = seen == {True: known, False: known} and apart == [False, True]
sys.exit(0 if same else f"behaviour changed, known was {known}")
EOF
