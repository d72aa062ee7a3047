import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLessOrEqual,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { resetState } from "../../lib/env/state.ts";
import { createWorld } from "../../lib/env/world.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play, type Records } from "../../lib/evaluation/records.ts";
import { type CommunityProgram, communityProgram } from "../../lib/policies/community_program.ts";
import { energyRange } from "../../lib/policies/linear_store.ts";
import { createProgramBuilder } from "../../lib/policies/linear_program.ts";
import { hindsight, type Outlook } from "../../lib/policies/outlook.ts";
import { createPlanner, type Planner } from "../../lib/policies/planner.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { stream } from "../../lib/random.ts";
import { timestamp } from "../../lib/units.ts";
import { cases } from "../helpers/cases.ts";
import { between, wildActions, type World, world } from "../helpers/worlds.ts";

/** Anything at all, or anything but trade. */
function wildPolicy(seed: number, trades: boolean): Policy {
  const random = stream(seed, "wild policy");
  return {
    name: "wild",
    ...(!trades && { mechanism: "grid-only" }),
    begin: () => (_, { numbers }) => void wildActions(random, numbers),
  };
}

/** What was played, as values of the program's variables by their names. */
function valuesOf(
  { home, store, homes, slotsPerEpisode }: Records,
  { world: { dataset: { community, profiles: { grid } } }, stores, names }: Planner,
  { initialEnergyKwh, peakKw, lastNetKw }: Outlook,
): Map<string, number> {
  const values = new Map<string, number>();
  const ids = community.prosumers.map(({ id }) => id);
  let peak = peakKw, last = lastNetKw;
  for (let t = 0; t < slotsPerEpisode; t++) {
    const set = (name: string, value: number) => {
      const named = `${name} at ${timestamp(grid, t)}`;
      values.set(named, (values.get(named) ?? 0) + value);
    };
    names.forEach((name, s) => {
      const k = t * stores.length + s;
      set(`charging of ${name}`, Math.max(0, store.powerKw[k]));
      set(`discharging of ${name}`, Math.max(0, -store.powerKw[k]));
      set(`stored energy of ${name}`, store.endEnergyKwh[k]);
    });
    let net = 0;
    ids.forEach((id, i) => {
      const row = t * homes + i;
      const powerKw = (kwh: number) => kwh / grid.dtHours;
      for (const group of [id, "the community"]) {
        set(`import of ${group}`, powerKw(Math.max(0, home.gridKwh[row])));
        set(`export of ${group}`, powerKw(Math.max(0, -home.gridKwh[row])));
        set(`unserved load of ${group}`, home.unservedKw[row]);
        set(`curtailed sun of ${group}`, home.curtailedKw[row]);
      }
      set(`purchase of ${id}`, powerKw(Math.max(0, home.tradedKwh[row])));
      set(`sale of ${id}`, powerKw(Math.max(0, -home.tradedKwh[row])));
      set("unserved load", home.unservedKw[row]);
      set("curtailed sun", home.curtailedKw[row]);
      net += powerKw(home.gridKwh[row]);
    });
    set("net import", net);
    set("ramp", last === null ? 0 : Math.abs(net - last));
    [peak, last] = [Math.max(peak, net), net];
  }
  values.set("peak", peak);
  names.forEach((name, s) => {
    const end = store.endEnergyKwh[(slotsPerEpisode - 1) * stores.length + s];
    values.set(`shortfall of ${name}`, Math.max(0, initialEnergyKwh[s] - end));
  });
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
  return x.reduce((sum, value, j) => sum + value * model.cost[j], program.constantCost);
}

/** Asserts that peaks, shortfalls and the first ramps may not be less than they are. */
function requireLeast(program: CommunityProgram, values: Map<string, number>): void {
  const { headColumns, columnsPerSlot, model: { lower } } = program;
  const checked = headColumns + 2 * columnsPerSlot;
  for (let j = 0; j < checked; j++) {
    const name = program.columnName(j);
    const value = values.get(name)!;
    if (!/^(?:peak|shortfall|ramp)/.test(name) || value < lower[j] + 1e-6) continue;
    const less = new Map(values).set(name, value - 1e-6);
    assertThrows(() => costOf(program, less), Error, "is below", name);
  }
}

async function played({ dataset, config, seed }: World, trades: boolean) {
  const records = await play({ dataset, config, firstSlots: [0], seed }, wildPolicy(seed, trades));
  const world = createWorld(dataset, config, 1, records.slotsPerEpisode);
  resetState(world, seed, [0]);
  const planner = createPlanner(world, { trades, community: true });
  return { records, planner, outlook: hindsight(world, 0, records.slotsPerEpisode) };
}

/** Asserts that a program costs what was charged, or no more where a meter's cost is its chord. */
function assertCharged(
  cost: number,
  { records, planner, outlook }: Awaited<ReturnType<typeof played>>,
  more = 0,
) {
  const charged = episodeCosts(records)[0] + more;
  // A market of curves rounds every price to a millionth.
  const kwh = records.home.gridKwh.reduce(
    (sum, each, row) => sum + Math.abs(each) + Math.abs(records.home.tradedKwh[row]),
    0,
  );
  const rounding = 1e-8 * (1 + Math.abs(charged)) +
    (planner.world.config.market.orders === "curves" ? 1e-6 * kwh : 0);
  if (planner.hasInvertedSlot(0, outlook.slots)) assertLessOrEqual(cost, charged + rounding);
  else assertAlmostEquals(cost, charged, rounding);
}

/** The world with import prices of at least the feed-in tariff. */
const upright = world.map(({ dataset: { community, profiles }, ...rest }) => ({
  ...rest,
  dataset: {
    community,
    profiles: {
      ...profiles,
      importPricePerKwh: profiles.importPricePerKwh.map((price, slot) =>
        Math.max(price, profiles.feedInTariffPerKwh[slot])
      ),
    },
  },
}));

for (
  const [what, worlds] of [["any world", world], ["a world of upright tariffs", upright]] as const
) {
  for (const trades of [true, false]) {
    const how = trades ? "" : " without trade";
    Deno.test(`program: whatever happens in ${what}${how} is a point of it, at the cost that was charged`, async () => {
      const property = fc.asyncProperty(worlds, async (world) => {
        const game = await played(world, trades);
        const program = communityProgram(game.planner, game.outlook);
        const values = valuesOf(game.records, game.planner, game.outlook);
        const cost = costOf(program, values);
        requireLeast(program, values);
        assertCharged(cost, game);
      });
      await fc.assert(property, { numRuns: cases(8, 20), seed: 9 });
    });
  }
}

Deno.test("program: an episode that goes on has its peak and its last import behind it", async () => {
  const property = fc.asyncProperty(world, async (world) => {
    const game = await played(world, true);
    const later = { ...game.outlook, peakKw: 3, lastNetKw: -1.5 };
    const values = valuesOf(game.records, game.planner, game.outlook);
    const { rampPricePerKw, peakPricePerKw } = world.config.cost;
    const peak = values.get("peak")!;
    const first = values.get(`net import at ${timestamp(world.dataset.profiles.grid, 0)}`)!;
    const more = peakPricePerKw * (Math.max(3, peak) - peak) +
      rampPricePerKw * Math.abs(first + 1.5);
    const then = valuesOf(game.records, game.planner, later);
    assertCharged(costOf(communityProgram(game.planner, later), then), game, more);
    requireLeast(communityProgram(game.planner, later), then);
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
    const count = planner.stores.length;
    assertEquals(cost.length, headColumns + outlook.slots * columnsPerSlot);
    const ends = world.config.endValue === "first-edition" ? count : 0;
    assertEquals(rowLower.length, outlook.slots * rowsPerSlot + ends);
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
    for (let s = 0; s < ends; s++) {
      const name = program.rowName(outlook.slots * rowsPerSlot + s);
      const { id } = world.dataset.community.prosumers[planner.stores[s].store.owner];
      assertEquals(name, `final energy of ${id}'s battery`);
    }
    const of = world.dataset.community.name;
    assertEquals(program.subject, `the plan of ${of} from 2025-01-01T00:00:00+00:00`);
  });
  await fc.assert(property, { numRuns: 10, seed: 11 });
});

/** The columns or rows of a program by the beginning of their names. */
function named(count: number, nameOf: (index: number) => string, start: string): number[] {
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => nameOf(index).startsWith(start));
}

Deno.test("program: energy and trade are balanced by equations", async () => {
  const property = fc.asyncProperty(world, async (world) => {
    const { planner, outlook } = await played(world, true);
    const { model, rowName } = communityProgram(planner, outlook);
    for (const start of ["energy balance", "net import", "balance of trade"]) {
      const rows = named(model.rowLower.length, rowName, start);
      assertEquals(rows.map((r) => model.rowUpper[r]), rows.map((r) => model.rowLower[r]));
    }
  });
  await fc.assert(property, { numRuns: 10, seed: 12 });
});

Deno.test("program: it may shed all load and curtail all sun, or as inelastic orders what the connection forces", async () => {
  const property = fc.asyncProperty(world, async ({ dataset, ...rest }) => {
    const prosumers = dataset.community.prosumers.map((each) => ({ ...each, battery: null }));
    const bare = { ...dataset, community: { ...dataset.community, prosumers } };
    const { records, planner, outlook } = await played({ ...rest, dataset: bare }, true);
    const { model, columnName } = communityProgram(planner, outlook);
    const values = valuesOf(records, planner, outlook);
    const inelastic = rest.config.market.orders === "inelastic";
    const sum = (of: Float64Array) => of.reduce((total, kw) => total + kw, 0);
    for (const [start, all] of [["unserved load", "loadKw"], ["curtailed sun", "pvKw"]] as const) {
      const columns = named(model.cost.length, columnName, start);
      for (const j of columns) {
        assertEquals(model.lower[j], 0);
        if (inelastic) assertAlmostEquals(model.upper[j], values.get(columnName(j))!, 1e-9);
      }
      const most = columns.reduce((total, j) => total + model.upper[j], 0);
      if (!inelastic) assertAlmostEquals(most, sum(outlook[all]), 1e-9);
    }
  });
  await fc.assert(property, { numRuns: cases(8, 20), seed: 13 });
});

Deno.test("program: who plans for a home alone knows no limit, peak, ramp or other home", async () => {
  const property = fc.asyncProperty(world, async (world) => {
    const { planner, outlook } = await played(world, false);
    const alone = { ...planner, scope: { trades: false, community: false } };
    const { model, columnName, headColumns } = communityProgram(alone, outlook);
    assertEquals(
      headColumns,
      world.config.endValue === "first-edition" ? planner.stores.length : 0,
    );
    const columns = (start: string) => named(model.cost.length, columnName, start);
    assertEquals(["peak", "ramp", "purchase", "sale"].flatMap(columns), []);
    assert(columns("net import").every((j) => model.upper[j] === Infinity));
    assert(columns("net import").every((j) => model.lower[j] === -Infinity));
    const { model: { cost }, columnName: nameTogether } = communityProgram(planner, outlook);
    const traders = ["purchase", "sale"].flatMap((start) =>
      named(cost.length, nameTogether, start)
    );
    assertEquals(traders, [], "nor does a community without trade exchange anything");
  });
  await fc.assert(property, { numRuns: cases(8, 20), seed: 14 });
});

Deno.test("program: columns and rows are numbered from 0 as they are added", () => {
  const { column, row } = createProgramBuilder();
  assertEquals([column("x", 1, 0, 1), column("y", 1, 0, 1)], [0, 1]);
  assertEquals([row("a", 0, 0), row("b", 0, 0)], [0, 1]);
});

Deno.test("program: a reserve holds at full discharge, and what idling leaves without", async () => {
  const leaky = {
    capacityKwh: 10,
    maxChargeKw: 5,
    maxDischargeKw: 4,
    chargeEfficiency: 0.9,
    dischargeEfficiency: 0.8,
    selfDischargePerHour: 0.05,
    socMin: 0.2,
    socMax: 0.9,
  };
  const property = fc.asyncProperty(world, between(0, 1), async ({ dataset, ...rest }, share) => {
    const prosumers = dataset.community.prosumers.map((each) => ({ ...each, battery: leaky }));
    const leaking = { ...dataset, community: { ...dataset.community, prosumers } };
    const { planner, outlook } = await played({ ...rest, dataset: leaking }, true);
    const { model, rowName, columnName } = communityProgram(planner, outlook);
    const { idleKwh, reserveKwh } = energyRange(
      planner.stores[0],
      outlook.energyKwh[0],
      10,
      (t) => t,
      outlook.slots,
    );
    const { id } = prosumers[0];
    const rows = named(model.rowLower.length, rowName, `reserve of ${id}'s battery`);
    const discharge = named(model.cost.length, columnName, `discharging of ${id}'s battery`);
    const stored = named(model.cost.length, columnName, `stored energy of ${id}'s battery`);
    rows.forEach((r, t) => {
      const perUnit = (column: number) => {
        const [first, end] = [model.rowStarts[r], model.rowStarts[r + 1]];
        return model.entryValues[first + model.entryColumns.subarray(first, end).indexOf(column)];
      };
      // The least stored energy at which the row holds.
      const least = (powerKw: number) =>
        (model.rowLower[r] - powerKw * perUnit(discharge[t])) / perUnit(stored[t]);
      assertAlmostEquals(least(0), idleKwh[t], 1e-12);
      assertAlmostEquals(least(4), reserveKwh[t], 1e-12);
      assertAlmostEquals(
        least(4 * share),
        idleKwh[t] + share * (reserveKwh[t] - idleKwh[t]),
        1e-12,
      );
    });
    assertEquals(rows.length, outlook.slots);
  });
  await fc.assert(property, { numRuns: 10, seed: 15 });
});
