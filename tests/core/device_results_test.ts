import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { chargingReasonNames, chargingReasons } from "../../lib/evaluation/charging_reasons.ts";
import { deviceBills } from "../../lib/evaluation/device_bills.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { flexibilityWorth, waitingKinds } from "../../lib/evaluation/flexibility.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { prosumerBills } from "../../lib/evaluation/prosumer_bills.ts";
import { play } from "../../lib/evaluation/records.ts";
import { evaluationFiles } from "../../lib/experiments/run_folder.ts";
import { chargingAtOnce } from "../../lib/policies/at_once.ts";
import { dynamicProgrammingPolicy } from "../../lib/policies/dynamic_programming.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { charging } from "../../lib/report/figures/charging.ts";
import { deviceKinds, withKinds } from "../helpers/device_kinds.ts";

const plain = synthesize({ seed: 6, prosumers: 4, days: 12, dtHours: 1 });
const dataset = withKinds(plain, deviceKinds, 5, { demand: 1.5 });
const config = environmentConfigSchema.parse({
  episodeDays: 2,
  market: { networkFeePerKwh: 0.02 },
});
const options = { dataset, config, firstSlots: [7 * 24, 9 * 24], seed: 1 };
const days = 4;

Deno.test("device results: the shares of load, sun and stores sum to each home's bill and rent", async () => {
  const gridImportLimitKw = plain.profiles.gridImportLimitKw.map(() => 8);
  const limited = { ...dataset, profiles: { ...dataset.profiles, gridImportLimitKw } };
  const records = await play({ ...options, dataset: limited }, dynamicProgrammingPolicy());
  const bills = deviceBills(records, limited);
  const paid = prosumerBills(records, records, limited);
  const rent = (i: number) =>
    records.home.rent.reduce((sum, each, row) => row % records.homes === i ? sum + each : sum, 0);
  assert(records.home.rent.some((each) => Math.abs(each) > 1e-6), "the connection binds");
  paid.forEach(({ prosumer, billPerDay }, i) => {
    const rows = bills.filter((row) => row.prosumer === prosumer);
    const sum = rows.reduce((total, { energyCostPerDay }) => total + energyCostPerDay, 0);
    assertAlmostEquals(sum, billPerDay + rent(i) / days, 1e-8);
  });
  const stores = storesOf(limited);
  const unmet = records.store.unmetKwh.reduce((sum, kwh, k) => {
    return sum + kwh * (stores[k % stores.length].unmetPricePerKwh ?? 0);
  }, 0);
  const split = bills.reduce((sum, { unmetCostPerDay }) => sum + unmetCostPerDay, 0);
  assertAlmostEquals(split, unmet / days, 1e-9);
  assertGreater(split, 0);
  assertEquals(
    bills.slice(0, 5).map(({ device }) => device),
    ["load", "sun", "battery", "car", "heat pump"],
  );
});

Deno.test("device results: files of devices are there where homes have some, and not where they have none", async () => {
  const rules = [rulePolicy("charge-cheapest")];
  const names = async (data: typeof plain) =>
    Object.keys(evaluationFiles(await evaluate({ ...options, dataset: data }, rules), data));
  const [without, within] = [await names(plain), await names(dataset)];
  assertEquals(within.filter((name) => !without.includes(name)), [
    "devices.csv",
    "stores.csv",
    "charging.csv",
  ]);
});

Deno.test("device results: waiting is worth what charging at once costs more, on the same weeks", async () => {
  assertEquals([...waitingKinds(dataset)], deviceKinds.map((kind) => [kind, 4]));
  const worth = async (name: string) => {
    const policy = rulePolicy(name);
    return await flexibilityWorth(options, policy, await play(options, policy));
  };
  const none = await worth("self-consumption");
  assertEquals(none.map(({ worthPerDeviceAndYear }) => Math.abs(worthPerDeviceAndYear) < 1e-6), [
    true,
    true,
    true,
  ]);
  const [car] = await worth("charge-cheapest");
  assertEquals([car.kind, car.devices, car.episodes], ["car", 4, 2]);
  assertGreater(car.worthPerDeviceAndYear, 10);
  assert(car.low! <= car.worthPerDeviceAndYear && car.worthPerDeviceAndYear <= car.high!);
  const [flexible, rigid] = await Promise.all(
    [rulePolicy("charge-cheapest"), chargingAtOnce(rulePolicy("charge-cheapest"), "car")]
      .map(async (policy) => episodeCosts(await play(options, policy))),
  );
  const more = rigid.reduce((sum, cost, k) => sum + cost - flexible[k], 0);
  assertAlmostEquals(car.worthPerDeviceAndYear, more * 365 / (days * 4), 1e-6);
});

Deno.test("device results: what is charged is charged for a reason, and none is left over", async () => {
  const stores = storesOf(dataset);
  const atNoon = (name: string) => play(options, rulePolicy(name));
  for (const name of ["charge-at-once", "charge-last-moment", "charge-with-sun"]) {
    const records = await atNoon(name);
    const hours = chargingReasons(records, dataset);
    for (const kind of deviceKinds) {
      const charged = records.store.powerKw.reduce(
        (sum, kw, k) => stores[k % stores.length].kind === kind && kw > 0 ? sum + kw : sum,
        0,
      );
      const explained = hours.filter((hour) => hour.kind === kind).reduce(
        (sum, { powerKw }) =>
          sum + chargingReasonNames.reduce((all, reason) => all + powerKw[reason], 0),
        0,
      );
      assertAlmostEquals(explained * days, charged, 1e-6, `${name} ${kind}`);
    }
    const of = (reason: (typeof chargingReasonNames)[number]) =>
      hours.filter(({ kind }) => kind === "car")
        .reduce((sum, { powerKw }) => sum + powerKw[reason], 0);
    if (name === "charge-last-moment") assertLess(of("sun") + of("neighbours") + of("price"), 1e-6);
    if (name === "charge-at-once") assertGreater(of("price"), of("must"));
    const figure = charging(hours, name);
    assertEquals(figure.panels.map(({ title }) => title), ["appliance", "car", "heat-pump"]);
  }
});
