#!/usr/bin/env bash
# SimBench's quarter hours follow the German wall clock, and nearly all its storages hand out energy they never took.
#
# Package:  simbench 1.6.3 (PyPI; the tables are read from the downloaded package, 91 MB), Python 3.11 or newer.
# Expected: 35136 quarter hours of 2016 in one unbroken clock, or stamps that say which; storages of scenario 2 ("-2-")
#           charge about as much as they discharge.
# Seen:     27 March goes from 01:45 to 03:00, and 30 October has 02:00 to 02:45 twice with no mark: a join by stamp
#           drops or doubles hours, and UTC weather is off by one hour or two. In the complete data of scenario 2 no
#           storage has pStor > 0 and only 9 of 6533 have a profile that changes sign: the other 6524 only feed in,
#           together some 600 times what they can hold.
# So:       take the rows by position and lay them on Europe/Berlin with its changes of clock; drop the storage
#           profiles and let a model or a policy drive the storages.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$folder" simbench==1.6.3
"$folder/venv/bin/python" - "$folder"/simbench-1.6.3-*.whl <<'EOF'
import csv
import io
import sys
import zipfile
from datetime import datetime, timedelta

package = zipfile.ZipFile(sys.argv[1])


def table(name):
    text = io.TextIOWrapper(package.open(f"simbench/networks/1-complete_data-mixed-all-2-sw/{name}.csv"), "utf-8")
    return csv.DictReader(text, delimiter=";")


times, total, negative = [], {}, set()
for row in table("StorageProfile"):
    times.append(datetime.strptime(row.pop("time"), "%d.%m.%Y %H:%M"))
    for name, value in row.items():
        total[name] = total.get(name, 0.0) + float(value) / 4  # a share of pStor over a quarter hour
        if float(value) < 0:
            negative.add(name)
jumps = [f"{a:%d %b %H:%M} -> {b:%H:%M}" for a, b in zip(times, times[1:]) if b - a != timedelta(minutes=15)]
storages = list(table("Storage"))
feeding = [s for s in storages if float(s["pStor"]) <= 0 and s["profile"] not in negative]
fed = -sum(float(s["pStor"]) * total[s["profile"]] for s in feeding)
held = sum(float(s["eStore"]) for s in feeding)
seen = {
    "rows": len(times),
    "jumps of the clock": jumps,
    "stamps that occur twice": len(times) - len(set(times)),
    "storages": len(storages),
    "storages with pStor > 0": sum(float(s["pStor"]) > 0 for s in storages),
    "storages that only feed in": len(feeding),
    "energy they feed in over what they hold": round(fed / held),
}
known = {
    "rows": 35136,
    "jumps of the clock": ["27 Mar 01:45 -> 03:00", "30 Oct 02:45 -> 02:00"],
    "stamps that occur twice": 4,
    "storages": 6533,
    "storages with pStor > 0": 0,
    "storages that only feed in": 6524,
    "energy they feed in over what they hold": 607,
}
print("simbench 1.6.3; expected: no jump, no stamp twice, and storages that take about as much as they give")
for name, value in seen.items():
    print(f"seen: {name}: {value}")
sys.exit(0 if seen == known else f"behaviour changed, known was {known}")
EOF
