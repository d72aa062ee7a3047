/**
 * The committed model in worlds that differ from its own in what stood still while it was trained.
 *
 * @module
 */

import { assertAlmostEquals, assertGreater } from "@std/assert";
import type { Dataset } from "../../lib/data/profiles.ts";
import { splitDays } from "../../lib/data/split.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { policyOf } from "../../lib/experiments/trained_model.ts";
import { cases } from "../helpers/cases.ts";
import { committedModel, skipped } from "../helpers/committed_model.ts";

const model = await committedModel();

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name: `other worlds: ${name}${skipped(model)}`, ignore: model === null, fn });
}

const homes = (prosumers: number, seed = 1) =>
  synthesize({ seed, prosumers, days: 365, dtHours: 1 });

function withProfiles({ community, profiles }: Dataset, changes: Partial<Dataset["profiles"]>) {
  return { community, profiles: { ...profiles, ...changes } };
}

/** Share of the possible saving in every `every`-th test week. */
async function captured(dataset: Dataset, every = cases(6, 3)): Promise<number> {
  const config = model!.config.environment;
  const firstSlots = splitDays(dataset, config).test.filter((_, k) => k % every === 0);
  const days = { dataset, config, firstSlots, seed: 42 };
  using solver = createSolver();
  const bound = await planOptimum(days, solver);
  const { summary: [kpis] } = await evaluate(days, [policyOf(model!, model!.actor)], bound);
  return kpis.captured!;
}

// Least shares that are asked for. A normaliser that divides by the floor of its spread what stood
// still falls far below.
const R1 = homes(10);
const { feedInTariffPerKwh, grid } = R1.profiles;
const limits = {
  gridImportLimitKw: new Float64Array(grid.slots).fill(1_000),
  gridExportLimitKw: new Float64Array(grid.slots).fill(1_000),
};
const worlds: Readonly<Record<string, readonly [Dataset, number, number?]>> = {
  "a feed-in tariff raised by 0.1 cent": [
    withProfiles(R1, { feedInTariffPerKwh: feedInTariffPerKwh.map((price) => price + 0.001) }),
    0.9,
  ],
  "a community of 3": [homes(3), 0.85],
  "a community of 30": [homes(30), 0.9, cases(12, 3)],
  ...cases({}, {
    "10 other homes": [homes(10, 2), 0.9],
    "10 homes, different again": [homes(10, 7), 0.9],
    "a community of 100": [homes(100), 0.85, 9],
  }),
};

for (const [name, [dataset, least, every]] of Object.entries(worlds)) {
  test(`${name} costs the committed model next to nothing`, async () => {
    assertGreater(await captured(dataset, every), least);
  });
}

test("a limit of 1,000 kW that never binds changes nothing", async () => {
  const unlimited = await captured(R1);
  assertGreater(unlimited, 0.9);
  const { gridImportLimitKw } = limits;
  for (const changes of cases([limits], [limits, { gridImportLimitKw }])) {
    assertAlmostEquals(await captured(withProfiles(R1, changes)), unlimited, 1e-9);
  }
});
