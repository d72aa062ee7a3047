#!/usr/bin/env bash
# EV2Gym's charging and discharging efficiencies only slow a car down; nothing is ever lost.
#
# Package:  ev2gym 2.0.0 (PyPI), Python 3.11 or newer.
# Expected: with efficiencies of 0.8 each way, 10 kW for an hour takes 10 kWh from the grid and stores 8 kWh; handing
#           8 kWh to the grid costs the battery 10 kWh; a round trip returns 64 %.
# Seen:     the efficiency scales the power before anything else: the station is billed for the 8 kWh that are stored,
#           and a discharge of "10 kW" takes 8 kWh from the battery and is paid as 8 kWh. A round trip returns 100 %.
# So:       vehicle-to-grid looks better than it is: put the losses between station and meter yourself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ev2gym==2.0.0 numpy==2.4.6 \
  gymnasium==1.4.0 cloudpickle==3.1.3 farama-notifications==0.0.6 typing-extensions==4.16.0
"$folder/venv/bin/python" -W ignore - <<'EOF'
import sys

from ev2gym.models.ev import EV
from ev2gym.models.ev_charger import EV_Charger

station = EV_Charger(0, 0, 0, min_charge_current=0, max_charge_current=32, min_discharge_current=0,
                     max_discharge_current=-32, voltage=400, n_ports=1, timescale=60)
car = EV(0, 0, battery_capacity_at_arrival=30.0, time_of_arrival=0, time_of_departure=99, battery_capacity=100,
         max_ac_charge_power=30, max_discharge_power=-30, transition_soc=1, charge_efficiency=0.8,
         discharge_efficiency=0.8, timescale=60)
station.spawn_ev(car)
share = 10 / station.get_max_power()  # 10 kW
seen = []
for action in (share, -share):
    before = car.current_capacity
    cost, *_ = station.step([action], charge_price=1, discharge_price=1)
    seen.append((round(float(cost), 1), round(abs(float(car.current_capacity - before)), 1)))
print("ev2gym 2.0.0, efficiencies 0.8, one hour at 10 kW each way; the price is 1 per kWh")
print(f"charging: expected 10 kWh billed and 8 kWh stored; seen {seen[0][0]} billed, {seen[0][1]} stored")
print(f"discharging: expected 8 kWh paid for 10 kWh out of the battery; seen {seen[1][0]} paid, {seen[1][1]} out of it")
known = [(8.0, 8.0), (8.0, 8.0)]
sys.exit(0 if seen == known else f"behaviour changed, known was {known}")
EOF
