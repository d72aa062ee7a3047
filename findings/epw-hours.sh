#!/usr/bin/env bash
# Two readers of the same EPW weather file put the same temperature an hour apart.
#
# Packages: pvlib 0.16.1 and ladybug-core 0.44.62 (PyPI), Python 3.11 or newer.
# Expected: EPW counts hours 1 to 24; a temperature holds at the end of its hour, radiation is the sum over the hour
#           before. So readers agree that the row "hour 1" of 1 January is the air at 01:00.
# Seen:     pvlib's read_epw stamps every column with the start of the hour, temperatures too (00:00, an hour early).
#           ladybug stamps temperatures with the end (01:00) and, for that, moves the year's last value to the first
#           place, but stamps radiation with the start. Radiation of the two agrees, temperature does not.
# So:       with pvlib shift temperature, humidity and wind by one hour (or average neighbours) before they meet a PV
#           or heat pump model; never compare the two readers' columns by position.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps pvlib==0.16.1 ladybug-core==0.44.62 \
  ladybug-geometry==1.35.6 click==8.3.3 numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 h5py==3.16.0 requests==2.34.2 urllib3==2.8.0 \
  idna==3.20 certifi==2026.10.19.post1 charset-normalizer==3.5.3 python-dateutil==2.9.0.post0 six==1.17.0 pytz==2026.6 tzdata==2026.6
cd "$folder"
venv/bin/python - <<'EOF'
import calendar
import sys

from ladybug.epw import EPW
from pvlib.iotools import read_epw

lines = ["LOCATION,Nowhere,-,DEU,Made up,000000,52.0,13.0,1.0,50.0", "DESIGN CONDITIONS,0",
         "TYPICAL/EXTREME PERIODS,0", "GROUND TEMPERATURES,0", "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0", "COMMENTS 1,-",
         "COMMENTS 2,-", "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31"]
count = 0
for month in range(1, 13):
    for day in range(1, calendar.monthrange(2023, month)[1] + 1):
        for hour in range(1, 25):
            count += 1  # the temperature counts the rows in hundredths of a degree; the sun shines in hour 12 alone
            sun = 600 if hour == 12 else 0
            lines.append(f"2023,{month},{day},{hour},60,?9,{count / 100:.2f},0,50,101325,0,0,300,{sun},0,{sun},"
                         "0,0,0,0,180,2,5,5,10,77777,9,999999999,10,0.1,0,0,0.2,0,0")
with open("made.epw", "w") as file:
    file.write("\n".join(lines) + "\n")

table, _ = read_epw("made.epw")
epw = EPW("made.epw")
air, sun = epw.dry_bulb_temperature, epw.global_horizontal_radiation
seen = {
    "pvlib, first temperature": (table.index[0].strftime("%H:%M"), float(table.temp_air.iloc[0])),
    "pvlib, first sun": table.index[table.ghi > 0][0].strftime("%H:%M"),
    "ladybug, temperature of row 1": next(at.strftime("%H:%M") for at, v in zip(air.datetimes, air.values) if v == 0.01),
    "ladybug, first temperature": air.values[0],
    "ladybug, first sun": next(at.strftime("%H:%M") for at, v in zip(sun.datetimes, sun.values) if v > 0),
}
known = {
    "pvlib, first temperature": ("00:00", 0.01),
    "pvlib, first sun": "11:00",
    "ladybug, temperature of row 1": "01:00",
    "ladybug, first temperature": 87.6,
    "ladybug, first sun": "11:00",
}
print("pvlib 0.16.1, ladybug-core 0.44.62; expected: row 'hour 1' is the temperature at 01:00 in both")
for name, value in seen.items():
    print(f"seen: {name}: {value}")
sys.exit(0 if seen == known else f"behaviour changed, known was {known}")
EOF
