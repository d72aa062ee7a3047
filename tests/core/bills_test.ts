import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { parseBatterySizes, withBatterySizes } from "../../lib/data/battery_sizes.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { monthlyBills } from "../../lib/evaluation/monthly_bills.ts";
import { playRules, RULES_OF_ONE_DISPATCH } from "../../lib/evaluation/play_rules.ts";
import { play } from "../../lib/evaluation/records.ts";
import {
  billedDays,
  jain,
  meanSaving,
  perYear,
  savingsPerYear,
} from "../../lib/evaluation/yearly_savings.ts";
import { boardFiles } from "../../lib/experiments/board_files.ts";
import { boardYear } from "../../lib/experiments/board_year.ts";
import { sweepBatteries } from "../../lib/experiments/battery_sweep.ts";
import { dynamicProgrammingPolicy } from "../../lib/policies/dynamic_programming.ts";
import { optimumPolicy, planOptimum } from "../../lib/policies/optimum.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { boardSections } from "../../lib/report/board_report.ts";
import { made, withDevices } from "../helpers/devices.ts";
import { timestamp } from "../../lib/units.ts";

const config = environmentConfigSchema.parse({ episodeDays: 40, cost: { carbonPricePerKg: 0 } });
const dataset = synthesize({ seed: 4, prosumers: 5, days: 40, dtHours: 1 });
const { community: { prosumers }, profiles } = dataset;
const played = { dataset, config, firstSlots: [0], seed: 7 };

Deno.test("bills: today's bill of every month is load and sun at the tariff, by hand", async () => {
  const bills = monthlyBills(await play(played, rulePolicy("grid-only")), dataset);
  assertEquals(bills.length, 5 * 2);
  for (const { prosumer, month, days, total, boughtFromGridKwh, soldToGridKwh, ...row } of bills) {
    const i = prosumers.findIndex(({ id }) => id === prosumer);
    let cost = 0, bought = 0, sold = 0, slots = 0;
    for (let t = 0; t < profiles.grid.slots; t++) {
      if (!timestamp(profiles.grid, t).startsWith(month)) continue;
      const at = i * profiles.grid.slots + t;
      const net = profiles.loadKw[at] - profiles.pvKw[at];
      cost += net > 0 ? net * profiles.importPricePerKwh[t] : net * profiles.feedInTariffPerKwh[t];
      bought += Math.max(0, net);
      sold += Math.max(0, -net);
      slots++;
    }
    assertEquals(days, slots / 24);
    assertAlmostEquals(total, cost, 1e-9);
    assertAlmostEquals(boughtFromGridKwh, bought, 1e-9);
    assertAlmostEquals(soldToGridKwh, sold, 1e-9);
    assertAlmostEquals(row.gridCost - row.feedInCredit, total, 1e-9);
    assertEquals([row.boughtFromNeighboursKwh, row.soldToNeighboursKwh, row.charges], [0, 0, 0]);
  }
});

Deno.test("bills: what neighbours buy others sell, and months add up to the books", async () => {
  const records = await play(played, dynamicProgrammingPolicy());
  const bills = monthlyBills(records, dataset);
  const sum = (of: (row: (typeof bills)[number]) => number) =>
    bills.reduce((all, row) => all + of(row), 0);
  assert(sum((row) => row.boughtFromNeighboursKwh) > 10);
  assertAlmostEquals(sum((row) => row.boughtFromNeighboursKwh - row.soldToNeighboursKwh), 0, 1e-6);
  // Without a fee neighbours pay each other and nobody else.
  assertAlmostEquals(sum((row) => row.neighbourCost), 0, 1e-6);
  assertAlmostEquals(sum(({ total }) => total), records.home.bill.reduce((a, b) => a + b), 1e-9);
  for (const { total, gridCost, feedInCredit, neighbourCost, charges } of bills) {
    assertAlmostEquals(total, gridCost - feedInCredit + neighbourCost + charges, 1e-9);
  }
});

Deno.test("bills: energy that a car had to have from elsewhere is paid there, and in the bill", async () => {
  const { slots } = profiles.grid;
  const drainKwh = Float64Array.from({ length: slots }, (_, t) => t % 24 === 8 ? 30 : 0);
  const car = made({ name: "car", drainKwh, unmetPricePerKwh: 0.5 });
  const driven = withDevices(dataset, [[car], [], [], [], []]);
  const options = { ...played, dataset: driven, config: { ...config, episodeDays: 4 } };
  const records = await play(options, rulePolicy("grid-only"));
  const unmet = records.store.unmetKwh.reduce((a, b) => a + b);
  assert(unmet > 10);
  const bills = monthlyBills(records, driven);
  const sum = (of: (row: (typeof bills)[number]) => number) =>
    bills.reduce((all, row) => all + of(row), 0);
  assertAlmostEquals(sum(({ elsewhereCost }) => elsewhereCost), 0.5 * unmet, 1e-9);
  const billed = records.home.bill.reduce((a, b) => a + b);
  assertAlmostEquals(sum(({ total }) => total), billed + 0.5 * unmet, 1e-9);
  const { total } = billedDays(records, driven);
  assertAlmostEquals(total.reduce((a, b) => a + b), billed + 0.5 * unmet, 1e-9);
});

for (const [kind, rules] of Object.entries(RULES_OF_ONE_DISPATCH)) {
  Deno.test(`bills: ${rules.join(", ")} played together are what each is played alone`, async () => {
    const short = { ...played, config: { ...config, episodeDays: 3 } };
    const policy = dynamicProgrammingPolicy({ alone: kind === "alone" });
    const together = await playRules(short, policy, rules);
    for (const [k, mechanism] of rules.entries()) {
      const single = await play(short, { ...policy, mechanism });
      assertEquals(together[k].home, single.home);
      assertEquals(together[k].rules, single.rules);
    }
  });
}

Deno.test("bills: decisions under another dispatch are refused rather than billed", async () => {
  const rules = ["uniform-price", "sharing-static"];
  let message = "";
  try {
    await playRules(played, dynamicProgrammingPolicy(), rules);
  } catch (error) {
    message = (error as Error).message;
  }
  assert(message.startsWith("sharing-static must dispatch as uniform-price does"), message);
});

Deno.test("bills: a home that plans for itself does what it would do without any neighbour", async () => {
  const short = { ...played, config: { ...config, episodeDays: 5 } };
  const [all] = await playRules(short, dynamicProgrammingPolicy({ alone: true }), ["grid-only"]);
  const i = prosumers.findIndex(({ battery }) => battery !== null);
  const own = ({ slots }: typeof profiles.grid, values: Float64Array) =>
    values.slice(i * slots, (i + 1) * slots);
  const single: Dataset = {
    community: { ...dataset.community, prosumers: [prosumers[i]] },
    profiles: {
      ...profiles,
      loadKw: own(profiles.grid, profiles.loadKw),
      pvKw: own(profiles.grid, profiles.pvKw),
    },
  };
  // Forecasts of sun err by home; without an error the two are the same.
  const exact = { ...short.config, forecast: { ...config.forecast, error: 0 } };
  const [among] = await playRules(
    { ...short, config: exact },
    dynamicProgrammingPolicy({ alone: true }),
    ["grid-only"],
  );
  const [one] = await playRules(
    { ...short, config: exact, dataset: single },
    dynamicProgrammingPolicy(),
    ["grid-only"],
  );
  const bills = (book: typeof all, home: number, homes: number) =>
    book.home.bill.filter((_, row) => row % homes === home);
  assertEquals(bills(among, i, prosumers.length), bills(one, 0, 1));
  assert(bills(all, i, prosumers.length).some((bill) => bill !== 0));
});

Deno.test("bills: a saving is scaled to a year, and its interval holds it", async () => {
  const today = billedDays(await play(played, rulePolicy("grid-only")), dataset);
  const market = billedDays(await play(played, dynamicProgrammingPolicy()), dataset);
  const [{ length: weeks }] = [today.weeks];
  assertEquals([today.days, weeks], [40, 5]);
  const saved = savingsPerYear(market, today);
  saved.forEach((saving, i) =>
    assertAlmostEquals(saving, (today.total[i] - market.total[i]) * 365 / 40, 1e-9)
  );
  const { estimate, low, high } = meanSaving(market, today, [0, 1, 2, 3, 4]);
  assertAlmostEquals(estimate, saved.reduce((a, b) => a + b) / 5, 1e-9);
  assert(low < estimate && estimate < high, `${low} ${estimate} ${high}`);
  assertAlmostEquals(perYear(today)[0] - saved[0], perYear(market)[0], 1e-9);
});

Deno.test("bills: Jain's index is that of its authors' example, and none where somebody loses", () => {
  // Jain, Chiu and Hawe (1984): with k of n users served alike the index is k/n.
  assertAlmostEquals(jain([1, 1, 0, 0, 0])!, 2 / 5, 1e-12);
  assertEquals([jain([1, -1, 3]), jain([0, 0])], [null, null]);
});

Deno.test("bills: a board's year adds up, every rule without a violation", async () => {
  const year = await boardYear({ dataset, config, seed: 7, days: 7 });
  const names = year.rows.map(({ name }) => name);
  assertEquals(names, [
    "today",
    "own battery",
    "uniform-price",
    "pay-as-bid",
    "mid-market-rate",
    "sharing-static",
    "sharing-dynamic",
  ]);
  const all = [...year.rows, ...year.sizes.map(({ row }) => row)];
  assertEquals(all.map(({ violations }) => violations), all.map(() => 0));
  // The batteries as they are come to the same as the market itself.
  const [market, same] = [year.rows[2], year.sizes[1].row];
  assertEquals(market.bills, same.bills);
  for (const { bills, monthly } of year.rows) {
    prosumers.forEach(({ id }, i) => {
      const months = monthly.filter(({ prosumer }) => prosumer === id);
      assertAlmostEquals(months.reduce((sum, { total }) => sum + total, 0), bills.total[i], 1e-9);
    });
  }
  const { "bills-x.csv": bills, "savings-x.csv": savings } = boardFiles(year, "x");
  assertEquals(bills.trimEnd().split("\n").length, 1 + 7 * 5);
  assertEquals(savings.trimEnd().split("\n").length, 1 + 7 * 5);
});

Deno.test("bills: the verdict says what trade costs, what devices are worth, and what is assumed", async () => {
  const free = await boardYear({ dataset, config, seed: 7, days: 2, sizes: [] });
  const html = boardSections(free, "x").join("");
  assertMatch(html, /<strong>Scaled to a year from 2 days, a home saves/);
  assertStringIncludes(html, "none is assumed on trade among neighbours");
  assertStringIncludes(html, "What a battery is worth");
  assertStringIncludes(html, "bills-x.csv");
  for (const none of ["Interval:", "kWh were not served", "What own devices"]) {
    assert(!html.includes(none), none);
  }
  // As if trade cost homes 5, 4, 3 and 2 EUR in these two days, and brought the first one 2 EUR.
  const dear = {
    ...free,
    rows: free.rows.map((row) =>
      row.name !== "uniform-price" ? row : {
        ...row,
        bills: {
          ...row.bills,
          total: free.rows[1].bills.total.map((bill, i) => bill + (i === 0 ? -2 : 6 - i)),
        },
      }
    ),
  };
  const [box] = /<blockquote>.*?<\/blockquote>/s.exec(boardSections(dear, "x").join(""))!;
  const lost = Math.round((5 + 4 + 3 + 2 - 2) / 5 * 365 / 2);
  assertStringIncludes(box, `a home loses ${lost} EUR a year on average</strong> by trade`);
  assertStringIncludes(box, "Against homes whose batteries idle it");
  const better = prosumers.slice(1).map(({ id }) => id).join(", ");
  assertMatch(box, new RegExp(`4 of 5\\s+homes would do\\s+better: ${better}\\.`));
  const equipped = withDevices(dataset, prosumers.map((_, i) => i === 0 ? [made()] : []));
  const withCar = { ...free, dataset: equipped };
  const said = boardSections(withCar, "x").join("");
  assertStringIncludes(said, `What own devices (battery, ${made().kind}) are worth`);
  assertStringIncludes(said, "to its owner in a home with nothing else");
  assert(!said.includes("own batteries") && !said.includes("with its own battery"), said);
  const noted = boardSections(free, "x", ["a flat price of 0.3 is taken"]).join("");
  assertStringIncludes(noted, "What the figures rest on");
  assertStringIncludes(noted, "a flat price of 0\.3 is taken".replace("\\", ""));
  for (const word of ["Gini", "dynamic programming", "seed "]) assert(!noted.includes(word), word);
});

Deno.test("bills: a name from a file stays text on a board's page", async () => {
  const name = `<i data-marker=1>*x* & [y](javascript:1)`;
  const named = { ...dataset, community: { ...dataset.community, name }, notes: [name] };
  const year = await boardYear({ dataset: named, config, seed: 7, days: 2, sizes: [] });
  const html = boardSections(year, "x").join("");
  assert(
    !html.includes("<i ") && !html.includes('javascript:1)"') && !html.includes("<em>x"),
    html,
  );
  assert(html.includes("&lt;i data-marker=1&gt;"));
});

Deno.test("bills: for the optimum more capacity at equal power never costs more", async () => {
  using solver = createSolver({ workers: 1 });
  const sizes = parseBatterySizes("battery=0,1,5,10,20");
  for (const seed of [1, 2]) {
    const base = synthesize({ seed, prosumers: 3, days: 6, dtHours: 1 });
    const kept = (home: (typeof prosumers)[number]) => ({
      ...home,
      battery: home.battery === null
        ? null
        : { ...home.battery, socMin: 0.2, selfDischargePerHour: 1e-3 },
    });
    const lossy = {
      ...base,
      community: { ...base.community, prosumers: base.community.prosumers.map(kept) },
    };
    const rules = environmentConfigSchema.parse({ episodeDays: 2, initialSoc: 0 });
    const days = { dataset: lossy, config: rules, firstSlots: [0, 48, 96], seed };
    const costs: Float64Array[] = [];
    for (const each of withBatterySizes(lossy, sizes)) {
      costs.push((await planOptimum({ ...days, dataset: each }, solver)).cost);
    }
    costs.slice(1).forEach((cost, k) =>
      cost.forEach((value, episode) =>
        assert(value <= costs[k][episode] + 1e-7, `${value} after ${costs[k][episode]}`)
      )
    );
    assert(costs[4][0] < costs[1][0] - 0.01, "larger ones save something");
    // What is played is what was planned, so the table of a sweep falls too.
    const linear = { ...days, dataset: base };
    const rows = await sweepBatteries({ days: linear, policies: [optimumPolicy(solver)] }, sizes);
    rows.slice(1).forEach(({ costPerDay }, k) =>
      assert(costPerDay <= rows[k].costPerDay + 1e-7, `${costPerDay} ${rows[k].costPerDay}`)
    );
    assertEquals(rows[0].communityKwh, 0);
  }
});

Deno.test("bills: sizes that say nothing are refused with what is expected", () => {
  for (
    const text of ["battery=", "battery=5", "battery=5,1", "battery=1,x", "pv=1,2", "battery=1,1e9"]
  ) {
    const message = "--vary must be battery= with 2 to 20 rising capacities in kWh";
    assertThrows(() => parseBatterySizes(text), RangeError, message);
  }
  const none = {
    ...dataset,
    community: {
      ...dataset.community,
      prosumers: prosumers.map((home) => ({ ...home, battery: null })),
    },
  };
  assertThrows(() => withBatterySizes(none, [{ factor: 2 }]), RangeError, "no home of");
});
