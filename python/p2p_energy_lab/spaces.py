"""Spaces of Gymnasium for what homes see and say."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Box

from .client import Description


def observation_box(told: Description, dtype: np.dtype[Any]) -> Box:
    """What one home sees, in natural units; features without a bound by nature have none."""
    return Box(told.low.astype(dtype), told.high.astype(dtype), dtype=dtype.type)


def central_observation_box(told: Description, dtype: np.dtype[Any]) -> Box:
    """What a central agent sees: the common features once, then those of every home."""
    width, homes = len(told.common), len(told.homes)
    low = np.concatenate([told.low[:width], np.tile(told.low[width:], homes)])
    high = np.concatenate([told.high[:width], np.tile(told.high[width:], homes)])
    return Box(low.astype(dtype), high.astype(dtype), dtype=dtype.type)


def action_box(told: Description, homes: int = 1) -> Box:
    """What one home says, or so many homes one after the other."""
    return Box(-1.0, 1.0, (homes * len(told.actions),), dtype=np.float32)
