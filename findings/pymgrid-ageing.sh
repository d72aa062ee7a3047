#!/usr/bin/env bash
# python-microgrid's battery that ages by cycles ages without any: idle for ten days, it is as good as dead.
#
# Package:  python-microgrid 1.4.1 (PyPI, imported as pymgrid), Python 3.11 or newer.
# Expected: with DecayCycleTransitionModel and its default of 0.025 % per cycle, a battery that is never used keeps its
#           efficiency of 0.9 and takes 1.11 kWh out of its charge for each kWh that it hands out.
# Seen:     each look at max_production counts as if that energy had gone through, and each step takes one, so an idle
#           hour at half charge is half a cycle. The loss of all cycles so far is then applied once per step since the
#           start instead of once: after ten idle days each kWh takes more than 1000 out of the charge.
# So:       use DecayTransitionModel (per step), or subclass it and count the energy that went through yourself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps python-microgrid==1.4.1 gym==0.26.2 \
  cloudpickle==3.1.3 tqdm==4.70.1 PyYAML==6.0.4 numpy==2.4.6 pandas==2.3.3 python-dateutil==2.9.0.post0 six==1.17.0 \
  pytz==2026.6 tzdata==2026.6
"$folder/venv/bin/python" -W ignore - <<'EOF'
import sys
from unittest.mock import MagicMock

for name in ("IPython", "IPython.display", "cufflinks", "cvxpy", "matplotlib", "matplotlib.pyplot", "plotly",
             "plotly.offline", "scipy", "scipy.interpolate", "scipy.sparse", "statsmodels", "statsmodels.regression",
             "statsmodels.regression.quantile_regression"):
    sys.modules[name] = MagicMock()  # plots, solvers and statistics, which a battery does not use
sys.modules["gym_notices"] = MagicMock()
sys.modules["gym_notices.notices"] = sys.modules["gym_notices"].notices = MagicMock(notices={})

from pymgrid.modules import BatteryModule
from pymgrid.modules.battery.transition_models import DecayCycleTransitionModel


def idle(hours):
    battery = BatteryModule(min_capacity=0, max_capacity=100, max_charge=50, max_discharge=50, efficiency=0.9,
                            init_soc=0.5, battery_transition_model=DecayCycleTransitionModel())
    for _ in range(hours):
        battery.step(0.0, normalized=False)
    return battery


seen = {}
for hours in (0, 24, 240):
    battery = idle(hours)
    seen[f"{hours} idle hours"] = (round(-float(battery.model_transition(-1.0)), 2), float(battery.current_charge))
battery = idle(1)
before = battery.battery_transition_model.num_cycles
for _ in range(10):
    battery.max_production
looks = round(float(battery.battery_transition_model.num_cycles - before), 2)
print("python-microgrid 1.4.1; expected: 1.11 kWh out of the charge per kWh handed out, however long it has idled")
for name, (out, charge) in seen.items():
    print(f"seen: after {name}: {out} kWh (charge still {charge:g} kWh)")
print(f"cycles counted for ten looks at max_production: expected 0.0, seen {looks}")
known = {"0 idle hours": (1.11, 50.0), "24 idle hours": (1.19, 50.0), "240 idle hours": (1445.57, 50.0)}
sys.exit(0 if seen == known and looks == 5.0 else f"behaviour changed, known was {known} and 5.0")
EOF
