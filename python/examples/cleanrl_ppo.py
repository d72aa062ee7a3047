"""PPO as CleanRL writes it, in one file on PyTorch: a loop over the Gymnasium vector environment.

    python python/examples/cleanrl_ppo.py --steps 500000

What it prints is the mean saving of a home in a slot against the grid alone, which is the reward.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch import nn
from torch.distributions import Normal

from p2p_energy_lab import make_vec


class Agent(nn.Module):
    """Actor and critic on observations that are normalised by what was seen so far."""

    def __init__(self, features: int, numbers: int) -> None:
        super().__init__()

        def network(outputs: int, gain: float) -> nn.Sequential:
            layers = nn.Sequential(
                nn.Linear(features, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, outputs)
            )
            for layer, scale in zip(layers[::2], (2**0.5, 2**0.5, gain)):
                nn.init.orthogonal_(layer.weight, scale)
                nn.init.zeros_(layer.bias)
            return layers

        self.actor, self.critic = network(numbers, 0.01), network(1, 1.0)
        self.log_std = nn.Parameter(torch.full((numbers,), -0.7))
        self.count, self.mean, self.square = 1e-4, np.zeros(features), np.ones(features) * 1e-4

    def normalised(self, seen: np.ndarray, learn: bool) -> torch.Tensor:
        if learn:
            self.count += len(seen)
            shift = seen - self.mean
            self.mean += shift.sum(0) / self.count
            self.square += (shift * (seen - self.mean)).sum(0)
        scaled = (seen - self.mean) / np.sqrt(self.square / self.count + 1e-8)
        return torch.as_tensor(np.clip(scaled, -5, 5), dtype=torch.float32)

    def policy(self, seen: torch.Tensor) -> Normal:
        return Normal(self.actor(seen), self.log_std.exp())


def main(steps: int, communities: int, seed: int, slots: int = 24, discount=0.995, trace=0.95) -> None:
    torch.manual_seed(seed)
    envs = make_vec(communities, seed=seed)
    agent = Agent(envs.single_observation_space.shape[0], envs.single_action_space.shape[0])
    optimizer = torch.optim.Adam(agent.parameters(), lr=1e-3, eps=1e-5)
    updates = max(1, steps // (slots * envs.num_envs))
    seen = agent.normalised(envs.reset()[0], True)
    for update in range(updates):
        optimizer.param_groups[0]["lr"] = 1e-3 * (1 - update / updates)
        observations, actions, logs, rewards, ends, values = [], [], [], [], [], []
        for _ in range(slots):
            with torch.no_grad():
                policy = agent.policy(seen)
                action = policy.sample()
                logs.append(policy.log_prob(action).sum(1))
                values.append(agent.critic(seen)[:, 0])
            observations.append(seen)
            actions.append(action)
            following, reward, ended, _, _ = envs.step(action.numpy())
            rewards.append(torch.as_tensor(reward, dtype=torch.float32))
            ends.append(torch.as_tensor(ended, dtype=torch.float32))
            seen = agent.normalised(following, True)
        with torch.no_grad():
            following_value = agent.critic(seen)[:, 0]
        advantages, advantage = [], torch.zeros(envs.num_envs)
        for t in reversed(range(slots)):
            goes_on = 1 - ends[t]
            error = rewards[t] + discount * following_value * goes_on - values[t]
            advantage = error + discount * trace * goes_on * advantage
            advantages.insert(0, advantage)
            following_value = values[t]
        batch = [torch.cat(each) for each in (observations, actions, logs, values, advantages)]
        for _ in range(4):
            for part in torch.randperm(len(batch[0])).chunk(8):
                obs, act, old_log, old_value, adv = (each[part] for each in batch)
                policy = agent.policy(obs)
                ratio = (policy.log_prob(act).sum(1) - old_log).exp()
                scaled = (adv - adv.mean()) / (adv.std() + 1e-8)
                gain = torch.min(ratio * scaled, ratio.clamp(0.8, 1.2) * scaled).mean()
                loss = (agent.critic(obs)[:, 0] - (old_value + adv)).pow(2).mean()
                optimizer.zero_grad()
                (loss / 2 - gain).backward()
                nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
                optimizer.step()
        if (update + 1) % max(1, updates // 10) == 0:
            mean = torch.stack(rewards).mean().item()
            print(f"update {update + 1} of {updates}: {mean:.4f} a slot", flush=True)
    envs.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500_000)
    parser.add_argument("--communities", type=int, default=32)
    parser.add_argument("--seed", type=int, default=42)
    given = parser.parse_args()
    main(given.steps, given.communities, given.seed)
