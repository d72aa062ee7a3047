/**
 * A data set in CityLearn's form, so that its environment has the same homes: the inverse of
 * {@link ../../lib/data/citylearn.ts}. Hours are labelled by their end.
 *
 * CityLearn has one power for charging and discharging, one efficiency for the round trip, and no
 * feed-in tariff. Where every home is to have the same action, one without a battery has a tiny one.
 *
 * @module
 */

import type { Battery } from "../../lib/data/community.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { localTime } from "../../lib/units.ts";

/** Stands for no battery. */
export const TINY_BATTERY: Battery = {
  capacityKwh: 0.001,
  maxChargeKw: 0.001,
  maxDischargeKw: 0.001,
  chargeEfficiency: 1,
  dischargeEfficiency: 1,
  selfDischargePerHour: 0,
  socMin: 0,
  socMax: 1,
};

/** What an agent sees of its own home, and of what is the same for all. */
const OWN = ["non_shiftable_load", "solar_generation", "electrical_storage_soc"];
const OWN_RESULTS = ["net_electricity_consumption"];
const SHARED = ["month", "day_type", "hour", "carbon_intensity", "electricity_pricing"];
const LEADS = [1, 2, 3];
const PRICES_AHEAD = LEADS.map((lead) => `electricity_pricing_predicted_${lead}`);
const WEATHER = [
  "outdoor_dry_bulb_temperature",
  "outdoor_relative_humidity",
  "diffuse_solar_irradiance",
  "direct_solar_irradiance",
].flatMap((name) => [name, ...LEADS.map((lead) => `${name}_predicted_${lead}`)]);
const BUILDING = [
  "month",
  "hour",
  "day_type",
  "daylight_savings_status",
  "indoor_dry_bulb_temperature",
  "average_unmet_cooling_setpoint_difference",
  "indoor_relative_humidity",
  "non_shiftable_load",
  "dhw_demand",
  "cooling_demand",
  "heating_demand",
  "solar_generation",
];

/** Texts of the files by name, `schema.json` among them. */
export function citylearnFiles({ community, profiles }: Dataset): Map<string, string> {
  const { grid, importPricePerKwh, carbonKgPerKwh } = profiles;
  const slots = [...Array(grid.slots).keys()];
  const calendar = slots.map((slot) => {
    const { hourOfDay, dayOfYear, weekday } = localTime(grid, slot);
    const year = new Date(grid.startMs + grid.utcOffsetMinutes * 60_000).getUTCFullYear();
    const month = new Date(Date.UTC(year, 0, 1 + dayOfYear)).getUTCMonth() + 1;
    return [month, Math.floor(hourOfDay) + 1, weekday + 1, 0];
  });
  const files = new Map([["schema.json", schemaOf({ community, profiles })]]);
  community.prosumers.forEach(({ id, pvCapacityKw }, i) => {
    const rows = slots.map((slot) => {
      const at = i * grid.slots + slot;
      const energyKwh = profiles.loadKw[at] * grid.dtHours;
      const wattsPerKw = pvCapacityKw > 0 ? 1000 * profiles.pvKw[at] / pvCapacityKw : 0;
      return [...calendar[slot], "", "", "", energyKwh, 0, 0, 0, wattsPerKw];
    });
    files.set(`${id}.csv`, csv(BUILDING, rows));
  });
  const price = (slot: number) => importPricePerKwh[Math.min(slot, grid.slots - 1)];
  const prices = slots.map((slot) => [0, ...LEADS].map((lead) => price(slot + lead)));
  files.set("pricing.csv", csv(["electricity_pricing", ...PRICES_AHEAD], prices));
  const carbon = slots.map((slot) => [carbonKgPerKwh[slot]]);
  files.set("carbon_intensity.csv", csv(["carbon_intensity"], carbon));
  files.set("weather.csv", csv(WEATHER, slots.map(() => WEATHER.map(() => 0))));
  return files;
}

function schemaOf({ community, profiles: { grid } }: Dataset): string {
  const observation = (isShared: boolean) => (name: string) =>
    [name, { active: true, shared_in_central_agent: isShared }] as const;
  return JSON.stringify({
    random_seed: 0,
    root_directory: null,
    central_agent: false,
    simulation_start_time_step: 0,
    simulation_end_time_step: grid.slots - 1,
    episode_time_steps: null,
    rolling_episode_split: false,
    random_episode_split: false,
    seconds_per_time_step: grid.dtHours * 3600,
    observations: Object.fromEntries([
      ...[...SHARED, ...PRICES_AHEAD].map(observation(true)),
      ...[...OWN, ...OWN_RESULTS].map(observation(false)),
    ]),
    actions: { electrical_storage: { active: true } },
    reward_function: { type: "citylearn.reward_function.RewardFunction", attributes: null },
    buildings: Object.fromEntries(community.prosumers.map(({ id, pvCapacityKw, battery }) => [id, {
      include: true,
      energy_simulation: `${id}.csv`,
      weather: "weather.csv",
      carbon_intensity: "carbon_intensity.csv",
      pricing: "pricing.csv",
      inactive_observations: [],
      inactive_actions: [],
      electrical_storage: storageOf(battery ?? TINY_BATTERY, grid.dtHours),
      pv: {
        type: "citylearn.energy_model.PV",
        autosize: false,
        attributes: { nominal_power: pvCapacityKw },
      },
    }])),
  });
}

function storageOf(battery: Battery, dtHours: number) {
  return {
    type: "citylearn.energy_model.Battery",
    autosize: false,
    attributes: {
      capacity: battery.capacityKwh,
      nominal_power: Math.max(battery.maxChargeKw, battery.maxDischargeKw),
      efficiency: battery.chargeEfficiency * battery.dischargeEfficiency,
      loss_coefficient: -Math.expm1(-battery.selfDischargePerHour * dtHours),
      depth_of_discharge: 1 - battery.socMin,
      capacity_loss_coefficient: battery.capacityLossCoefficient ?? 0,
    },
  };
}

function csv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows].map((row) => row.join(",")).join("\n") + "\n";
}
