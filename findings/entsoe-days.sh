#!/usr/bin/env bash
# entsoe-py counts days, months and years of a document in UTC, not in the days of the zone that published it.
#
# Package:  entsoe-py 0.8.1 (PyPI), its parsers alone, no network; Python 3.11 or newer.
# Expected: a document of resolution P1D, P1M or P1Y whose period starts at local midnight (23:00 UTC for Germany in
#           winter) has one value per local day, month or year.
# Seen:     P1Y: the value of 2025 is stamped 2 January 2025.
#           P1M: every value is stamped a month and a day off, and January's is lost, overwritten by February's.
#           P1D: after the clock change in March each day is stamped 01:00 instead of 00:00; with curve type A03 (equal
#           values left out) the last day is lost too.
# So:       read daily and longer series by position and lay them on a local calendar yourself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps entsoe-py==0.8.1 beautifulsoup4==4.15.0 \
  soupsieve==2.8 typing-extensions==4.16.0 numpy==2.4.6 pandas==3.1.1 requests==2.34.2 urllib3==2.8.0 idna==3.20 \
  certifi==2026.10.19.post1 charset-normalizer==3.5.3 python-dateutil==2.9.0.post0 six==1.17.0 pytz==2026.6 tzdata==2026.6
"$folder/venv/bin/python" - <<'EOF'
import sys

from entsoe.parsers import parse_loads


def stamps(resolution, start, end, values, curve="A01"):
    points = "".join(f"<Point><position>{at}</position><quantity>{v}</quantity></Point>" for at, v in values.items())
    table = parse_loads(
        f"<GL_MarketDocument><TimeSeries><curveType>{curve}</curveType><Period><timeInterval><start>{start}</start>"
        f"<end>{end}</end></timeInterval><resolution>{resolution}</resolution>{points}</Period></TimeSeries>"
        "</GL_MarketDocument>")
    table = table.tz_convert("Europe/Berlin")
    return {at.strftime("%d %b %H:%M"): float(v) for at, v in table["Forecasted Load"].items()}


march = ("2025-03-28T23:00Z", "2025-04-01T22:00Z")
seen = {
    "P1Y, 2025": stamps("P1Y", "2024-12-31T23:00Z", "2025-12-31T23:00Z", {1: 10}),
    "P1M, January to April 2025": stamps("P1M", "2024-12-31T23:00Z", "2025-04-30T22:00Z", {1: 10, 2: 20, 3: 30, 4: 40}),
    "P1D, 29 March to 1 April 2025": stamps("P1D", *march, {1: 10, 2: 20, 3: 30, 4: 40}),
    "P1D, the same days, A03": stamps("P1D", *march, {1: 10}, "A03"),
}
known = {
    "P1Y, 2025": {"02 Jan 00:00": 10.0},
    "P1M, January to April 2025": {"02 Jan 00:00": 20.0, "02 Feb 00:00": 30.0, "02 Mar 00:00": 40.0},
    "P1D, 29 March to 1 April 2025": {"29 Mar 00:00": 10.0, "30 Mar 00:00": 20.0, "31 Mar 01:00": 30.0,
                                      "01 Apr 01:00": 40.0},
    "P1D, the same days, A03": {"29 Mar 00:00": 10.0, "30 Mar 00:00": 10.0, "31 Mar 01:00": 10.0},
}
print("entsoe-py 0.8.1; expected: local midnights of the first of January, of four months, of four days (twice)")
for name, value in seen.items():
    print(f"seen: {name}: {value}")
sys.exit(0 if seen == known else f"behaviour changed, known was {known}")
EOF
