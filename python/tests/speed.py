"""Prints how many agent-steps the client plays in a second, for `bench/python.ts`."""

import sys
import time

import numpy as np

from p2p_energy_lab import Client

communities, steps = (int(word) for word in sys.argv[1:])
with Client(communities) as client:
    shape = (communities, len(client.description.homes), len(client.description.actions))
    actions = (0.5 * np.random.default_rng(1).standard_normal(shape)).astype(np.float32)
    client.reset(1)
    for _ in range(min(500, steps)):
        client.step(actions)
    began = time.perf_counter()
    for _ in range(steps):
        client.step(actions)
    seconds = time.perf_counter() - began
print(steps * shape[0] * shape[1] / seconds)
