import { assertAlmostEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play } from "../../lib/evaluation/records.ts";
import { createPolicy } from "../../lib/policies/catalog.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { longTest } from "../helpers/cases.ts";
import { firstEdition } from "../helpers/first_edition.ts";

const dataset = synthesize({ seed: 42, prosumers: 4, days: 6, dtHours: 1 });
const firstSlots = [0, 48, 120];

/** Cost of three days, as commit c017517 played them with forecast seed 42. [EUR] */
const plain: Readonly<Record<string, readonly number[]>> = {
  "grid-only": [18.281217434432914, 25.245072605381868, 15.80215913350958],
  "trade-only": [16.484269492879466, 25.237183819229507, 15.80215913350958],
  "self-consumption": [16.664310841607854, 26.367737864847403, 16.771187664935077],
  "time-of-use": [15.434959749214162, 24.396093718777013, 15.327667417276773],
  "zero-intelligence": [17.08085923891724, 25.23718381922951, 15.80215913350958],
  "mpc-local": [15.263840967678966, 24.222015356138602, 14.805839105308348],
  "mpc": [14.352865163511275, 23.783213436570534, 14.35268289351337],
  "optimum-no-trade": [16.22961980963633, 24.221848978938656, 14.804548366456203],
  "optimum": [14.288569734093755, 23.783213436570534, 14.352682837336223],
};

/** The same with a network fee of 0.02, a peak price of 0.1 and a ramp price of 0.01. */
const charged: Readonly<Record<string, readonly number[]>> = {
  "grid-only": [19.18475722880207, 26.034612439094083, 16.39533784401328],
  "trade-only": [17.680348861437686, 26.027964646951773, 16.39533784401328],
  "self-consumption": [17.426267100845074, 27.149450614722134, 17.343940880591536],
  "time-of-use": [16.73755826917865, 25.453864755491242, 16.236973060714437],
  "mpc": [15.539675323669893, 24.838044199745074, 15.109817997630579],
  "optimum": [15.448206327505975, 24.811990533257696, 15.098475289527594],
};

const rules = {
  "its reference set-up": { config: firstEdition(), costs: plain },
  "a fee, peaks and ramps": {
    config: firstEdition({
      market: { networkFeePerKwh: 0.02 },
      cost: { peakPricePerKw: 0.1, rampPricePerKw: 0.01 },
    }),
    costs: charged,
  },
};

for (const [what, { config, costs }] of Object.entries(rules)) {
  longTest(`first edition: its ladder comes out to 1e-9 with ${what}`, async () => {
    using solver = createSolver();
    const near = (cost: number, then: number, name: string) =>
      assertAlmostEquals(cost, then, 1e-9 * then, name);
    for (const [name, expected] of Object.entries(costs)) {
      const policy = createPolicy(name, { seed: 42, solver });
      const records = await play({ dataset, config, firstSlots, seed: 42 }, policy);
      episodeCosts(records).forEach((cost, day) => near(cost, expected[day], `${name}, ${day}`));
    }
    const bound = await planOptimum({ dataset, config, firstSlots }, solver);
    bound.cost.forEach((cost, day) => near(cost, costs.optimum[day], `bound, ${day}`));
  });
}
