import { assert, assertEquals } from "@std/assert";
import type { Dataset } from "../../lib/data/profiles.ts";
import { priced } from "../../lib/data/priced.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { tariffConfigSchema } from "../../lib/data/tariff_config.ts";
import { columnsOf, ledgerColumns, type Scope } from "../../lib/env/columns.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { createRecords, recordSlot } from "../../lib/evaluation/records.ts";
import { stream } from "../../lib/random.ts";
import { onNetwork } from "../helpers/feeders.ts";
import { made, withDevices } from "../helpers/devices.ts";
import { playWildly } from "../helpers/play.ts";

const rules = (changes: object) => environmentConfigSchema.parse({ episodeDays: 1, ...changes });
const plain = synthesize({ seed: 5, prosumers: 5, days: 2, dtHours: 1 });
const limited: Dataset = {
  ...plain,
  profiles: {
    ...plain.profiles,
    gridImportLimitKw: new Float64Array(48).fill(3),
    gridExportLimitKw: new Float64Array(48).fill(2),
  },
};
const drained = withDevices(limited, [
  [made({
    name: "car",
    dischargeKw: Float64Array.of(1),
    drainKwh: Float64Array.from({ length: 48 }, (_, t) => t % 12 === 7 ? 4 : 0),
    unmetPricePerKwh: 0.5,
  })],
  [made()],
  [],
  [],
  [],
]);

const byMonth = tariffConfigSchema.parse({
  classes: {
    a: {
      energy: {
        kind: "time-of-use",
        pricePerKwh: 0.2,
        windows: [{ from: "17:00", to: "08:00", days: "weekdays", pricePerKwh: 0.3 }],
      },
      networkFeePerKwh: 0.08,
      vat: 0.19,
      standingChargePerMonth: 10,
      capacityChargePerKwMonth: 4,
    },
    b: { energy: { kind: "dynamic" }, networkFeePerKwh: 0.08, vat: 0.19, feedInPerKwh: 0.05 },
  },
  default: "a",
  homes: { "house-02": "b" },
  local: { networkFeeReduction: 0.5 },
  community: { capacityChargePerKwMonth: 2 },
});
const charged = { tariffs: byMonth, cost: { lostLoadPricePerKwh: 20 } };

const worlds: Readonly<Record<string, readonly [Dataset, EnvironmentConfig]>> = {
  "curves": [drained, rules({ market: { networkFeePerKwh: 0.01 } })],
  "curves on a feeder": [onNetwork(drained, 4), rules({ market: { networkFeePerKwh: 0.01 } })],
  "curves charged by the month": [priced(drained, byMonth), rules(charged)],
  "inelastic orders": [
    limited,
    rules({
      market: { orders: "inelastic", networkFeePerKwh: 0.01 },
      cost: { peakPricePerKw: 0.5, rampPricePerKw: 0.1 },
    }),
  ],
};

/** Columns that say what nobody else says, so that no audit can know better. */
const ofCurves = ["orderKwh", "orderPricePerKwh", "interventionKwh", "reasons"];
const untold: Readonly<Record<string, readonly string[]>> = {
  // Where homes say curves nobody orders or asks for power.
  "curves": ofCurves,
  "curves on a feeder": ofCurves,
  "curves charged by the month": ofCurves,
  // Any order within the net position might have been placed.
  "inelastic orders": ["orderKwh", "orderPricePerKwh", "interventionKwh", "reasons"],
};

for (const [what, [dataset, config]] of Object.entries(worlds)) {
  const env = new EnergyMarketEnv(dataset, config);
  env.reset({ seed: 1, firstSlots: [24] });
  const records = createRecords("wild", [24], env);
  playWildly(env, 2, ({ info }, t) => recordSlot(records, info, t));

  Deno.test(`audit: sound books of ${what} have no violation, in which much happens`, () => {
    const { total, ...kinds } = audit(records, dataset);
    assertEquals([total, Object.values(kinds)], [0, [0, 0, 0, 0, 0, 0, 0, 0]]);
    const happens = (column: Float64Array) => column.some((value) => value !== 0);
    const { home, store } = records;
    assert(happens(home.tradedKwh) && happens(home.unservedKw) && happens(store.powerKw));
    if (what === "curves") assert(happens(store.unmetKwh) && happens(home.rent));
  });

  for (const scope of ["home", "store", "community"] satisfies Scope[]) {
    for (const name of columnsOf(ledgerColumns, scope)) {
      if (untold[what].includes(name)) continue;
      Deno.test(`audit: ${what} in which any ${name} was changed do not pass`, () => {
        const column = (records[scope] as Record<string, Float64Array>)[name];
        const random = stream(3, what, name);
        for (let trial = 0; trial < 20; trial++) {
          const k = random.below(column.length);
          const before = column[k];
          // A price at which nothing is traded is nobody's.
          if (name === "clearingPricePerKwh" && !(records.community.volumeKwh[k] > 0.01)) continue;
          column[k] = before + (random.uniform() < 0.5 ? 1e-3 : -1e-3);
          const { total } = audit(records, dataset);
          column[k] = before;
          assert(total > 0, `${name}[${k}] was ${before}`);
        }
      });
    }
  }
}

Deno.test("audit: prices other than those of the configuration do not pass", () => {
  const [dataset, config] = worlds["curves charged by the month"];
  const env = new EnergyMarketEnv(dataset, config);
  env.reset({ seed: 1, firstSlots: [24] });
  const records = createRecords("wild", [24], env);
  playWildly(env, 2, ({ info }, t) => recordSlot(records, info, t));
  assertEquals(audit(records, dataset).total, 0);
  const others = {
    classes: { ...byMonth.classes, b: { ...byMonth.classes.b, vat: 0.07, networkFeePerKwh: 0.1 } },
    local: { ...byMonth.local, networkFeeReduction: 0.4 },
    community: { capacityChargePerKwMonth: 3 },
    homes: {},
  };
  for (const [name, value] of Object.entries(others)) {
    const rules = { ...config, tariffs: { ...byMonth, [name]: value } };
    const charges = name === "homes"
      ? { ...dataset.charges!, classOf: dataset.charges!.classOf.map(() => "a") }
      : dataset.charges!;
    const told = audit({ ...records, rules }, { ...dataset, charges });
    assert(told.money > 0, `another ${name} would not be noticed`);
  }
});
