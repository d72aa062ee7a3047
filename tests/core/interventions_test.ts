import { assert, assertEquals, assertThrows } from "@std/assert";
import { applyIntervention } from "../../lib/data/interventions.ts";
import { validateDataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { car, withSpecs } from "../helpers/device_specs.ts";

const dataset = synthesize({ seed: 1, prosumers: 4, days: 2, dtHours: 0.5 });
const { profiles: before } = dataset;
const range = { from: 24, end: 48 };

Deno.test("intervention: a cloud takes four fifths of the sun for two hours and leaves the rest", () => {
  const { profiles } = applyIntervention(dataset, { kind: "cloud" }, range);
  profiles.pvKw.forEach((power, index) => {
    const slot = index % before.grid.slots;
    const share = slot >= 24 && slot < 28 ? 0.2 : 1;
    assertEquals(power, share * before.pvKw[index]);
  });
});

Deno.test("intervention: an outage ends after three hours, or with the day", () => {
  const noon = applyIntervention(dataset, { kind: "outage" }, range).profiles;
  assertEquals([...noon.gridImportLimitKw].flatMap((limit, t) => limit === 0 ? [t] : []), [
    24,
    25,
    26,
    27,
    28,
    29,
  ]);
  const late = applyIntervention(dataset, { kind: "outage" }, { from: 46, end: 48 }).profiles;
  assertEquals([...late.gridExportLimitKw].flatMap((limit, t) => limit === 0 ? [t] : []), [46, 47]);
});

Deno.test("intervention: the tariff doubles until the end of the day, a negative one stays", () => {
  const importPricePerKwh = before.importPricePerKwh.slice().fill(-0.02, 30, 31);
  const feedInTariffPerKwh = before.feedInTariffPerKwh.slice().fill(-0.05);
  const priced = { ...dataset, profiles: { ...before, importPricePerKwh, feedInTariffPerKwh } };
  const { profiles } = applyIntervention(priced, { kind: "tariff-jump" }, range);
  profiles.importPricePerKwh.forEach((price, t) => {
    const factor = t >= 24 && t < 48 && t !== 30 ? 2 : 1;
    assertEquals(price, factor * importPricePerKwh[t]);
  });
});

Deno.test("intervention: a failed battery keeps its capacity and has no power; it fails once", () => {
  const id = dataset.community.prosumers.find(({ battery }) => battery !== null)!.id;
  const failure = { kind: "battery-failure", prosumer: id } as const;
  const failed = applyIntervention(dataset, failure, range);
  validateDataset(failed);
  const battery = failed.community.prosumers.find((prosumer) => prosumer.id === id)!.battery!;
  assertEquals([battery.maxChargeKw, battery.maxDischargeKw], [0, 0]);
  assert(battery.capacityKwh > 0);
  assertThrows(() => applyIntervention(failed, failure, range), RangeError, "failed already");
});

/** Two homes on two days of half hours; the first one's car is away from 8:00 to 17:00 each day. */
const driving = withSpecs(dataset, (grid) => [
  [car(grid, [[-5, 8, 5, 20], [17, 32, 5, 20], [41, 60, 5, 20]], { maxDischargeKw: 3 })],
]);
const [owner, walker] = driving.community.prosumers.map(({ id }) => id);
const hoursAt = (befallen: typeof dataset) => {
  const [device] = befallen.community.prosumers[0].devices!;
  assert(device.kind === "car" && "sessions" in device);
  return device.sessions.map(({ startMs, endMs }) =>
    [startMs, endMs].map((ms) => (ms - before.grid.startMs) / 3_600_000)
  );
};

Deno.test("intervention: a car that is away comes home two hours late, on this day alone", () => {
  const late = applyIntervention(driving, { kind: "late-car", prosumer: owner }, range);
  validateDataset(late);
  assertEquals(hoursAt(late), [[-5, 8], [19, 32], [41, 60]]);
  // From the second midnight on.
  const tomorrow = applyIntervention(
    driving,
    { kind: "late-car", prosumer: owner },
    { from: 48, end: 96 },
  );
  assertEquals(hoursAt(tomorrow), [[-5, 8], [17, 32], [43, 60]]);
  // The store stands still two hours more; the past is as it was.
  const [was, is] = [driving, late].map((each) =>
    storesOf(each).find(({ kind }) => kind === "car")!.chargeKw
  );
  const powers = (column: Float64Array) => [...column.subarray(33, 39)];
  assertEquals([powers(was), powers(is)], [[0, 10, 10, 10, 10, 10], [0, 0, 0, 0, 0, 10]]);
  assertEquals(is.subarray(0, 24), was.subarray(0, 24));
});

Deno.test("intervention: a car leaves two hours early, but not before it is said", () => {
  const early = (from: number) =>
    hoursAt(
      applyIntervention(driving, { kind: "early-car", prosumer: owner }, { from, end: 48 }),
    );
  assertEquals(early(4), [[-5, 6], [17, 32], [41, 60]]);
  // At 7:00 it leaves within a minute.
  assertEquals(early(14), [[-5, 7 + 1 / 60], [17, 32], [41, 60]]);
});

Deno.test("intervention: a charger that fails leaves the car as it is and the trip to be missed", () => {
  const failed = applyIntervention(driving, { kind: "charger-failure", prosumer: owner }, range);
  validateDataset(failed);
  assertEquals(hoursAt(failed), hoursAt(driving));
  const store = storesOf(failed).find(({ kind }) => kind === "car")!;
  assertEquals([store.ratedChargeKw, store.ratedDischargeKw], [0, 0]);
  assertEquals([store.leastKwh[15], store.drainKwh[15]], [15, 5]);
});

Deno.test("intervention: what no car can be befallen by is refused in one line", () => {
  const fail = (kind: "late-car" | "early-car" | "charger-failure", prosumer: string) => () =>
    applyIntervention(driving, { kind, prosumer }, range);
  assertThrows(fail("late-car", walker), RangeError, `${walker} has no car`);
  assertThrows(fail("late-car", "nobody"), RangeError, 'got "nobody"');
  assertThrows(fail("early-car", owner), RangeError, `no car of ${owner} leaves later today`);
  const once = applyIntervention(driving, { kind: "charger-failure", prosumer: owner }, range);
  assertThrows(
    () => applyIntervention(once, { kind: "charger-failure", prosumer: owner }, range),
    RangeError,
    `no car of ${owner} has a charger that works`,
  );
});

Deno.test("intervention: what cannot be is refused in one line", () => {
  const none = dataset.community.prosumers.find(({ battery }) => battery === null)!.id;
  const fail = (prosumer: string) => () =>
    applyIntervention(dataset, { kind: "battery-failure", prosumer }, range);
  assertThrows(fail(none), RangeError, "has no battery");
  assertThrows(fail("nobody"), RangeError, 'got "nobody"');
  assertThrows(
    () => applyIntervention(dataset, { kind: "cloud" }, { from: 3, end: 3 }),
    RangeError,
    "0 ≤ from < end",
  );
});
