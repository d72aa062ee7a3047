import { assert, assertEquals, assertThrows } from "@std/assert";
import { applyIntervention } from "../../lib/data/interventions.ts";
import { validateDataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";

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
