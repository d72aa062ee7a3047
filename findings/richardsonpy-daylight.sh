#!/usr/bin/env bash
# richardsonpy's lamps never see the sun at its default time step: a summer noon is lit like midnight.
#
# Package:  richardsonpy 0.2.3 (PyPI), Python 3.11 or newer.
# Expected: lamps are lit while there are people and little sun, whatever the time step; power that is brought to
#           hours is the hour's mean.
# Seen:     each of a day's 1440 minutes is looked up at the 60th part of its place, which is right for hourly
#           radiation alone: at the default of 60 s the first 24 minutes stand for the whole day, at 900 s the first
#           six hours. At noon in summer lamps take some twelve times the power. The documentation of ElectricLoad asks
#           for kW/m2, the threshold is one of W/m2: in kW/m2 it is always night. Hourly steps are no way out, since
#           change_resolution (method "mean", also used on the result) returns the first minute of each hour.
# So:       stay at 60 s, use W/m2, put each day's 24 hourly values into the first 24 of its 1440 minutes, and take
#           means of the result yourself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps richardsonpy==0.2.3 numpy==2.4.6
"$folder/venv/bin/python" - <<'EOF'
import random
import sys

import numpy as np
from richardsonpy.classes import appliance
from richardsonpy.classes.electric_load import ElectricLoad
from richardsonpy.functions.change_resolution import change_resolution
from richardsonpy.functions.load_radiation import get_rad_from_try_path

appliance.run_application_simulation = lambda *_: np.zeros((1, 1440))  # the other appliances take time, not light
at_home = np.full(365 * 144, 2)  # two people, awake all year
sun = get_rad_from_try_path()  # direct and diffuse, hourly, W/m2, a test reference year in the package


def stretched(seconds):
    return [change_resolution(part, 3600, seconds) for part in sun]


def first_minutes(part):
    days = np.zeros((365, 1440))
    days[:, :24] = part.reshape(365, 24)
    return days.ravel()


def summer_noon(seconds, radiation):  # mean power from 10 to 16 h, June to August
    random.seed(1)
    load = ElectricLoad(at_home, 2, *radiation, timestep=seconds, save_app_light=True).light_load
    hours = load.reshape(365, 24, -1)
    return float(hours[151:243, 10:16].mean())


placed = [first_minutes(part) for part in sun]
seen = {
    "hourly sun put where it is looked up": summer_noon(60, placed),
    "60 s, the default": summer_noon(60, stretched(60)),
    "900 s": summer_noon(900, stretched(900)),
    "put where it is looked up, in kW/m2 as documented": summer_noon(60, [part / 1000 for part in placed]),
}
kettle = np.zeros(120)
kettle[30:40] = 3000
hours = change_resolution(kettle, 60, 3600).tolist()
print("richardsonpy 0.2.3; expected: about the same from each; power of the lamps at noon in summer")
for name, power in seen.items():
    print(f"seen: {name}: {power:.0f} W")
print(f"3 kW in minutes 30 to 39, brought to hours by 'mean': expected [500.0, 0.0] W, seen {hours}")
right, *others = seen.values()
same = right < 20 and all(other > 8 * right for other in others) and hours == [0.0, 0.0]
sys.exit(0 if same else "behaviour changed, known were 13 W, three times some 160 W, and [0.0, 0.0]")
EOF
