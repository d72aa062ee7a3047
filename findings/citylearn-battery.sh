#!/usr/bin/env bash
# The same battery under the same actions holds different energy in CityLearn 2.5.0 and in CityLearn 3.0.2.
#
# Package:  citylearn 2.5.0 and 3.0.2 (PyPI), Python 3.11 or newer.
# Expected: a battery of 10 kWh, described by the same numbers and given the same actions, ends at the same state of
#           charge in both versions; results of the two can stand in one table.
# Seen:     full charge: 2.5.0 lets in only as much as there is room and then takes the loss, so a battery that loses
#           anything cannot be filled in one step (0.95); 3.0.2 divides the room by the efficiency (1.00).
#           standing loss: 2.5.0 takes loss_coefficient per step and before the action, also in the first; 3.0.2 takes
#           it per hour and after the action, so at quarter hours the same number means a quarter of the loss.
# So:       name the version with every CityLearn result, and convert loss_coefficient when you change it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
install() { "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$@"; }
install numpy==2.4.6 pandas==2.3.3 python-dateutil==2.9.0.post0 six==1.17.0 pytz==2026.6 tzdata==2026.6 \
  platformdirs==4.9.4 requests==2.34.2 urllib3==2.8.0 idna==3.20 certifi==2026.10.19.post1 charset-normalizer==3.5.3 \
  simplejson==4.3.0 PyYAML==6.0.4
mkdir "$folder/PySAM" # version 2 imports this large model of solar panels, which a battery does not use
touch "$folder/PySAM/__init__.py" "$folder/PySAM/Pvwattsv8.py"
cat >"$folder/play.py" <<'EOF'
from citylearn.base import EpisodeTracker
from citylearn.energy_model import Battery


def play(seconds, efficiency, loss, actions_kwh):
    tracker = EpisodeTracker(0, 9)
    tracker.next_episode(10, False, False, 0)
    battery = Battery(capacity=10, nominal_power=10, efficiency=efficiency, loss_coefficient=loss, initial_soc=0.5,
                      capacity_loss_coefficient=0.0, power_efficiency_curve=[[0, efficiency], [1, efficiency]],
                      capacity_power_curve=[[0, 1], [1, 1]], depth_of_discharge=1.0, episode_tracker=tracker,
                      seconds_per_time_step=seconds, time_step_ratio=1.0)
    battery.reset()
    for energy in actions_kwh:
        battery.charge(energy)
        soc = float(battery.soc[battery.time_step])
        battery.next_time_step()
    return f"{soc:.3f}"


print("full charge", play(3600, 0.81, 0.0, [10]), "| one idle hour", play(3600, 1.0, 0.1, [0]),
      "| four idle quarters", play(900, 1.0, 0.1, [0, 0, 0, 0]))
EOF
changed=0
try() { # version, known outcome
  install --target "$folder/$1" "citylearn==$1"
  seen=$(PYTHONPATH="$folder/$1:$folder" "$folder/venv/bin/python" -W ignore "$folder/play.py")
  echo "seen: citylearn $1: $seen"
  [ "$seen" = "$2" ] || { echo "behaviour changed, known was: $2" >&2; changed=1; }
}
echo "expected: the same three states of charge from both versions"
try 2.5.0 "full charge 0.950 | one idle hour 0.450 | four idle quarters 0.328"
try 3.0.2 "full charge 1.000 | one idle hour 0.500 | four idle quarters 0.463"
exit "$changed"
