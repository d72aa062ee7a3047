#!/usr/bin/env bash
# Power flows of SimBench grids by pandapower 3 leave the transformer's tap position out.
#
# Package:  simbench 1.6.3, pandapower 3.5.6 (PyPI); Python 3.11 or newer.
# Expected: in 1-LV-rural1--2-sw the tap stands one step of 2.5 % above neutral, so that without load the
#           low-voltage side has 1.025 / 1.025 = 1.0 pu.
# Seen:     1.025 pu: the position counts only once the kind of tap changer is set by hand.
# So:       set `net.trafo["tap_changer_type"] = "Ratio"`, or know that voltages are 0.025 pu higher.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet simbench==1.6.3 pandapower==3.5.6 numba==0.68.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings

warnings.filterwarnings("ignore")
import pandapower as pp
import simbench

print("simbench 1.6.3; expected: 1.0 pu behind the transformer without load")
voltages = {}
for kind in ("as loaded", "Ratio"):
    net = simbench.get_simbench_net("1-LV-rural1--2-sw")
    if kind == "Ratio":
        net.trafo["tap_changer_type"] = "Ratio"
    for table in (net.load, net.sgen, net.storage):
        table["in_service"] = False
    pp.runpp(net)
    voltages[kind] = float(net.res_bus.vm_pu.loc[net.trafo.lv_bus.iloc[0]])
    print(f"seen: tap_changer_type {kind}: {voltages[kind]:.4f} pu (tap_pos {net.trafo.tap_pos.iloc[0]:g})")
same = abs(voltages["as loaded"] - 1.025) < 1e-3 and abs(voltages["Ratio"] - 1.0) < 1e-3
sys.exit(0 if same else "behaviour changed")
PYTHON
