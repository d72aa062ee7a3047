import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "node:path";
import { readDataset, writeDataset } from "../../lib/data/dataset.ts";
import { datasetHash } from "../../lib/data/hash.ts";
import { type Dataset, validateDataset } from "../../lib/data/profiles.ts";
import { made, withDevices } from "../helpers/devices.ts";
import { appliance, car, heatPump, withSpecs } from "../helpers/device_specs.ts";
import { inFolder, names, simple } from "../helpers/two_homes.ts";

/** Two homes over four half hours, with a device of every kind. */
const withAll = (): Dataset =>
  withSpecs(simple(), (grid) => [
    [
      car(grid, [[-3, 0.5, 5.5, 20], [0.75, 1.5, 0.1 + 0.2, 8]], { consumptionKwhPerKm: 0.2 }),
      heatPump(grid, (t) => 0.1 * t, (t) => 3 + t / 3),
    ],
    [
      appliance(grid, [[0, 1, 0.7], [1, 9, 1.1]]),
      car(grid, [], { name: "idle", departure: "unknown", maxDischargeKw: 3 }),
      car(grid, [[0, 40, 1, 2]], { name: "ev-2" }),
    ],
  ]);

for (const format of ["csv", "parquet"] as const) {
  Deno.test(`device files: devices written beside ${format} are read back bit for bit`, async () => {
    await inFolder(async (parent) => {
      const folder = join(parent, "set");
      await writeDataset(withAll(), folder, { format });
      assertEquals(await names(folder), [
        "community.json",
        `profiles.${format}`,
        "runs.csv",
        "sessions.csv",
      ]);
      const read = await readDataset(folder);
      assertEquals(read, withAll());
      assertEquals(await datasetHash(read), await datasetHash(withAll()));
      // Without devices their files go.
      await writeDataset(simple(), folder, { format });
      assertEquals(await names(folder), ["community.json", `profiles.${format}`]);
    });
  });
}

Deno.test("device files: rows may stand in any order, and trips in kilometres", async () => {
  await inFolder(async (folder) => {
    await writeDataset(withAll(), folder);
    const path = join(folder, "sessions.csv");
    const [header, ...rows] = (await Deno.readTextFile(path)).trim().split("\n");
    await Deno.writeTextFile(path, [header, ...rows.reverse()].join("\n"));
    assertEquals(await readDataset(folder), withAll());

    const own = rows.filter((row) => row.startsWith("a,"));
    const km = own.map((row) => row.split(",").with(4, "30").join());
    await Deno.writeTextFile(path, [header.replace("tripKwh", "tripKm"), ...km].join("\n"));
    const { community } = await readDataset(folder);
    const device = community.prosumers[0].devices![0];
    assert(device.kind === "car" && "sessions" in device);
    assertEquals(device.sessions.map(({ tripKwh }) => tripKwh), [6, 6]);
  });
});

Deno.test("device files: what is described slot by slot is not written, and nothing is left", async () => {
  await inFolder(async (parent) => {
    const dataset = withDevices(simple(), [[], [made()]]);
    const error = await assertRejects(() => writeDataset(dataset, join(parent, "set")), RangeError);
    assertStringIncludes(error.message, 'device "made" of prosumer b-2 is described slot by slot');
    assertEquals(await names(parent), []);
  });
});

Deno.test("hash: every parameter, session, run and column of a device counts", async () => {
  const hashes = new Set([await datasetHash(withAll()), await datasetHash(simple())]);
  const changes: ((dataset: Dataset) => void)[] = [];
  withAll().community.prosumers.forEach(({ devices = [] }, i) =>
    devices.forEach((device, k) => {
      const of = (dataset: Dataset) =>
        dataset.community.prosumers[i].devices![k] as unknown as Record<string, unknown>;
      for (const [field, value] of Object.entries(device)) {
        if (typeof value === "number") changes.push((dataset) => of(dataset)[field] = value + 1e-9);
        if (value instanceof Float64Array) {
          changes.push((dataset) => (of(dataset)[field] as Float64Array)[1] += 1e-9);
        }
        if (Array.isArray(value) && value.length > 0) {
          for (const name of Object.keys(value[0])) {
            changes.push((dataset) => {
              const row = (of(dataset)[field] as Record<string, number>[])[0];
              row[name] += name.endsWith("Ms") ? 1000 : 1e-9;
            });
          }
        }
      }
    })
  );
  for (const change of changes) {
    const dataset = withAll();
    change(dataset);
    hashes.add(await datasetHash(dataset));
  }
  assert(changes.length > 40);
  assertEquals(hashes.size, changes.length + 2);
});

type Edit = (text: string) => string;
const swap = (from: string, to: string): Edit => (text) => {
  assertStringIncludes(text, from);
  return text.replace(from, to);
};

/** File, what is changed in it, and what the one line then says. */
const faults: Record<string, readonly [file: string, edit: Edit, ...message: string[]]> = {
  "a car that leaves before it comes": [
    "sessions.csv",
    swap(
      "2024-02-28T19:15:00-03:30,2024-02-28T20:00:00",
      "2024-02-28T19:15:00-03:30,2024-02-28T19:00:00",
    ),
    "sessions.csv row 3, column departure",
    "departure must be after the arrival 2024-02-28T19:15:00-03:30, got 2024-02-28T19:00:00-03:30",
    "correct one of the two",
  ],
  "sessions that overlap": [
    "sessions.csv",
    swap("2024-02-28T19:15:00", "2024-02-28T18:59:59"),
    "sessions.csv row 3, column arrival",
    "arrival must be at or after the departure before it, 2024-02-28T19:00:00-03:30, got 2024-02-28T18:59:59",
    "must not overlap: correct or merge them",
  ],
  "a departure energy above the capacity": [
    "sessions.csv",
    swap(",5.5,20", ",5.5,41"),
    "sessions.csv row 2, column requiredKwh",
    "requiredKwh must be at most the capacity, 40 kWh, got 41",
    "correct capacityKwh",
  ],
  "a trip below zero": [
    "sessions.csv",
    swap(",5.5,20", ",-5.5,20"),
    "sessions.csv row 2, column tripKwh",
    "tripKwh must be ≥ 0, got -5.5",
  ],
  "kilometres below zero": [
    "sessions.csv",
    (text) => text.replace("tripKwh", "tripKm").replace(",5.5,20", ",-30,20"),
    "sessions.csv row 2, column tripKm: must be a number of at least 0, got -30; correct it",
  ],
  "kilometres of a car whose consumption is unknown": [
    "sessions.csv",
    swap("tripKwh", "tripKm"),
    'sessions.csv row 4, column tripKm: "ev-2" has no consumptionKwhPerKm in community.json; add it',
  ],
  "both kinds of trips": [
    "sessions.csv",
    (text) => text.replace("requiredKwh", "requiredKwh,tripKm").replaceAll(/(\d)$/gm, "$1,3"),
    "has both tripKwh and tripKm; keep one of them",
  ],
  "an unknown home": [
    "sessions.csv",
    swap("b-2,ev-2", "b-3,ev-2"),
    'sessions.csv row 4, column prosumer: no prosumer "b-3" of community.json has a car "ev-2"; did you mean b-2.ev-2?',
  ],
  "an unknown device": [
    "sessions.csv",
    swap("b-2,ev-2", "b-2,washer"),
    'sessions.csv row 4, column device: no prosumer "b-2" of community.json has a car "washer"',
  ],
  "a session outside of the data": [
    "sessions.csv",
    swap(
      "2024-02-28T15:30:00-03:30,2024-02-28T19:00:00",
      "2024-02-28T15:30:00-03:30,2024-02-28T18:30:00",
    ),
    "sessions.csv row 2, column arrival",
    "arrival must be within the data, 2024-02-28T18:30:00-03:30 to 2024-02-28T20:30:00-03:30",
    "remove the session",
  ],
  "a moment that does not exist": [
    "sessions.csv",
    swap("2024-02-28T19:15:00", "2024-02-30T19:15:00"),
    "sessions.csv row 3, column arrival: timestamp names a moment that does not exist",
  ],
  "fractions of a second": [
    "sessions.csv",
    swap("2024-02-28T19:15:00", "2024-02-28T19:15:00.5"),
    "sessions.csv row 3, column arrival",
    "whole seconds",
  ],
  "text for energy": [
    "sessions.csv",
    swap(",5.5,20", ",far,20"),
    'sessions.csv row 2, column tripKwh: must be a number with a decimal point, got "far"',
  ],
  "a column that is missing": [
    "sessions.csv",
    (text) => text.split("\n").map((line) => line.split(",").slice(0, 5).join()).join("\n"),
    "sessions.csv: column requiredKwh is missing; add it",
  ],
  "a column that is unknown": [
    "sessions.csv",
    swap("arrival", "arival"),
    'sessions.csv: unknown column "arival"; did you mean arrival?',
  ],
  "an empty table of sessions": [
    "sessions.csv",
    () => "",
    "the file is empty; write a header line",
  ],
  "a window shorter than the run": [
    "runs.csv",
    swap(",0.7", ",2.5"),
    "runs.csv row 2, column energyKwh",
    "energyKwh must be at most what maxPowerKw, 2 kW, gives in the window of 1 h, 2 kWh, got 2.5",
    "the window is shorter than the run: make it longer",
  ],
  "a run that takes nothing": [
    "runs.csv",
    swap(",0.7", ",0"),
    "runs.csv row 2, column energyKwh",
    "energyKwh must be positive, got 0",
  ],
  "a deadline before the start": [
    "runs.csv",
    swap(
      "2024-02-28T19:30:00-03:30,2024-02-29T03:30:00",
      "2024-02-28T19:30:00-03:30,2024-02-28T19:30:00",
    ),
    "runs.csv row 3, column deadline",
    "deadline must be after the earliest",
  ],
  "a COP of zero": [
    "profiles.csv",
    (text) => {
      const lines = text.split("\n");
      const column = lines[0].split(",").indexOf("a.heating.cop");
      return lines.with(2, lines[2].split(",").with(column, "0").join()).join("\n");
    },
    "profiles.csv row 3, column a.heating.cop",
    "cop must be a number above 0, got 0",
    "a back-up heater alone has a COP of 1",
  ],
  "heat below zero": [
    "profiles.csv",
    (text) => {
      const lines = text.split("\n");
      const column = lines[0].split(",").indexOf("a.heating.heatKw");
      return lines.with(4, lines[4].split(",").with(column, "-2").join()).join("\n");
    },
    "profiles.csv row 5, column a.heating.heatKw",
    "heatKw must be a number of at least 0, got -2",
  ],
  "a heat pump without its columns": [
    "profiles.csv",
    swap("a.heating.cop", "a.heatin.cop"),
    'unknown column "a.heatin.cop"; did you mean a.heating.cop?',
  ],
  "a tank of no size": [
    "community.json",
    swap('"tankKwh": 8', '"tankKwh": 0'),
    "tankKwh must be positive where there is heat demand, got 0",
    'community.json, device "heating" of prosumer a',
    "or remove the heat pump",
  ],
  "a car without capacity": [
    "community.json",
    swap('"capacityKwh": 40', '"capacityKwh": 0'),
    "capacityKwh must be positive, got 0",
    'community.json, device "ev" of prosumer a',
  ],
  "a least power above the largest": [
    "community.json",
    swap('"leastChargeKw": 4', '"leastChargeKw": 11'),
    "leastChargeKw must be 0 to maxChargeKw, 10, got 11",
  ],
  "a kind that is unknown": [
    "community.json",
    swap('"heat-pump"', '"heatpump"'),
    "prosumers[0].devices[1].kind",
  ],
  "a field that is missing": [
    "community.json",
    swap('"backupKw": 3,', ""),
    "prosumers[0].devices[1].backupKw",
    "missing",
  ],
  "a field that is unknown": [
    "community.json",
    swap('"backupKw": 3,', '"backupKw": 3, "colour": 1,'),
    "prosumers[0].devices[1]",
    "colour",
  ],
  "a name that comes twice": [
    "community.json",
    swap('"idle"', '"ev-2"'),
    'device "ev-2" of prosumer b-2 comes twice',
  ],
  "a name with a dot": [
    "community.json",
    swap('"idle"', '"ev.2"'),
    'name must be letters, digits, "_" and "-", got "ev.2"',
  ],
  "the battery's name": [
    "community.json",
    swap('"idle"', '"battery"'),
    "name must be another than that of the home's battery",
  ],
};

for (const [name, [file, edit, ...messages]] of Object.entries(faults)) {
  Deno.test(`device files: ${name} is refused in a line`, async () => {
    await inFolder(async (folder) => {
      await writeDataset(withAll(), folder);
      const path = join(folder, file);
      const before = await Deno.readTextFile(path);
      const after = edit(before);
      assert(after !== before);
      await Deno.writeTextFile(path, after);
      const { message } = await assertRejects(() => readDataset(folder), RangeError);
      for (const part of [file, ...messages]) assertStringIncludes(message, part);
      assert(!message.includes("\n"), message);
    });
  });
}

for (const [file, what] of [["sessions.csv", "its sessions"], ["runs.csv", "its runs"]] as const) {
  Deno.test(`device files: a missing ${file} is named with the device that needs it`, async () => {
    await inFolder(async (folder) => {
      await writeDataset(withAll(), folder);
      await Deno.remove(join(folder, file));
      const { message } = await assertRejects(() => readDataset(folder), RangeError);
      for (const part of [`there is no ${file}`, `write ${what} there`]) {
        assertStringIncludes(message, part);
      }
    });
  });
}

Deno.test("device files: impossible devices in memory are refused with device and prosumer", () => {
  const dataset = withSpecs(simple(), (grid) => [[car(grid, [[0, 1, 1, 50]])]]);
  assertThrows(
    () => validateDataset(dataset),
    RangeError,
    'requiredKwh must be at most the capacity, 40 kWh, got 50 (session 1 of device "ev" of prosumer a)',
  );
});
