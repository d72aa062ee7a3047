"""Policies that `deno task evaluate --policies python:python.tests.policies:NAME` judges in tests."""

import os

import numpy as np


def halfway(told):
    print("what is printed comes between no frames")
    return lambda seen: np.broadcast_to([0.0, -1.0], (*seen.shape[:2], 2))


def by_charge(told):
    charge = told.features.index("battery.socFraction")
    sun = told.features.index("pvKw")
    return lambda seen: np.stack(
        [1 - 2 * seen[:, :, charge] - 0.1 * seen[:, :, sun], np.full(seen.shape[:2], -0.5)], axis=2
    )


def not_a_number(told):
    return lambda seen: np.full((*seen.shape[:2], 2), np.nan)


def too_few(told):
    return lambda seen: np.zeros(3)


def wrong(told):
    return lambda seen: 1 / 0


def no_function(told):
    return 3


def dies(told):
    os._exit(3)
