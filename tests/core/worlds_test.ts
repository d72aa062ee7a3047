import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { importCityLearn } from "../../lib/data/citylearn.ts";
import { folderFiles, readDataset } from "../../lib/data/dataset.ts";
import { describeDataset } from "../../lib/data/describe.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { timestamp } from "../../lib/units.ts";
import { inFolder } from "../helpers/two_homes.ts";

/** Hours of a small day; `stamps` and cells of the first home may be changed. */
interface World {
  readonly stamps?: readonly string[];
  readonly load?: readonly (number | string)[];
  readonly pv?: readonly (number | string)[];
  readonly prices?: readonly [importPrice: number, tariff: number];
  readonly id?: string;
  readonly column?: string;
  readonly battery?: object | null;
}

const HOURS = 4;
const utc = (hour: number) => `2025-04-01T${String(hour).padStart(2, "0")}:00:00+00:00`;

/** Reads a data set of one home with panels of 4 kW, written as a user would. */
async function read(world: World): Promise<Dataset> {
  const { id = "a", column = id, prices = [0.3, 0.08], battery = null } = world;
  const { stamps = Array.from({ length: HOURS }, (_, t) => utc(t)) } = world;
  const rows = stamps.map((stamp, t) =>
    [stamp, ...prices, 0.35, world.load?.[t] ?? 0.2, world.pv?.[t] ?? 0].join(",")
  );
  const header = "timestamp,importPricePerKwh,feedInTariffPerKwh,carbonKgPerKwh";
  let dataset: Dataset | undefined;
  await inFolder(async (folder) => {
    const community = { name: "w", currency: "EUR", prosumers: [{ id, pvCapacityKw: 4, battery }] };
    await Deno.writeTextFile(join(folder, "community.json"), JSON.stringify(community));
    const lines = [`${header},${column}.loadKw,${column}.pvKw`, ...rows];
    await Deno.writeTextFile(join(folder, "profiles.csv"), lines.join("\n") + "\n");
    dataset = await readDataset(folder);
  });
  return dataset!;
}

Deno.test("worlds: where the offset changes the moments are kept, with the first offset", async () => {
  const stamps = ["00:00:00+01:00", "01:00:00+01:00", "03:00:00+02:00", "04:00:00+02:00"];
  const { profiles: { grid }, notes } = await read({
    stamps: stamps.map((time) => `2025-03-30T${time}`),
  });
  assertEquals([grid.dtHours, grid.slots, grid.utcOffsetMinutes], [1, 4, 60]);
  assertEquals(timestamp(grid, 3), "2025-03-30T03:00:00+01:00");
  assertEquals(notes, [
    "the offset from UTC changes at 2025-03-30T03:00:00+02:00; all slots are labelled with the " +
    "first offset",
  ]);
});

Deno.test("worlds: time stamps without offset are a clock that nobody changes", async () => {
  const { profiles: { grid }, notes } = await read({
    stamps: ["2025-04-01 00:00:00", "2025-04-01 00:15:00", "2025-04-01 00:30:00"],
  });
  assertEquals(grid, {
    startMs: Date.UTC(2025, 3, 1),
    utcOffsetMinutes: 0,
    dtHours: 0.25,
    slots: 3,
  });
  assertEquals(notes, ["time stamps have no offset from UTC and are labelled with +00:00"]);
  await assertRejects(
    () => read({ stamps: ["2025-04-01 00:00", "2025-04-01 01:00", "2025-04-01 03:00"] }),
    RangeError,
    "a gap of 1 slot; fill in the missing rows (2025-04-01 01:00, then 2025-04-01 03:00); if this is",
  );
  await assertRejects(
    () => read({ stamps: ["2025-02-28 00:00", "2025-02-30 00:00"] }),
    RangeError,
    'names a moment that does not exist: "2025-02-30 00:00"',
  );
});

Deno.test("worlds: slots of another length are told with both lengths", async () => {
  await assertRejects(
    () => read({ stamps: [utc(0), utc(1), "2025-04-01T01:15:00+00:00"] }),
    RangeError,
    "row 4, column timestamp: slots of 0.25 h follow slots of 1 h; write all in one length, such as",
  );
});

Deno.test("worlds: what panels take at night is load, and a wrong sign is none", async () => {
  const { profiles, notes } = await read({ pv: [-0.002, -0.03, 0, 1.5], load: [0.2, 0.2, 0.2, 0] });
  assertEquals([...profiles.loadKw], [0.202, 0.23, 0.2, 0]);
  assertEquals([...profiles.pvKw], [0, 0, 0, 1.5]);
  assertEquals(notes, ["a: in 2 of 4 slots its panels take up to 0.03 kW, which counts as load"]);
  await assertRejects(
    () => read({ pv: [0, 0, 0, -1.5] }),
    RangeError,
    "pvKw must be a number of at least 0, got -1.5 (",
  );
});

Deno.test("worlds: ids may have any letters, composed or not", async () => {
  const decomposed = "Mu\u0308ller-Łódź_東京";
  for (const [id, column] of [[decomposed, decomposed], ["Müller-Łódź_東京", decomposed]]) {
    const { community } = await read({ id, column });
    assertEquals(community.prosumers[0].id, "Müller-Łódź_東京");
  }
  for (const id of ["", "a b", "a.b", "a/b", "a\u202eb", "=a"]) {
    await assertRejects(() => read({ id }), RangeError, "prosumer id must be letters, digits");
  }
});

Deno.test("worlds: a battery of 0 kWh is none", async () => {
  const battery = {
    capacityKwh: 0,
    maxChargeKw: 3,
    maxDischargeKw: 3,
    chargeEfficiency: 0.95,
    dischargeEfficiency: 0.95,
    selfDischargePerHour: 4e-5,
    socMin: 0,
    socMax: 1,
  };
  assertEquals((await read({ battery })).community.prosumers[0].battery, null);
});

const doubtful: readonly [string, World, string][] = [
  ["watts for kilowatts", { load: [200, 250, 150, 200] }, "a (200 kW): more than 20 kW on average"],
  [
    "PV above its rating",
    { pv: [0, 0, 0, 8] },
    "a (8 of 4 kW): panels give more than is installed",
  ],
  [
    "sun at night",
    { pv: [0.2, 0, 0, 1] },
    "17 % of the sun shines from 22:00 to 3:00; is the offset",
  ],
  ["nothing at all", { load: [0, 0, 0, 0] }, "there is neither load nor sun"],
  ["import below feed-in", { prices: [0.03, 0.08] }, "in 4 of 4 slots importing costs less than"],
];
for (const [what, world, doubt] of doubtful) {
  Deno.test(`worlds: ${what} is read, and doubted where the data set is described`, async () => {
    const { doubts } = describeDataset(await read(world));
    assertEquals(doubts.map(({ text }) => text.slice(0, doubt.length)), [doubt]);
  });
}

Deno.test("worlds: nothing is doubted about what is ordinary, negative prices included", async () => {
  const world = { load: [0.5, 1, 0, 25], pv: [0, 0, 0, 4.4], prices: [-0.15, -0.2] } as const;
  assertEquals(describeDataset(await read(world)).doubts, []);
});

/** What is right for each of the worlds that once failed; reading one may end in a message. */
const shared: Readonly<Record<string, string | ((dataset: Dataset) => void)>> = {
  "01-dst-offsets": ({ profiles: { grid } }) =>
    assertEquals(timestamp(grid, 95), "2025-04-01T23:00:00+01:00"),
  "01c-naive": ({ profiles: { grid } }) =>
    assertEquals(timestamp(grid, 95), "2025-04-04T23:00:00+00:00"),
  "04-zero-capacity": ({ community }) =>
    assertEquals(community.prosumers.map(({ battery }) => battery?.capacityKwh), [
      undefined,
      undefined,
      6,
    ]),
  "05-negative-both": ({ profiles }) =>
    assertEquals([profiles.importPricePerKwh[11], profiles.feedInTariffPerKwh[11]], [-0.15, -0.2]),
  "06-import-below-feedin": ({ profiles }) =>
    assertEquals([profiles.importPricePerKwh[12], profiles.feedInTariffPerKwh[12]], [0.03, 0.08]),
  "07-mtu-change": "slots of 0.25 h follow slots of 1 h",
  "09b-night-standby": ({ profiles }) =>
    assertEquals([profiles.loadKw[0], profiles.pvKw[0], profiles.pvKw[7]], [0.202, 0, 0.724693]),
  "10-watts": (dataset) => assertEquals(describeDataset(dataset).doubts.length, 1),
  "10b-pv-over-capacity": (dataset) => assertEquals(describeDataset(dataset).doubts.length, 1),
  "12-all-zero": (dataset) => assertEquals(describeDataset(dataset).loadKwh, 0),
  "14c-semicolon-comma": "columns are separated by semicolons; separate them by commas",
  "16-id-umlaut": ({ community }) => assertEquals(community.prosumers[0].id, "Müller"),
  "19b-hex": 'row 3, column a.loadKw: must be a number with a decimal point, got "0x10"',
};
const worlds = join(import.meta.dirname!, "../../../shared/cases/worlds");
const absent = await Deno.stat(worlds).then(() => false, () => true);
for (const [name, right] of Object.entries(shared)) {
  Deno.test({
    name: `worlds: ${name} of the reference cases`,
    ignore: absent,
    async fn() {
      const reading = readDataset(join(worlds, name));
      if (typeof right === "string") await assertRejects(() => reading, RangeError, right);
      else right(await reading);
    },
  });
}

Deno.test({
  name: "worlds: CityLearn 3 of the reference cases",
  ignore: absent,
  async fn() {
    const load = (name: string) =>
      importCityLearn(folderFiles(join(worlds, "citylearn", name)), {
        name,
        feedInTariffPerKwh: 0.08,
      });
    const absolute = await load("pv-absolute"), quarter = await load("quarter");
    assertEquals(absolute.profiles.pvKw[12], 2.8);
    assertEquals([quarter.profiles.pvKw[48], quarter.profiles.loadKw[48]], [2.8, 0.4]);
    const { selfDischargePerHour } = quarter.community.prosumers[0].battery!;
    assertAlmostEquals(selfDischargePerHour, -4 * Math.log(0.9975), 1e-15);
    await assertRejects(() => load("escalator"), RangeError, "escalators is not modelled");
  },
});
