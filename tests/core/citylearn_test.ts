import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { type CityLearnOptions, importCityLearn } from "../../lib/data/citylearn.ts";
import { beginningAlike } from "../../lib/data/battery_sizes.ts";
import type { Car } from "../../lib/data/devices/car.ts";
import { parseCsv } from "../../lib/data/read_table.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { play } from "../../lib/evaluation/records.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { localTime, timestamp } from "../../lib/units.ts";

const options: CityLearnOptions = { feedInTariffPerKwh: 0.08, name: "test" };

type Json = Record<string, unknown>;

/** A day of two buildings, of which `change` may alter schema or files. */
async function importSmall(
  change: (schema: { buildings: Record<string, Json> } & Json, files: Map<string, string>) => void =
    () => {},
  more: Partial<CityLearnOptions> = {},
) {
  const files = new Map<string, string>();
  // Thursday 28 February and Friday 1 March, hours labelled by their start.
  const rows = Array.from({ length: 48 }, (_, row) => {
    const label = row % 24 === 0 ? 24 : row % 24;
    const day = row === 0 ? [2, 3] : row < 25 ? [2, 4] : [3, 5];
    return [day[0], label, day[1], 0.5, 0, 0, 0, row].join(",");
  });
  const header = "month,hour,day_type,non_shiftable_load,dhw_demand,cooling_demand," +
    "heating_demand,solar_generation";
  const csv = (name: string, lines: unknown[]) => [name, ...lines].join("\n") + "\n";
  files.set("a.csv", csv(header, rows));
  files.set("b.csv", csv(header, rows));
  files.set(
    "p.csv",
    csv("electricity_pricing", rows.map((_, row) => (0.2 + row / 100).toFixed(2))),
  );
  files.set("c.csv", csv("carbon_intensity", rows.map(() => 0.15)));
  const building = (file: string): Json => ({
    energy_simulation: file,
    pricing: "p.csv",
    carbon_intensity: "c.csv",
  });
  const schema = {
    seconds_per_time_step: 3600,
    buildings: { A: building("a.csv"), B: building("b.csv") },
  };
  change(schema, files);
  const text = (name: string) => {
    const found = name === "schema.json" ? JSON.stringify(schema) : files.get(name);
    return found === undefined ? Promise.reject(new Error(`no ${name}`)) : Promise.resolve(found);
  };
  const table = async (name: string) => await parseCsv(await text(name), name);
  return await importCityLearn({ text, table }, { ...options, ...more });
}

const storage = (attributes: Json) => ({ autosize: false, attributes });

Deno.test("citylearn: sun in absolute mode is energy of a step, by whatever name", async () => {
  // CityLearn 3.0.2, PV.get_generation: kWh per step where the mode is absolute, else W per kW installed.
  for (const mode of ["absolute", "kWh-step"]) {
    const { profiles } = await importSmall((schema) => {
      schema.buildings.A.pv = storage({ nominal_power: 40, generation_mode: mode });
    });
    assertEquals([...profiles.pvKw.subarray(0, 4)], [0, 1, 2, 3]);
  }
  const { profiles } = await importSmall(({ buildings }) => {
    buildings.A.pv = storage({ nominal_power: 40, generation_mode: "per-kW" });
  });
  assertEquals([...profiles.pvKw.subarray(0, 4)], [0, 0.04, 0.08, 0.12]);
});

Deno.test("citylearn: in quarter-hours energy is power by four, and standing loss is by the hour", async () => {
  const { community, profiles } = await importSmall((schema, files) => {
    schema.seconds_per_time_step = 900;
    schema.buildings.A.pv = storage({ nominal_power: 4, generation_mode: "absolute" });
    schema.buildings.A.electrical_storage = storage({
      capacity: 6.4,
      nominal_power: 3.2,
      efficiency: 0.9,
      loss_coefficient: 0.01,
    });
    const header = files.get("a.csv")!.split("\n")[0];
    const rows = Array.from({ length: 48 }, (_, row) => `2,${Math.floor(row / 4)},1,0.1,0,0,0,0.7`);
    for (const file of ["a.csv", "b.csv"]) files.set(file, [header, ...rows].join("\n"));
  });
  assertEquals([profiles.grid.dtHours, profiles.grid.slots], [0.25, 48]);
  assertEquals([profiles.loadKw[0], profiles.pvKw[0]], [0.4, 2.8]);
  // Of 1 kWh, a step leaves 1 − 0.01 ÷ 4, as CityLearn 3.0.2 has it.
  const kept = Math.exp(-0.25 * community.prosumers[0].battery!.selfDischargePerHour);
  assertAlmostEquals(kept, 0.9975, 1e-15);
});

Deno.test("citylearn: what is not used is listed, and a battery of 0 kWh is none", async () => {
  const { community, notes } = await importSmall(({ buildings, ...schema }, files) => {
    buildings.A.weather = "w.csv";
    buildings.A.inactive_actions = [];
    buildings.A.pv = { type: "PV", attributes: { nominal_power: 4, tilt: 30 } };
    buildings.A.electrical_storage = storage({ capacity: 0, nominal_power: 5, efficiency: 0.9 });
    buildings.C = { ...buildings.B, include: false };
    schema.observations = { hour: { active: true } };
    files.set("a.csv", files.get("a.csv")!.replace("dhw_demand", "occupants"));
  });
  assertEquals(community.prosumers[0].battery, null);
  assertEquals(notes, [
    "fields of schema.json that are not used: building: weather, pv: tilt",
    "buildings that schema.json leaves out: C",
    "columns of a.csv that are not used: occupants",
  ]);
});

Deno.test("citylearn: episodes begin with initial_soc, at least with what stays in the battery", async () => {
  for (const [initial_soc, energyKwh] of [[0.6, 6], [0.1, 2.5], [null, 6.25]] as const) {
    const dataset = await importSmall(({ buildings }) => {
      buildings.A.electrical_storage = storage({
        ...{ capacity: 10, nominal_power: 5, efficiency: 0.81, depth_of_discharge: 0.75 },
        initial_soc,
      });
    });
    assertEquals(dataset.notes?.some((note) => note.includes("initial_soc")) ?? false, false);
    const config = environmentConfigSchema.parse({ episodeDays: 1 });
    const env = new EnergyMarketEnv(dataset, config);
    env.reset({ seed: 1, firstSlots: [0] });
    assertAlmostEquals(env.state.energyKwh[0], energyKwh, 1e-12);
    const records = await play(
      { dataset, config, firstSlots: [0], seed: 1 },
      rulePolicy("self-consumption"),
    );
    assertEquals(audit(records, dataset).total, 0);
    const [{ battery }] = beginningAlike(dataset).community.prosumers;
    assertEquals("initialSoc" in battery!, false);
  }
});

Deno.test("citylearn: devices are converted by CityLearn's conventions", async () => {
  const { community } = await importSmall(({ buildings }) => {
    buildings.A.pv = storage({ nominal_power: 4 });
    buildings.A.electrical_storage = storage({
      capacity: 6.4,
      nominal_power: 5,
      efficiency: 0.81,
      loss_coefficient: 0.006,
      depth_of_discharge: 0.75,
      initial_soc: 0.6,
      capacity_loss_coefficient: 1e-5,
      power_efficiency_curve: [[0, 0.83], [1, 0.9]],
    });
  });
  const [a, b] = community.prosumers;
  assertEquals(b, { id: "B", pvCapacityKw: 0, battery: null });
  assertEquals(a.pvCapacityKw, 4);
  const { selfDischargePerHour, ...battery } = a.battery!;
  assertAlmostEquals(Math.exp(-selfDischargePerHour), 1 - 0.006, 1e-15);
  assertEquals(battery, {
    capacityKwh: 6.4,
    maxChargeKw: 5,
    maxDischargeKw: 5,
    chargeEfficiency: 0.9,
    dischargeEfficiency: 0.9,
    socMin: 0.25,
    socMax: 1,
    initialSoc: 0.6,
    capacityLossCoefficient: 1e-5,
    roundTripEfficiencyByPower: [[0, 0.83], [1, 0.9]],
  });
});

Deno.test("citylearn: energy per step becomes power, watts per kW become power", async () => {
  const { profiles } = await importSmall((schema, files) => {
    schema.buildings.A.pv = storage({ nominal_power: 4 });
    schema.seconds_per_time_step = 1800;
    const [header, ...rows] = files.get("a.csv")!.trim().split("\n");
    const halves = rows.slice(0, 24).flatMap((row) => [row, row]);
    const text = [header, ...halves].join("\n");
    files.set("a.csv", text).set("b.csv", text);
  });
  assertEquals(profiles.grid.dtHours, 0.5);
  assertEquals(profiles.loadKw[0], 1);
  assertAlmostEquals(profiles.pvKw[20], 4 * 10 / 1000, 1e-15);
  assertEquals(profiles.pvKw[48 + 20], 0);
  assertAlmostEquals(profiles.importPricePerKwh[3], 0.23, 1e-15);
  assertEquals(profiles.feedInTariffPerKwh[3], 0.08);
});

Deno.test("citylearn: excluded buildings and rows outside the simulation are left out", async () => {
  const { community, profiles } = await importSmall((schema) => {
    schema.buildings.A.include = false;
    schema.simulation_start_time_step = 6;
    schema.simulation_end_time_step = 29;
  });
  assertEquals(community.prosumers.map(({ id }) => id), ["B"]);
  assertEquals(profiles.grid.slots, 24);
  assertEquals(localTime(profiles.grid, 0).hourOfDay, 6);
  assertAlmostEquals(profiles.importPricePerKwh[0], 0.26, 1e-15);
});

Deno.test("citylearn: the first year whose calendar fits is taken, hour 24 being midnight", async () => {
  // From 2010 on, 2013 is the first year in which a Thursday is followed by 1 March.
  const { profiles } = await importSmall();
  assertEquals(timestamp(profiles.grid, 0), "2013-02-28T00:00:00+00:00");
  assertEquals(localTime(profiles.grid, 13).hourOfDay, 13);
  const stated = await importSmall(() => {}, { start: "2017-03-01T00:00:00-08:00" });
  assertEquals(timestamp(stated.profiles.grid, 0), "2017-03-01T00:00:00-08:00");
});

Deno.test("citylearn: a file that begins with hour 1 labels hours by their end", async () => {
  const { profiles } = await importSmall((_schema, files) => {
    const rows = Array.from({ length: 48 }, (_, row) =>
      // A holiday fits every weekday.
      `1,${row % 24 + 1},${row < 24 ? 8 : 2},1,0`);
    const text = ["month,hour,day_type,non_shiftable_load,solar_generation [W/kW]", ...rows];
    files.set("a.csv", text.join("\n")).set("b.csv", text.join("\n"));
  });
  // 4 January 2010 was a Monday, the 5th the first Tuesday.
  assertEquals(timestamp(profiles.grid, 0), "2010-01-04T00:00:00+00:00");
});

const replaceIn =
  (file: string, from: string, to: string) => (_: unknown, files: Map<string, string>) => {
    const before = files.get(file)!;
    assert(before.includes(from));
    files.set(file, before.replace(from, to));
  };

const bad: Record<string, [change: Parameters<typeof importSmall>[0], message: string]> = {
  "a schema without buildings": [
    (schema) => Object.assign(schema, { buildings: {} }),
    'schema.json: no building is included; set "include": true',
  ],
  "a battery without an efficiency": [
    ({ buildings }) => buildings.A.electrical_storage = storage({ capacity: 6, nominal_power: 5 }),
    "schema.json: buildings.A.electrical_storage.attributes.efficiency: expected number",
  ],
  "a battery of less than nothing": [
    ({ buildings }) =>
      buildings.A.electrical_storage = storage({ capacity: -1, nominal_power: 5, efficiency: 0.9 }),
    "schema.json: battery.capacityKwh must be positive, got -1 (prosumer A)",
  ],
  "an escalator": [
    ({ buildings }) => buildings.A.escalators = { e1: { nominal_power: 5 } },
    "schema.json: buildings.A.escalators is not modelled; remove it",
  ],
  "a way to state the sun that nobody knows": [
    ({ buildings }) => buildings.A.pv = storage({ nominal_power: 4, generation_mode: "lux" }),
    "buildings.A.pv.attributes.generation_mode",
  ],
  "devices that CityLearn would size by itself": [
    ({ buildings }) => buildings.A.pv = { autosize: true, attributes: { nominal_power: 4 } },
    "buildings.A.pv.autosize",
  ],
  "a deferrable appliance": [
    ({ buildings }) => buildings.A.deferrable_appliances = { one: {} },
    "buildings.A.deferrable_appliances is not modelled; remove it",
  ],
  "thermal demand": [
    replaceIn("a.csv", "2,2,4,0.5,0,0,0", "2,2,4,0.5,0,3.5,0"),
    "a.csv row 4, column cooling_demand: only data sets without thermal demand",
  ],
  "a file outside the folder": [
    ({ buildings }) => buildings.A.pricing = "../secrets.csv",
    "buildings.A.pricing: must be a file beside schema.json",
  ],
  "a file at another address": [
    ({ buildings }) => buildings.A.pricing = "https://example.org/p.csv",
    "buildings.A.pricing: must be a file beside schema.json",
  ],
  "prices that differ between buildings": [
    ({ buildings }, files) => {
      files.set("q.csv", files.get("p.csv")!.replace("0.21", "0.22"));
      buildings.B.pricing = "q.csv";
    },
    "q.csv: electricity_pricing differs from p.csv",
  ],
  "a column that is missing": [
    replaceIn("b.csv", "non_shiftable_load", "load"),
    "b.csv: column non_shiftable_load is missing",
  ],
  "a file that is too short": [
    (_schema, files) => files.set("p.csv", "electricity_pricing\n0.2\n"),
    "p.csv: 48 rows are needed, got 1",
  ],
  "negative sun": [
    ({ buildings }, files) => {
      buildings.A.pv = storage({ nominal_power: 4 });
      replaceIn("a.csv", "2,3,4,0.5,0,0,0,3", "2,3,4,0.5,0,0,0,-30")(null, files);
    },
    "pvKw must be a number of at least 0, got -0.12 (A, row 5 of ",
  ],
  "an hour that is left out": [
    replaceIn("a.csv", "2,5,4,", "2,6,4,"),
    "a.csv row 7, column hour: must be 5, got 6",
  ],
  "a calendar that no year has": [
    replaceIn("a.csv", "2,5,4,", "7,5,4,"),
    "no year has these months and day types",
  ],
  "rows that begin at noon": [
    replaceIn("a.csv", "2,24,3,", "2,12,3,"),
    "the first row must begin at midnight",
  ],
};

for (const [name, [change, message]] of Object.entries(bad)) {
  Deno.test(`citylearn: ${name} is refused in one line`, async () => {
    const error = await assertRejects(() => importSmall(change), RangeError, message);
    assertEquals(error.message.includes("\n"), false);
  });
}

const CHARGER_HEADER = "electric_vehicle_charger_state,electric_vehicle_id," +
  "electric_vehicle_departure_time,electric_vehicle_required_soc_departure," +
  "electric_vehicle_estimated_arrival_time,electric_vehicle_estimated_soc_arrival";

/** A charger at which EV_1 stands from row 2 to 7 and 20 to 29, EV_2 from row 35 to the end. */
const chargerFile = [
  CHARGER_HEADER,
  ...Array.from({ length: 48 }, (_, row) => {
    const at = (first: number, end: number) => row >= first && row < end;
    if (at(2, 8)) return `1,EV_1,${7 - row},80,,`;
    if (at(20, 30)) return `1,EV_1,${29 - row},0.9,,`;
    if (at(35, 48)) return "1,EV_2,3,100,,";
    if (row === 1) return "2,EV_1,,,1,40";
    if (row === 19) return "2,EV_1,,,1,0.3";
    if (row === 34) return "2,EV_2,,,1,nan";
    return "3,,,,,";
  }),
].join("\n");

const withChargers = (
  schema: { buildings: Record<string, Json> } & Json,
  files: Map<string, string>,
) => {
  files.set("charger.csv", chargerFile);
  schema.buildings.A.chargers = {
    "charger_1": {
      type: "citylearn.electric_vehicle_charger.Charger",
      charger_simulation: "charger.csv",
      attributes: {
        ...{ efficiency: 0.95, max_charging_power: 7.4, min_charging_power: 1.4 },
        ...{ max_discharging_power: 3, phase_connection: "L1" },
      },
    },
  };
  const vehicle = (capacity: number) => ({
    battery: { attributes: { capacity, nominal_power: 6, efficiency: 0.81, initial_soc: 0.2 } },
  });
  schema.electric_vehicles_def = { EV_1: vehicle(40), EV_2: vehicle(60) };
};

Deno.test("citylearn: vehicles at chargers become cars with their sessions and trips", async () => {
  const { community, notes, profiles: { grid } } = await importSmall(withChargers);
  const cars = community.prosumers[0].devices!;
  assertEquals(cars.map(({ name, kind }) => [name, kind]), [
    ["charger_1-EV_1", "car"],
    ["charger_1-EV_2", "car"],
  ]);
  const [first, second] = cars as readonly Car[];
  assertEquals([first.capacityKwh, first.maxChargeKw, first.maxDischargeKw], [40, 6, 3]);
  assertAlmostEquals(first.chargeEfficiency, 0.95 * 0.9, 1e-15);
  const hour = (ms: number) => (ms - grid.startMs) / 3_600_000;
  assertEquals(
    first.sessions.map(({ startMs, endMs, tripKwh, requiredKwh }) =>
      [hour(startMs), hour(endMs), tripKwh, requiredKwh].map((value) => Number(value.toFixed(9)))
    ),
    // Leaves with 80 %, comes back with 30 %.
    [[2, 8, 20, 32], [20, 30, 0, 36]],
  );
  assertEquals(second.sessions.length, 1);
  const said = notes!.join("\n");
  for (
    const part of ["charger: phase_connection", "vehicle: initial_soc", "sets the state of charge"]
  ) {
    assert(said.includes(part), said);
  }
});

Deno.test("citylearn: limits of connections and outages are kept", async () => {
  const total = { import_kw: 10, export_kw: 10 };
  const outage = (files: Map<string, string>, file: string, row: number) => {
    const lines = files.get(file)!.trim().split("\n");
    files.set(
      file,
      lines.map((line, k) => `${line},${k === 0 ? "power_outage" : k === row + 1 ? 1 : 0}`).join(
        "\n",
      ),
    );
  };
  const both = await importSmall((schema, files) => {
    schema.buildings.A.electrical_service = { mode: "three_phase", limits: { total } };
    for (const name of ["A", "B"]) {
      schema.buildings[name].power_outage = { simulate_power_outage: true };
    }
    for (const file of ["a.csv", "b.csv"]) outage(files, file, 5);
  });
  assertEquals(both.network!.homes, { A: "connection-A", B: "connection-B" });
  assertAlmostEquals(both.network!.nodes[1].ratingA! * 400 * Math.sqrt(3), 10_000, 1e-6);
  assertEquals([...both.profiles.gridImportLimitKw.subarray(4, 7)], [Infinity, 0, Infinity]);
  assert(both.notes!.join().includes("electrical_service: mode"));
  const alone = await importSmall((schema) => {
    schema.buildings.A.electrical_service = { limits: { total: { import_kw: 9, export_kw: 4 } } };
    schema.buildings.B.include = false;
  });
  assertEquals([
    alone.network,
    alone.profiles.gridImportLimitKw[0],
    alone.profiles.gridExportLimitKw[0],
  ], [
    ...[undefined, 9, 4],
  ]);
});

const refused: readonly [string, Parameters<typeof importSmall>[0], string][] = [
  ["a vehicle that is not defined", (schema, files) => {
    withChargers(schema, files);
    schema.electric_vehicles_def = {};
  }, 'charger.csv row 4, column electric_vehicle_id: electric_vehicles_def has no "EV_1"'],
  ["a charger's file that is short", (schema, files) => {
    withChargers(schema, files);
    files.set("charger.csv", chargerFile.split("\n").slice(0, 20).join("\n"));
  }, "charger.csv: 48 rows are needed, got 19"],
  ["limits that differ by direction", ({ buildings }) => {
    buildings.A.electrical_service = { limits: { total: { import_kw: 9, export_kw: 4 } } };
  }, "got import_kw 9 and export_kw 4; state both alike"],
  ["outages by chance", ({ buildings }) => {
    buildings.A.power_outage = { simulate_power_outage: true, stochastic_power_outage: true };
  }, "stochastic_power_outage draws outages by chance, which is not modelled"],
  ["an outage of one building", ({ buildings }, files) => {
    buildings.B.power_outage = { simulate_power_outage: true };
    const lines = files.get("b.csv")!.trim().split("\n");
    files.set(
      "b.csv",
      lines.map((line, k) => `${line},${k === 0 ? "power_outage" : 1}`).join("\n"),
    );
  }, "b.csv row 2, column power_outage: differs from a.csv"],
];
for (const [what, change, message] of refused) {
  Deno.test(`citylearn: ${what} is one line`, async () => {
    await assertRejects(() => importSmall(change), RangeError, message);
  });
}
