import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ACTION_SIZE } from "../lib/env/action.ts";
import { episodeCosts } from "../lib/evaluation/kpis.ts";
import { play, type Records } from "../lib/evaluation/records.ts";
import { type CommunityProgram, communityProgram } from "../lib/policies/community_program.ts";
import { episodeOutlook } from "../lib/policies/optimum.ts";
import { createPlanner, type Outlook, type Planner } from "../lib/policies/plan.ts";
import type { Policy } from "../lib/policies/policy.ts";
import { stream } from "../lib/random.ts";
import { timestamp } from "../lib/units.ts";
import { wildActions, type World, world } from "./arbitraries.ts";

/** Anything at all, or anything but orders. */
function wildPolicy(seed: number, trades: boolean): Policy {
  const random = stream(seed, "wild policy");
  return {
    name: "wild",
    act(_, actions) {
      wildActions(random, actions);
      if (trades) return;
      for (let k = 1; k < actions.length; k += ACTION_SIZE) actions[k] = -1;
    },
  };
}

/** What was played, as values of the program's variables by their names. */
function valuesOf(
  { columns, prosumers, slotsPerEpisode }: Records,
  { dataset: { community, profiles: { grid } }, scope, config, batteries }: Planner,
  { initialEnergyKwh, peakKw, lastNetKw }: Outlook,
): Map<string, number> {
  const values = new Map<string, number>();
  const ids = community.prosumers.map(({ id }) => id);
  const pooled = scope.trades && config.market.networkFeePerKwh === 0;
  let peak = peakKw, last = lastNetKw;
  for (let t = 0; t < slotsPerEpisode; t++) {
    const set = (name: string, value: number) => {
      const named = `${name} at ${timestamp(grid, t)}`;
      values.set(named, (values.get(named) ?? 0) + value);
    };
    let net = 0;
    ids.forEach((id, i) => {
      const row = t * prosumers + i;
      const group = pooled ? "the community" : id;
      const powerKw = (kwh: number) => kwh / grid.dtHours;
      set(`charging of ${id}`, Math.max(0, columns.batteryKw[row]));
      set(`discharging of ${id}`, Math.max(0, -columns.batteryKw[row]));
      set(`stored energy of ${id}`, columns.energyKwh[row]);
      set(`import of ${group}`, powerKw(Math.max(0, columns.gridKwh[row])));
      set(`export of ${group}`, powerKw(Math.max(0, -columns.gridKwh[row])));
      set(`purchase of ${id}`, powerKw(Math.max(0, columns.tradedKwh[row])));
      set(`sale of ${id}`, powerKw(Math.max(0, -columns.tradedKwh[row])));
      set("unserved load", columns.unservedKw[row]);
      set("curtailed PV", columns.curtailedKw[row]);
      net += powerKw(columns.gridKwh[row]);
    });
    set("net import", net);
    set("ramp", last === null ? 0 : Math.abs(net - last));
    [peak, last] = [Math.max(peak, net), net];
  }
  values.set("peak", peak);
  const lastRow = (slotsPerEpisode - 1) * prosumers;
  for (const { prosumer } of batteries) {
    const missing = initialEnergyKwh[prosumer] - columns.energyKwh[lastRow + prosumer];
    values.set(`shortfall of ${ids[prosumer]}`, Math.max(0, missing));
  }
  return values;
}

/** Asserts that a point is allowed to 1e-9, and returns what it costs. */
function costOf({ model, ...program }: CommunityProgram, values: Map<string, number>): number {
  const x = Float64Array.from(model.cost, (_, j) => {
    const value = values.get(program.columnName(j));
    assert(value !== undefined, `what is ${program.columnName(j)}?`);
    return value;
  });
  const isWithin = (value: number, least: number, most: number, name: string) => {
    const rounding = 1e-9 * (1 + Math.abs(value));
    assert(value >= least - rounding, `${name}: ${value} is below ${least}`);
    assert(value <= most + rounding, `${name}: ${value} is above ${most}`);
  };
  x.forEach((value, j) => isWithin(value, model.lower[j], model.upper[j], program.columnName(j)));
  model.rowLower.forEach((least, r) => {
    let sum = 0;
    for (let k = model.rowStarts[r]; k < model.rowStarts[r + 1]; k++) {
      sum += model.entryValues[k] * x[model.entryColumns[k]];
    }
    isWithin(sum, least, model.rowUpper[r], program.rowName(r));
  });
  return x.reduce((sum, value, j) => sum + value * model.cost[j], 0);
}

async function played({ dataset, config, seed }: World, trades: boolean) {
  const records = await play(
    { dataset, config, firstSlots: [0], seed },
    wildPolicy(seed, trades),
  );
  const planner = createPlanner(dataset, config, { trades, community: true });
  return { records, planner, outlook: episodeOutlook(dataset, config, 0, records.slotsPerEpisode) };
}

for (const trades of [true, false]) {
  const what = trades ? "whatever happens" : "whatever happens without trade";
  Deno.test(`program: ${what} is a point of the program, at the cost that was charged`, async () => {
    const property = fc.asyncProperty(world, async (world) => {
      const { records, planner, outlook } = await played(world, trades);
      const program = communityProgram(planner, outlook);
      const cost = costOf(program, valuesOf(records, planner, outlook));
      const [charged] = episodeCosts(records);
      assertAlmostEquals(cost, charged, 1e-8 * (1 + Math.abs(charged)));
    });
    await fc.assert(property, { numRuns: 20, seed: 9 });
  });
}

Deno.test("program: an episode that goes on has its peak and its last import behind it", async () => {
  const property = fc.asyncProperty(world, async (world) => {
    const { records, planner, outlook } = await played(world, true);
    const later = { ...outlook, peakKw: 3, lastNetKw: -1.5 };
    const values = valuesOf(records, planner, outlook);
    const { rampPricePerKw, peakPricePerKw } = planner.config.cost;
    const peak = values.get("peak")!;
    const first = values.get(`net import at ${timestamp(world.dataset.profiles.grid, 0)}`)!;
    const more = peakPricePerKw * (Math.max(3, peak) - peak) +
      rampPricePerKw * Math.abs(first + 1.5);
    const cost = costOf(communityProgram(planner, later), valuesOf(records, planner, later));
    const [charged] = episodeCosts(records);
    assertAlmostEquals(cost, charged + more, 1e-8 * (1 + Math.abs(charged)));
  });
  await fc.assert(property, { numRuns: 10, seed: 10 });
});

Deno.test("program: its slots look alike, and its names tell what and when", async () => {
  const property = fc.asyncProperty(world, async (world) => {
    const { planner, outlook } = await played(world, true);
    const { headColumns, columnsPerSlot, rowsPerSlot, ...program } = communityProgram(
      planner,
      outlook,
    );
    const { cost, rowLower } = program.model;
    const count = planner.batteries.length;
    assertEquals(cost.length, headColumns + outlook.slots * columnsPerSlot);
    assertEquals(rowLower.length, outlook.slots * rowsPerSlot + count);
    const withoutTime = (name: string) => name.replace(/ at 20.*$/, "");
    for (let j = headColumns; j < cost.length; j++) {
      const t = Math.floor((j - headColumns) / columnsPerSlot);
      const first = headColumns + (j - headColumns) % columnsPerSlot;
      const name = program.columnName(j);
      assertEquals(withoutTime(name), withoutTime(program.columnName(first)));
      assert(name.endsWith(` at ${timestamp(world.dataset.profiles.grid, t)}`), name);
    }
    for (let j = 0; j < headColumns; j++) {
      assertEquals(program.columnName(j), withoutTime(program.columnName(j)));
    }
    for (let r = 0; r < outlook.slots * rowsPerSlot; r++) {
      const name = program.rowName(r);
      assertEquals(withoutTime(name), withoutTime(program.rowName(r % rowsPerSlot)));
      const t = Math.floor(r / rowsPerSlot);
      assert(name.endsWith(` at ${timestamp(world.dataset.profiles.grid, t)}`), name);
    }
    for (let b = 0; b < count; b++) {
      const name = program.rowName(outlook.slots * rowsPerSlot + b);
      const { id } = world.dataset.community.prosumers[planner.batteries[b].prosumer];
      assertEquals(name, `final energy of ${id}`);
    }
    const of = world.dataset.community.name;
    assertEquals(program.subject, `the plan of ${of} from 2025-01-01T00:00:00+00:00`);
  });
  await fc.assert(property, { numRuns: 10, seed: 11 });
});
