import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { simBenchFolder } from "../../lib/data/dataset.ts";
import { wallClockGrid } from "../../lib/data/simbench/clock.ts";
import { importSimBench } from "../../lib/data/simbench/import.ts";
import type { Car } from "../../lib/data/devices/car.ts";
import type { HeatPump } from "../../lib/data/devices/heat_pump.ts";
import type { SimBenchFiles } from "../../lib/data/simbench/tables.ts";
import { createFeeder } from "../../lib/network/feeder.ts";
import { createFlow, linDistFlow, loadingOf, withLosses } from "../../lib/network/lin_dist_flow.ts";
import { timestamp } from "../../lib/units.ts";

const stated = {
  name: "grid",
  importPricePerKwh: () => 0.3,
  feedInTariffPerKwh: 0.08,
  carbonKgPerKwh: 0.38,
};

const from = (start: string, count: number) => {
  const [date, time] = start.split(" ");
  const [day, month, year] = date.split(".").map(Number);
  const [hour, minute] = time.split(":").map(Number);
  return Array.from({ length: count }, (_, k) => {
    const at = new Date(Date.UTC(year, month - 1, day, hour, minute + 15 * k)).toISOString();
    return `${at.slice(8, 10)}.${at.slice(5, 7)}.${at.slice(0, 4)} ${at.slice(11, 16)}`;
  });
};

Deno.test("simbench: wall-clock stamps are read by their order, over both changes of the clock", () => {
  const spring = [...from("27.03.2016 01:30", 2), ...from("27.03.2016 03:00", 2)];
  const grid = wallClockGrid(spring, "LoadProfile.csv");
  assertEquals([0, 1, 2, 3].map((slot) => timestamp(grid, slot).slice(11)), [
    "01:30:00+01:00",
    "01:45:00+01:00",
    "02:00:00+01:00",
    "02:15:00+01:00",
  ]);
  const autumn = [...from("30.10.2016 01:45", 5), ...from("30.10.2016 02:00", 5)];
  const back = wallClockGrid(autumn, "LoadProfile.csv");
  assertEquals(timestamp(back, 0), "2016-10-30T00:45:00+01:00");
  assertEquals(timestamp(back, 5), "2016-10-30T02:00:00+01:00");
  assertEquals(timestamp(back, 9), "2016-10-30T03:00:00+01:00");
  const summer = wallClockGrid(from("01.07.2016 00:00", 2), "f");
  assertEquals(timestamp(summer, 0), "2016-06-30T23:00:00+01:00");
  assertThrows(
    () => wallClockGrid(from("27.03.2016 01:30", 4), "LoadProfile.csv"),
    RangeError,
    "LoadProfile.csv row 4, column time: must be 27.03.2016 03:00",
  );
  assertThrows(() => wallClockGrid(["27.03.2016 02:30"], "f"), RangeError, "there is no");
  assertThrows(() => wallClockGrid(["2016-03-27T02:30"], "f"), RangeError, "must be like");
});

/** A grid of three nodes in SimBench's form. */
const tables: Readonly<Record<string, string>> = {
  Node: `id;vmSetp;vmR;vmMin;vmMax
MV;1.025;20;0.965;1.055
Bus 1;NULL;0.4;0.9;1.1
Bus 1_1;NULL;0.4;0.9;1.1
Bus 2;NULL;0.4;0.9;1.1
Bus 3;NULL;0.4;0.9;1.1`,
  ExternalNet: "id;node\nx;MV",
  Transformer: "id;nodeHV;nodeLV;type;tappos;loadingMax\nt;MV;Bus 1;160;1;100",
  TransformerType: `id;sR;vmHV;vmLV;vmImp;pCu;pFe;tapside;dVm;tapNeutr
160;0.16;20;0.4;4;2.35;0.46;HV;2.5;0`,
  Switch: "id;nodeA;nodeB;cond\ns;Bus 1;Bus 1_1;1",
  LineType: "id;r;x;iMax\ncable;0.2067;0.0804248;270",
  Line: `id;nodeA;nodeB;type;length;loadingMax
Line 1;Bus 2;Bus 1_1;cable;0.1;100
Line 2;Bus 2;Bus 3;cable;0.05;100`,
  Load: `id;node;profile;pLoad;qLoad
G Load 1;Bus 2;H0;0.004;0.002
G Load 2;Bus 2;H0;0.002;0.001
G Load 3;Bus 2;Air_1;0.003;0.001
G Load 4;Bus 2;HLS_A;0.011;0.004
G Load 5;Bus 3;Soil_1;0.002;0`,
  LoadProfile: `time;H0_pload;H0_qload;Air_1_pload;Air_1_qload;HLS_A_pload;HLS_A_qload;` +
    `Soil_1_pload;Soil_1_qload;L0_pload
01.01.2016 00:00;0.5;-0.1;1;1;0;0;0.5;0.1;1
01.01.2016 00:15;0.25;0.2;0;0;1;0.5;1;0.1;1`,
  RES: "id;node;profile;pRES\nG SGen 1;Bus 2;PV1;0.01",
  RESProfile: "time;PV1\n01.01.2016 00:00;0.1\n01.01.2016 00:15;0.2",
  Storage: "id;node;profile;pStor\nG Storage 1;Bus 2;S1;-0.02",
  StorageProfile: "time;S1\n01.01.2016 00:00;0.3\n01.01.2016 00:15;0",
  Coordinates: "id;x;y\nc;1;2",
};

function filesOf(changed: Readonly<Record<string, string | null>> = {}): SimBenchFiles {
  const all = { ...tables, ...changed };
  return {
    names: Object.keys(all).filter((name) => all[name] !== null),
    table(name) {
      const [header, ...rows] = all[name]!.split("\n").map((line) => line.split(";"));
      const columns = new Map(
        header.map((column, k) => [column, () => rows.map((row) => row[k] ?? null)]),
      );
      return Promise.resolve({ file: `${name}.csv`, firstRow: 2, columns });
    },
  };
}

Deno.test("simbench: homes get what is on their node, in kW, and what is not used is told", async () => {
  const { community, profiles, network, notes = [] } = await importSimBench(filesOf(), stated);
  const ids = community.prosumers.map(({ id }) => id);
  assertEquals(ids, ["Load-1", "Load-2", "Load-5"]);
  assertEquals(network!.homes, { "Load-1": "Bus 2", "Load-2": "Bus 2", "Load-5": "Bus 3" });
  // 4 · 0.5 of the home, 3 · 1 of the heat pump; the charger's turn comes in the second slot.
  assertEquals([...profiles.loadKw], [5, 12, 1, 0.5, 1, 2]);
  assertEquals([...profiles.pvKw], [1 + 6, 2, 0, 0, 0, 0]);
  assertEquals([...profiles.reactiveKvar!.subarray(0, 2)], [-0.2 + 1, 0.4 + 2]);
  assertEquals(community.prosumers[0].pvCapacityKw, 30);
  assertEquals(network!.nodes.map(({ id, parent }) => [id, parent]), [
    ["Bus 1", null],
    ["Bus 2", "Bus 1"],
    ["Bus 3", "Bus 2"],
  ]);
  assertEquals(network!.transformer.tapPosition, 0);
  const applied = await importSimBench(filesOf(), { ...stated, tap: true });
  assertEquals(applied.network!.transformer.tapPosition, 1);
  const told = notes.join("\n");
  for (
    const text of ["Coordinates.csv", "tap position 1 is not applied", "1 storages only feed in"]
  ) {
    assert(told.includes(text), text);
  }
  const charging = await importSimBench(
    filesOf({ StorageProfile: tables.StorageProfile.replace("0.3", "-0.3") }),
    stated,
  );
  assert(charging.notes!.join().includes("1 of 1 storages also charge"), charging.notes!.join());
  assertEquals(charging.profiles.loadKw[0], 5 + 6);
  // A profile that no element follows.
  assert(told.includes("columns of LoadProfile.csv: L0_pload"), told);
});

Deno.test("simbench: what cannot be imported is one line that names file and field", async () => {
  const faults: [changed: Record<string, string | null>, text: string][] = [
    [{ LoadProfile: null }, "LoadProfile.csv is missing"],
    [{ RESProfile: null }, "RESProfile.csv is missing"],
    [
      { RESProfile: "time;PV1\n01.01.2016 00:00;0.1" },
      "RESProfile.csv: must have as many rows as LoadProfile.csv, 2, got 1",
    ],
    [
      { RESProfile: tables.RESProfile.replaceAll("01.01", "02.01") },
      "RESProfile.csv: must begin when LoadProfile.csv does",
    ],
    [
      { Load: tables.Load.replace("0.004", "-1") },
      "Load.csv row 2, column pLoad: must be at least 0",
    ],
    [
      { Load: tables.Load.replace("0.004", "NULL") },
      "column pLoad: must be a number, got an empty",
    ],
    [
      { Load: tables.Load.replace("Load 2", "Load 1") },
      'Load.csv row 3, column id: "G Load 1" comes twice',
    ],
    [
      { RES: tables.RES.replace("0.01", "-0.01") },
      "RES.csv row 2, column pRES: must be at least 0",
    ],
    [{ RES: tables.RES.replace("PV1", "PV9") }, 'RESProfile.csv: column "PV9" is missing'],
    [
      { Line: tables.Line + "\nLine 3;Bus 3;Bus 1;cable;0.1;100" },
      "closes a ring at node",
    ],
    [{ Line: tables.Line + "\nLine 3;Bus 3;Bus 2;cable;0.1;100" }, "closes a ring at node"],
    [{ Switch: "id;nodeA;nodeB;cond\ns;Bus 1;Bus 1_1;0" }, 'from the transformer to "Bus 2"'],
    [{ Transformer: tables.Transformer + "\nt2;MV;Bus 1;160;1;100" }, "must hold one transformer"],
    [{ Line: tables.Line.replace("0.05", "0") }, "Line.csv row 3, column length: must be positive"],
    [{ Line: tables.Line + "\nLine 2;Bus 2;Bus 3;cable;0.1;100" }, '"Line 2" comes twice'],
    [
      { Line: tables.Line.replace("Bus 2;Bus 1_1", "Bus 9;Bus 1_1") },
      'Line.csv row 2, column nodeA: "Bus 9" is not in Node.csv',
    ],
    [{ LineType: tables.LineType.replace("270", "0") }, "LineType.csv row 2, column iMax: must be"],
    [{ Line: tables.Line.replace("0.05", "NULL") }, "column length: must be a number"],
    [{ LineType: "id;r;x;iMax\nother;1;1;1" }, '"cable" is not in LineType.csv'],
    [{ Node: tables.Node.replace("1.025", "1.2") }, "slackVoltagePu must be within the band"],
  ];
  for (const [changed, text] of faults) {
    const error = await assertRejects(() => importSimBench(filesOf(changed), stated), RangeError);
    assert(error.message.includes(text) && !error.message.includes("\n"), error.message);
  }
});

const shared = new URL("../../../shared/", import.meta.url);
const absent = !await Deno.stat(new URL("cases/power_flow_rural1.json", shared))
  .then(() => true, () => false);

for (const name of ["rural1", "semiurb4"]) {
  Deno.test({
    name: `simbench: voltages and loadings of ${name} are those of AC power flow` +
      (absent ? " (skipped: the data are not beside the repository)" : ""),
    ignore: absent,
    async fn() {
      const folder = new URL(`data/simbench/1-LV-${name}--2-sw`, shared).pathname;
      const reference = JSON.parse(
        await Deno.readTextFile(new URL(`cases/power_flow_${name}.json`, shared)),
      );
      const { community, profiles, network } = await importSimBench(
        await simBenchFolder(folder),
        stated,
      );
      const { loadKw, pvKw, reactiveKvar, grid: { slots } } = profiles;
      const homes = community.prosumers.map(({ id }) => id);
      const feeder = createFeeder(network!, homes);
      const linear = createFlow(feeder), whole = createFlow(feeder);
      const netKw = new Float64Array(homes.length), kvar = new Float64Array(homes.length);
      const bus = feeder.ids.map((id) => reference.buses.indexOf(id));
      let [worst, worstLinear, worstLoading, tooLow] = [0, 0, 0, 0];
      for (const day of Object.values<Record<string, number[][]>>(reference.days)) {
        const first = day.firstRow as unknown as number;
        for (let t = 0; t < 96; t++) {
          for (let i = 0; i < homes.length; i++) {
            const at = i * slots + first + t;
            netKw[i] = loadKw[at] - pvKw[at];
            kvar[i] = reactiveKvar![at];
          }
          linDistFlow(feeder, netKw, kvar, 0, linear);
          withLosses(feeder, linear, whole);
          const transformer = day.transformerLoadingPercent[t] as unknown as number;
          const loading = 100 * loadingOf(feeder, whole, 0);
          worstLoading = Math.max(worstLoading, Math.abs(loading - transformer));
          const withinRating = transformer <= 100;
          for (let k = 0; k < bus.length; k++) {
            const ac = day.vmPu[t][bus[k]];
            worst = Math.max(worst, Math.abs(Math.sqrt(whole.squaredPu[k]) - ac));
            const off = Math.sqrt(linear.squaredPu[k]) - ac;
            if (off < -2e-5) tooLow++;
            if (withinRating) worstLinear = Math.max(worstLinear, off);
          }
        }
      }
      assert(worst < 0.0001, `${worst} pu`);
      assert(worstLinear < 0.001, `linear: ${worstLinear} pu`);
      assert(worstLoading < 0.5, `${worstLoading} points`);
      assertEquals(tooLow, 0, "LinDistFlow reads too high");
    },
  });
}

Deno.test("simbench: stores take the energy of their profiles, by day and by session", async () => {
  // The charger draws twice, at 02:00 and at 20:00; the heat pump all day but an hour.
  const charge = (slot: number) => [8, 9, 10, 80, 81].includes(slot) ? 0.5 : 0;
  const rows = from("01.01.2016 00:00", 96).map((stamp, k) =>
    [stamp, 0.1, 0, k >= 40 && k < 44 ? 0 : 0.5, 0, charge(k), 0, 0, 0].join(";")
  );
  const header = tables.LoadProfile.split("\n")[0].replace(";L0_pload", "");
  const still = (name: string) =>
    `time;${name}\n` + from("01.01.2016 00:00", 96).map((stamp) => `${stamp};0`).join("\n");
  const files = filesOf({
    LoadProfile: [header, ...rows].join("\n"),
    RESProfile: still("PV1"),
    StorageProfile: still("S1"),
  });
  const { community, profiles } = await importSimBench(files, { ...stated, flexible: true });
  assertEquals([...profiles.loadKw.subarray(0, 2)], [0.4, 0.4]);
  const [pump, car] = community.prosumers[0].devices as unknown as [HeatPump, Car];
  assertEquals([pump.kind, car.kind], ["heat-pump", "car"]);
  const day = (values: Float64Array) => values.reduce((sum, kw) => sum + kw / 4, 0);
  assertEquals(day(pump.heatKw), 0.5 * 3 * 92 / 4);
  assertEquals(car.sessions.map(({ tripKwh }) => tripKwh), [0.5 * 11 * 0.75, 0.5 * 11 * 0.5]);
  const hours = car.sessions.map(({ startMs, endMs }) =>
    [startMs, endMs].map((ms) => (ms - profiles.grid.startMs) / 3_600_000)
  );
  assertEquals(hours, [[2, 7], [20, 24]]);
});
