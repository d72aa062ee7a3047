#!/usr/bin/env bash
# German standard load profiles: no combination of two BDEW packages makes 24 and 31 December the Saturdays they are.
#
# Packages: demandlib 0.2.2 and bdew-datetimes 0.12.0 (PyPI), Python 3.11 or newer.
# Expected: the profiles' rules (VDEW 1999, BDEW 2025) give public holidays the Sunday profile, and 24 and 31 December
#           the Saturday profile unless they are Sundays.
# Seen:     without a list of holidays demandlib treats both eves of 2025 (Wednesdays) as working days. With the list
#           of bdew-datetimes, which counts both as free days, it treats them as Sundays. So do the profiles of 2025.
# So:       take the eves out of the list, and overwrite their days with a Saturday of the same season or month.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps demandlib==0.2.2 bdew-datetimes==0.12.0 \
  holidays==0.109 numpy==2.4.6 pandas==2.3.3 python-dateutil==2.9.0.post0 six==1.17.0 pytz==2026.6 tzdata==2026.6
"$folder/venv/bin/python" - <<'EOF'
import sys
from datetime import date

import numpy as np
import pandas as pd
from bdew_datetimes import create_bdew_calendar
from demandlib import bdew

calendar = create_bdew_calendar()
assert date(2025, 12, 25) in calendar  # asking fills in the year
free = [day for day in calendar if day.year == 2025]
times = pd.date_range("2025-01-01", "2025-12-31 23:45", freq="15min")
days = {"working day": "2025-12-22", "Saturday": "2025-12-20", "Sunday": "2025-12-21"}


def like(profile, day):
    value = profile.loc[day].to_numpy()
    return [name for name, other in days.items() if np.allclose(value, profile.loc[other].to_numpy(), rtol=1e-9)]


seen = {}
for label, listed in (("no list", None), ("list of bdew-datetimes", free)):
    for name, profile in (("G0", bdew.ElecSlp(2025, holidays=listed).get_profiles()["g0"]),
                          ("G25", bdew.G25(times, holidays=listed))):
        for day in ("2025-12-24", "2025-12-31"):
            seen[f"{name}, {day}, {label}"] = like(profile, day)
print("demandlib 0.2.2, bdew-datetimes 0.12.0; expected: 24 and 31 December 2025 are like a Saturday")
for name, value in seen.items():
    print(f"seen: {name}: like a {' and a '.join(value)}")
known = {name: ["Sunday"] if "bdew" in name else ["working day"] for name in seen}
sys.exit(0 if seen == known else f"behaviour changed, known was {known}")
EOF
