#!/usr/bin/env bash
# Making a standard load profile turns every later warning of the whole process into an error.
#
# Package:  demandlib 0.2.2 (PyPI), Python 3.11 or newer.
# Expected: a load profile is data; how the process treats warnings stays as the caller had set it.
# Seen:     demandlib.bdew.ElecSlp puts "error" first among Python's warning filters and leaves it there: a harmless
#           warning of any other package, hours later, is raised as an exception. With pandas 3.1.1, which
#           demandlib's own metadata allow and which deprecates a call that it makes, ElecSlp(2025) itself fails so.
# So:       wrap it in warnings.catch_warnings(), and stay below pandas 3.1 (used here: 2.3.3 and 3.1.1).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
install() { "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$@"; }
install demandlib==0.2.2 numpy==2.4.6 pandas==2.3.3 python-dateutil==2.9.0.post0 six==1.17.0 pytz==2026.6 tzdata==2026.6
echo "demandlib 0.2.2; expected: a profile, and a later warning is only a warning"
"$folder/venv/bin/python" - <<'EOF'
import sys
import warnings

from demandlib import bdew


def outcome():
    try:
        warnings.warn("harmless", UserWarning)
        return "warning"
    except UserWarning:
        return "exception"


before = outcome()
with warnings.catch_warnings():
    bdew.ElecSlp(2025)
wrapped = outcome()
bdew.ElecSlp(2025)
seen = {"before": before, "after a wrapped ElecSlp": wrapped, "after a bare ElecSlp": outcome()}
print(f"seen: {seen}")
sys.exit(0 if list(seen.values()) == ["warning", "warning", "exception"] else "behaviour changed")
EOF
install pandas==3.1.1
"$folder/venv/bin/python" - <<'EOF'
import sys

from demandlib import bdew

try:
    bdew.ElecSlp(2025)
except Warning as warning:
    print(f"seen: with pandas 3.1.1: {type(warning).__name__} raised as an exception")
else:
    sys.exit("behaviour changed: ElecSlp works with pandas 3.1.1")
EOF
