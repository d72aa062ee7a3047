import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { monthlyBills } from "../../lib/evaluation/monthly_bills.ts";
import { prosumerBills } from "../../lib/evaluation/prosumer_bills.ts";
import { createRecords, play, recordSlot } from "../../lib/evaluation/records.ts";
import { createFeeder } from "../../lib/network/feeder.ts";
import { homeDistances, refundFees } from "../../lib/network/fee_refund.ts";
import type { Network } from "../../lib/network/network.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { stream } from "../../lib/random.ts";
import { onNetwork } from "../helpers/feeders.ts";
import { wildActions, worldOf } from "../helpers/worlds.ts";

const line = { resistanceOhm: 0.1, reactanceOhm: 0.05, ratingA: 200 };
const shares = { sameBranch: 0.8, sameFeeder: 0.5, beyond: 0.1 };

// Two feeders from the bus bar; at the joint of the first a home, two service lines, and a joint beyond.
const network: Network = {
  nominalVoltageV: 400,
  slackVoltagePu: 1,
  band: { leastPu: 0.9, mostPu: 1.1 },
  marginPu: 0.003,
  transformer: {
    ratingKva: 160,
    resistanceOhm: 0.01,
    reactanceOhm: 0.04,
    tapPosition: 0,
    tapStepPercent: 2.5,
  },
  nodes: [
    { id: "bus", parent: null },
    { id: "joint", parent: "bus", ...line },
    { id: "a", parent: "joint", ...line },
    { id: "b", parent: "joint", ...line },
    { id: "far", parent: "joint", ...line },
    { id: "c", parent: "far", ...line },
    { id: "other", parent: "bus", ...line },
  ],
  homes: { a: "a", b: "b", j: "joint", c: "c", o: "other" },
};
const distances = homeDistances(createFeeder(network, ["a", "b", "j", "c", "o"]));

Deno.test("fee refund: a branch is a joint and its service lines, a feeder all behind one line from the bus bar", () => {
  const [a, b, j, c, o] = distances.branch;
  assertEquals([b, j], [a, a]);
  assert(c !== a && o !== a && o !== c);
  assertEquals(new Set(distances.feeder.subarray(0, 4)).size, 1);
  assert(distances.feeder[4] !== distances.feeder[0]);
});

Deno.test("fee refund: what is near counts first, each buyer and seller by its share; by hand", () => {
  // a and b buy 4 and 2, j sells 3, c sells 1, o sells 2.
  const traded = Float64Array.of(4, 2, -3, -1, -2), refund = new Float64Array(5);
  refundFees(distances, shares, traded, 0.1, 0, refund);
  // Branch: 3 of 6 for both buyers; feeder: 1 of the 3 that are left; beyond: the last 2.
  const [near, feeder, beyond] = [0.08, 0.05, 0.01];
  const expected = [
    2 * near + 2 / 3 * feeder + 4 / 3 * beyond,
    1 * near + 1 / 3 * feeder + 2 / 3 * beyond,
    3 * near,
    1 * feeder,
    2 * beyond,
  ];
  expected.forEach((amount, i) => assertAlmostEquals(refund[i], amount, 1e-15, `home ${i}`));
});

Deno.test("fee refund: on random feeders it is what the audit works out by pairs, at most the fee, and the same for buyers and sellers", () => {
  let refunded = 0, played = 0;
  for (let seed = 0; played < 12; seed++) {
    const { dataset, config } = worldOf(seed, 1);
    const random = stream(seed, "refund");
    const feePerKwh = 0.03;
    if (config.tariffs !== undefined) continue;
    played++;
    const env = new EnergyMarketEnv(onNetwork(dataset, seed), {
      ...config,
      market: { ...config.market, orders: "curves", networkFeePerKwh: feePerKwh },
      network: { envelopes: "equal", feeRefund: shares },
    });
    const records = createRecords("wild", [0], env);
    const actions = new Float64Array(env.decision.numbers.length);
    env.reset({ seed, firstSlots: [0] });
    for (let step = 0; step < env.slotsPerEpisode; step++) {
      const { info: { tradedKwh, feeRefund }, info } = env.step(wildActions(random, actions));
      recordSlot(records, info, step);
      let buyers = 0, sellers = 0;
      feeRefund.forEach((amount, i) => {
        assert(amount >= 0 && amount <= feePerKwh * 0.8 * Math.abs(tradedKwh[i]) + 1e-12);
        if (tradedKwh[i] > 0) buyers += amount;
        else sellers += amount;
      });
      assertAlmostEquals(buyers, sellers, 1e-9 * (1 + buyers));
      refunded += buyers;
    }
    const found = audit(records, env.dataset);
    assertEquals(found.total, 0, `seed ${seed}: ${JSON.stringify(found)}`);
    const at = records.home.feeRefund.findIndex((amount) => amount > 0.001);
    if (at < 0) continue;
    records.home.feeRefund[at] *= 1.01;
    assertEquals(audit(records, env.dataset).money, 1, `seed ${seed}: a refund that is too high`);
  }
  assertGreater(refunded, 0);
});

Deno.test("fee refund: bills show it, and price, dispatch and cost know the flat fee", async () => {
  const dataset = synthesize({ seed: 2, prosumers: 6, days: 28, dtHours: 1, feeder: "rural" });
  const of = (network: unknown) =>
    environmentConfigSchema.parse({ market: { networkFeePerKwh: 0.02 }, network });
  const played = async (network: unknown) =>
    await play(
      { dataset, config: of(network), firstSlots: [336], seed: 1 },
      rulePolicy("time-of-use"),
    );
  const [flat, refunded] = [await played({}), await played({ feeRefund: shares })];
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  assertEquals(refunded.home.cost, flat.home.cost);
  assertEquals(refunded.home.bill, flat.home.bill);
  const total = sum(refunded.home.feeRefund);
  assertGreater(total, 0);
  assertEquals(sum(flat.home.feeRefund), 0);
  const [before, after] = [flat, refunded].map((each) => monthlyBills(each, dataset));
  assertAlmostEquals(after.reduce((n, row) => n + row.feeRefund, 0), total, 1e-9);
  after.forEach((row, k) => assertAlmostEquals(row.total, before[k].total - row.feeRefund, 1e-9));
  const perDay = prosumerBills(refunded, flat, dataset).reduce(
    (n, row) => n + row.billChangePerDay,
    0,
  );
  assertAlmostEquals(perDay, -total / 7, 1e-9);
});

Deno.test("fee refund: shares beyond the fee and homes without a network are refused by name", () => {
  assertThrows(
    () => environmentConfigSchema.parse({ network: { feeRefund: { ...shares, sameBranch: 1.2 } } }),
    Error,
    "sameBranch",
  );
  const dataset = synthesize({ seed: 2, prosumers: 2, days: 8, dtHours: 1 });
  assertThrows(
    () =>
      new EnergyMarketEnv(
        dataset,
        environmentConfigSchema.parse({ network: { feeRefund: shares } }),
      ),
    RangeError,
    "network.feeRefund needs a data set with a network",
  );
});
