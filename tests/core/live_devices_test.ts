import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { describeDay, homesAfter, homeSlots } from "../../lib/live/describe_day.ts";
import { LiveDay } from "../../lib/live/live_day.ts";
import { NO_DAYS } from "../../lib/live/past_days.ts";
import { deviceInWords, stateInWords } from "../../lib/live/page/device_words.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { deviceKinds, withKinds } from "../helpers/device_kinds.ts";

const dataset = withKinds(
  synthesize({ seed: 1, prosumers: 4, days: 3, dtHours: 1 }),
  deviceKinds,
  5,
);
const config = environmentConfigSchema.parse({ episodeDays: 1 });

Deno.test("live devices: the page is told of every device what it holds, does, and why", async () => {
  const day = await LiveDay.begin({
    dataset,
    config,
    firstSlot: 24,
    seed: 9,
    policies: [rulePolicy("charge-cheapest")],
    gridOnly: rulePolicy("grid-only"),
    optimum: null,
  });
  while (!day.over) await day.next();
  const given = {
    run: "r",
    setup: {} as never,
    epoch: 1,
    past: NO_DAYS,
    dayCosts: await day.dayCosts(),
  };
  const { homes } = describeDay(day, given);
  assertEquals(homes.map(({ devices }) => devices.map(({ kind }) => kind)), [
    ...Array(4).fill([...deviceKinds]),
  ]);
  const stores = storesOf(dataset), [records] = day.records;
  const reasons = new Set<string | null>();
  for (let step = 1; step <= 24; step++) {
    const { devices, socFraction } = homesAfter(day, step)[0];
    const seen = stores.map(({ owner }) => owner);
    const next = homes.map(() => 0);
    stores.forEach((store, s) => {
      const at = (step - 1) * stores.length + s;
      if (store.kind === "battery") {
        const share = records.store.endEnergyKwh[at] / store.nominalKwh;
        assertAlmostEquals(socFraction[seen[s]], share, 1e-4);
        return;
      }
      const device = devices[store.owner][next[store.owner]++];
      assertAlmostEquals(device.powerKw, records.store.powerKw[at], 1e-3);
      assertAlmostEquals(device.share, records.store.endEnergyKwh[at] / store.nominalKwh, 1e-4);
      assertEquals(device.isThere, store.chargeKw[(24 + step - 1) * store.stride] > 0);
      assertEquals(device.reason !== null, device.powerKw > 0);
      if (!device.isThere) assertEquals(device.powerKw, 0);
      reasons.add(device.reason);
    });
  }
  assert(reasons.has("must") && reasons.size >= 3, [...reasons].join());
  const [slot] = homeSlots(records, day, 0, 0, 1);
  assertEquals([slot.socFraction === null, slot.batteryKw], [
    homes[0].batteryKwh === null,
    homes[0].batteryKwh === null ? 0 : slot.batteryKw,
  ]);
});

Deno.test("live devices: what a device is and does is said in words", () => {
  const car = { kind: "car", capacityKwh: 58 };
  const now = { share: 0.624, powerKw: 3.21, isThere: true, reason: "price" } as const;
  assertEquals(deviceInWords(car), "a car of 58.0 kWh");
  assertEquals(deviceInWords(car, now), "a car of 58.0 kWh (62 %, charging 3.2 kW for the price)");
  assertEquals(stateInWords("car", { ...now, isThere: false }), "away");
  assertEquals(stateInWords("appliance", { ...now, isThere: false }), "waiting");
  const gives = { ...now, powerKw: -2, reason: null };
  assertEquals(stateInWords("car", gives), "62 %, giving 2.0 kW");
  assertEquals(
    stateInWords("heat-pump", { ...now, reason: "must" }),
    "62 %, charging 3.2 kW as it must",
  );
});
