import { assertAlmostEquals } from "@std/assert";
import { type CityLearnBattery, stepCityLearnBattery } from "../../lib/stores/citylearn_battery.ts";

const battery: CityLearnBattery = {
  capacityKwh: 6.4,
  nominalPowerKw: 5,
  depthOfDischarge: 1,
  standbyLossPerStep: 0,
  capacityLossCoefficient: 1e-5,
  powerEfficiencyCurve: [[0, 0.83], [0.3, 0.83], [0.7, 0.9], [0.8, 0.9], [1, 0.85]],
  capacityPowerCurve: [[0, 1], [0.8, 1], [1, 0.2]],
};

/**
 * Produced by executing the battery of CityLearn 2.4.2 (`citylearn/energy_model.py`, float32), with
 * steps of an hour and requests of action × nominal power. The efficiency is the round trip's.
 */
// deno-fmt-ignore
const steps = [
  // action, soc, energyBalanceKwh, efficiency, capacityKwh
  [0.5, 0.363302, 2.5, 0.865, 6.3999877],
  [0.5, 0.726605, 2.5, 0.865, 6.3999753],
  [1.0, 0.978659, 1.749706, 0.85, 6.39996672],
  [1.0, 0.998097, 0.136548, 0.83, 6.39996624],
  [0.2, 0.999826, 0.012146, 0.83, 6.39996624],
  [-0.3, 0.827722, -1.003482, 0.83, 6.39996099],
  [-1.0, 0.086296, -4.44556, 0.877722, 6.39993858],
  [-1.0, 0.0, -0.509189, 0.85, 6.3999362],
  [-1.0, 0.0, 0.0, 0.85, 6.3999362],
  [0.0, 0.0, 0.0, 0.83, 6.3999362],
  [0.75, 0.555869, 3.75, 0.9, 6.3999176],
  [-0.5, 0.135867, -2.5, 0.865, 6.3999052],
] as const;

Deno.test("citylearn battery: twelve steps are those of CityLearn 2.4.2 within 2e-5", () => {
  let state = { soc: 0, capacityKwh: 6.4, efficiency: Math.sqrt(0.9), energyBalanceKwh: 0 };
  for (const [action, soc, energyBalanceKwh, efficiency, capacityKwh] of steps) {
    state = stepCityLearnBattery(battery, state, action * battery.nominalPowerKw, 1);
    assertAlmostEquals(state.soc, soc, 2e-5);
    assertAlmostEquals(state.energyBalanceKwh, energyBalanceKwh, 2e-5);
    assertAlmostEquals(state.efficiency ** 2, efficiency, 2e-5);
    assertAlmostEquals(state.capacityKwh, capacityKwh, 2e-5);
  }
});

Deno.test("citylearn battery: depth of discharge keeps its reserve, standby takes its share", () => {
  const careful = { ...battery, depthOfDischarge: 0.9, standbyLossPerStep: 0.01 };
  const start = { soc: 0.5, capacityKwh: 6.4, efficiency: 1, energyBalanceKwh: 0 };
  assertAlmostEquals(stepCityLearnBattery(careful, start, 0, 1).soc, 0.495, 1e-12);
  const { energyBalanceKwh } = stepCityLearnBattery(careful, start, -5, 1);
  assertAlmostEquals(energyBalanceKwh, -(0.5 - 0.1) * 6.4, 1e-12);
});
