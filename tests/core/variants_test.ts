import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  audit,
  defaultEnvironmentConfig as config,
  play,
  rulePolicy,
  synthesize,
  withBattery,
  withHomes,
  withPrice,
} from "../../lib/mod.ts";

const dataset = synthesize({ seed: 1, prosumers: 6, days: 7, dtHours: 1, feeder: "rural" });
const capacities = ({ community }: typeof dataset) =>
  community.prosumers.map(({ battery }) => battery?.capacityKwh ?? null);

Deno.test("variants: a battery of another size goes to all homes that have one, or to one home", () => {
  const before = capacities(dataset);
  assertEquals(capacities(withBattery(dataset, 20)), before.map((kwh) => kwh && 20));
  assertEquals(capacities(withBattery(dataset, 0)), before.map(() => null));
  const [first] = dataset.community.prosumers;
  const swapped = withBattery(dataset, { ...first.battery!, capacityKwh: 3 }, "house-04");
  assertEquals(capacities(swapped), before.map((kwh, k) => k === 3 ? 3 : kwh));
  const lone = dataset.community.prosumers.find(({ battery }) => battery === null)!.id;
  assertThrows(() => withBattery(dataset, 5, lone), RangeError, "no battery to resize");
  assertThrows(() => withBattery(dataset, 5, "house-99"), RangeError, "there are house-01");
  assertThrows(() => withBattery(dataset, -1), RangeError, "at least 0 kWh, got -1");
});

Deno.test("variants: a price reaches homes of every tariff, and one that is none is refused", () => {
  const mixed = synthesize({ seed: 1, prosumers: 3, days: 1, dtHours: 1, tariff: "mixed" });
  const dear = withPrice(mixed, (price, hour) => hour >= 18 ? price + 1 : price);
  for (const [name, { importPricePerKwh }] of Object.entries(dear.tariffs!)) {
    const before = mixed.tariffs![name].importPricePerKwh;
    assertEquals([...importPricePerKwh], [...before].map((x, hour) => hour >= 18 ? x + 1 : x));
  }
  assert(withPrice(dataset, 0.3).profiles.importPricePerKwh.every((price) => price === 0.3));
  assertThrows(() => withPrice(dataset, NaN), RangeError);
});

Deno.test("variants: every variant can be played, and its books balance", async () => {
  for (
    const [homes, variant] of [
      [4, withHomes(dataset, 4)],
      [6, withBattery(dataset, 0)],
      [6, withPrice(dataset, 0.3)],
      [1, withPrice(withBattery(withHomes(dataset, 1), 20), (price) => 2 * price)],
    ] as const
  ) {
    const options = { dataset: variant, config, firstSlots: [0], seed: 1 };
    const records = await play(options, rulePolicy("self-consumption"));
    assertEquals([records.homes, audit(records, variant).total], [homes, 0]);
  }
  assertThrows(() => withHomes(dataset, 7), RangeError, "from 1 to 6, got 7");
});
