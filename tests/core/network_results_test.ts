import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import {
  NETWORK_DAY_FILE,
  NETWORK_FILE,
  readNetworkDay,
  readNetworkNodes,
} from "../../lib/evaluation/network_files.ts";
import { networkIndicators } from "../../lib/evaluation/network_indicators.ts";
import {
  networkFiles,
  playWithoutEnvelopes,
  safetyCosts,
} from "../../lib/experiments/network_report.ts";
import { optimumPolicy, planOptimum } from "../../lib/policies/optimum.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { feederDay } from "../../lib/report/figures/feeder_day.ts";
import { feederProfile } from "../../lib/report/figures/feeder_profile.ts";
import { voltageProfile } from "../../lib/report/figures/voltage_profile.ts";
import { figureFiles } from "../../lib/report/render.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { longTest } from "../helpers/cases.ts";
import { inFolder } from "../helpers/two_homes.ts";

/** Six homes with cars on a feeder that is a third as strong as it should be. */
function weakStreet() {
  const dataset = synthesize({
    seed: 1,
    prosumers: 6,
    cars: 4,
    days: 4,
    dtHours: 1,
    start: "2025-06-10T00:00:00+02:00",
    tariff: "day-ahead",
    feeder: "rural",
  });
  const network = dataset.network!;
  const transformer = {
    ...network.transformer,
    ratingKva: network.transformer.ratingKva / 3,
    resistanceOhm: 3 * network.transformer.resistanceOhm,
    reactanceOhm: 3 * network.transformer.reactanceOhm,
  };
  return { ...dataset, network: { ...network, transformer } };
}

const dataset = weakStreet();
const config = environmentConfigSchema.parse({ episodeDays: 1 });
const options = { dataset, config, firstSlots: [24, 48], seed: 7 };

longTest(
  "network: the optimum within envelopes is reached, and no less than that of the network",
  async () => {
    using solver = createSolver({ workers: 1 });
    for (const networkFeePerKwh of [0, 0.02]) {
      const rules = { ...config, market: { ...config.market, networkFeePerKwh } };
      const days = { ...options, config: rules };
      const bound = await planOptimum(days, solver);
      const { records, reference, summary } = await evaluate(days, [
        optimumPolicy(solver),
        rulePolicy("self-consumption"),
      ], bound);
      assertEquals(summary.map((row) => row.residualViolations), [0, 0]);
      episodeCosts(records[0]).forEach((cost, k) => assertAlmostEquals(cost, bound.cost[k], 1e-5));
      episodeCosts(records[1]).forEach((cost, k) => assert(cost > bound.cost[k]));
      const safety = await safetyCosts(days, bound, reference, solver);
      assertEquals(safety.map(({ network }) => network), ["flows", "equal", "proportional"]);
      assertEquals(safety[0].priceOfSafetyPerDay, 0);
      assert(safety[1].priceOfSafetyPerDay > 1e-3 && safety[2].priceOfSafetyPerDay > 1e-3);
      const { network: _network, ...plain } = dataset;
      const free = await planOptimum({ ...days, dataset: plain }, solver);
      assert(safety[0].costPerDay >= (free.cost[0] + free.cost[1]) / 2 - 1e-6);
    }
  },
);

Deno.test("network: without envelopes the feeder is overloaded, with them it is not", async () => {
  const policies = [rulePolicy("time-of-use")];
  const { records } = await evaluate(options, policies);
  const kept = networkIndicators(records[0], dataset)!;
  assertEquals([kept.whole.outsideBandHoursPerDay, kept.whole.overloadedHoursPerDay], [0, 0]);
  assert(kept.whole.lossesKwhPerDay > 0 && kept.whole.highestTransformerLoading > 0.5);
  const [without] = await playWithoutEnvelopes(options, policies);
  assertEquals(without.policy, "time-of-use without envelopes");
  const free = networkIndicators(without, dataset)!;
  assert(free.whole.overloadedHoursPerDay > 0.5, `${free.whole.overloadedHoursPerDay} h/d`);
  assert(free.whole.lowestVoltagePu < kept.whole.lowestVoltagePu);
  const nodes = networkFiles(records, dataset)["network.csv"] as string;
  assertEquals(nodes.trim().split("\n").length, 1 + dataset.network.nodes.length);
});

Deno.test("network: files by node and time of day are those of the whole, and are drawn", async () => {
  const policies = ["time-of-use", "grid-only"];
  const { records } = await evaluate(options, policies.map(rulePolicy));
  const files = networkFiles(records, dataset);
  await inFolder(async (folder) => {
    const write = (name: string) => Deno.writeTextFile(`${folder}/${name}`, files[name] as string);
    await write(NETWORK_FILE);
    await write(NETWORK_DAY_FILE);
    const nodes = await readNetworkNodes(`${folder}/${NETWORK_FILE}`);
    const hours = await readNetworkDay(`${folder}/${NETWORK_DAY_FILE}`);
    for (const [k, policy] of policies.entries()) {
      const { whole } = networkIndicators(records[k], dataset)!;
      for (
        const rows of [nodes, hours].map((each) => each.filter((row) => row.policy === policy))
      ) {
        assertEquals(Math.min(...rows.map((row) => row.lowestVoltagePu)), whole.lowestVoltagePu);
        assertEquals(Math.max(...rows.map((row) => row.highestVoltagePu)), whole.highestVoltagePu);
      }
      const own = hours.filter((row) => row.policy === policy);
      assertEquals(
        Math.max(...own.map((row) => row.highestTransformerLoading)),
        whole.highestTransformerLoading,
      );
      assert(own.every((row) => row.meanTransformerLoading <= row.highestTransformerLoading));
    }
    assertEquals(hours.length / 2, Math.round(24 / dataset.profiles.grid.dtHours));
    assertEquals(nodes.filter(({ resistanceOhm }) => resistanceOhm === 0).length, 2);
    const { bandLeastPu, bandMostPu } = hours[0];
    for (
      const figure of [
        feederDay(hours, policies),
        feederProfile(nodes, policies, [bandLeastPu, bandMostPu]),
      ]
    ) {
      const { "a.svg": svg } = await figureFiles({ a: figure }, {}, ["svg"]);
      for (const text of ["time-of-use", "voltage [pu]"]) assert(String(svg).includes(text), text);
    }
  });
});

Deno.test("network: the voltage profile shows every node between the ends of the band", async () => {
  const { records: [records] } = await evaluate(options, [rulePolicy("trade-only")]);
  const moment = { records, episode: 0, step: 18, label: "evening", colour: "#000000" };
  const texts = { title: "Voltages", subtitle: "" };
  const { description, panels } = voltageProfile(dataset, [moment], texts);
  assert(description.startsWith(`Voltages of ${dataset.network.nodes.length} nodes`));
  assertEquals(panels.length, 1);
});
