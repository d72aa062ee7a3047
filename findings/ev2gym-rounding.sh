#!/usr/bin/env bash
# EV2Gym rounds a car's energy up to 0.01 kWh after each step: a small discharge never empties the battery.
#
# Package:  ev2gym 2.0.0 (PyPI), Python 3.11 or newer.
# Expected: a car that hands out 0.1 kW for 1000 steps of five minutes ends 8.33 kWh lower, at 21.67 of 30 kWh;
#           one that takes 0.01 kW over the same time ends 0.83 kWh higher, at 30.83 kWh.
# Seen:     the first still holds 30 kWh after 8.33 kWh have been counted as discharged; the second holds 40 kWh.
# So:       an agent that is paid per kWh can learn to live on the rounding. Keep steps' energy well above 0.01 kWh
#           (set min_charge_power and min_discharge_power), and check energy balances over an episode.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ev2gym==2.0.0 numpy==2.4.6 \
  gymnasium==1.4.0 cloudpickle==3.1.3 farama-notifications==0.0.6 typing-extensions==4.16.0
"$folder/venv/bin/python" -W ignore - <<'EOF'
import sys

from ev2gym.models.ev import EV


def play(power_kw):
    car = EV(0, 0, battery_capacity_at_arrival=30.0, time_of_arrival=0, time_of_departure=2000, battery_capacity=50,
             transition_soc=1, timescale=5)
    for _ in range(1000):
        car.step(power_kw * 1000 / 230, 230, phases=1)
    return round(float(car.total_energy_exchanged), 2), round(float(car.current_capacity), 2)


seen = {"0.1 kW out": play(-0.1), "0.01 kW in": play(0.01)}
expected = {"0.1 kW out": (-8.33, 21.67), "0.01 kW in": (0.83, 30.83)}
known = {"0.1 kW out": (-8.33, 30.0), "0.01 kW in": (0.83, 40.0)}
print("ev2gym 2.0.0, a battery at 30 of 50 kWh, 1000 steps of 5 minutes; (kWh exchanged, kWh at the end)")
for name, value in seen.items():
    print(f"{name}: expected {expected[name]}, seen {value}")
sys.exit(0 if seen == known else f"behaviour changed, known was {known}")
EOF
