import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Dataset } from "../../lib/data/profiles.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { applyConnectionLimit } from "../../lib/env/connection.ts";
import { createWorld, type World } from "../../lib/env/world.ts";
import { made, withDevices } from "../helpers/devices.ts";
import { smallCommunity } from "../helpers/small_community.ts";
import { between } from "../helpers/worlds.ts";

const config = environmentConfigSchema.parse({ episodeDays: 1, market: { orders: "inelastic" } });

/** Load, sun and the power of its stores, by home. [kW] */
type Home = readonly [load: number, pv: number, ...stores: readonly number[]];

/** Two communities of homes in whose books stand these powers; the first is left alone. */
function worldOf(homes: readonly Home[]): World {
  const plain = smallCommunity();
  const prosumers = homes.map((_, i) => ({ id: `home-${i}`, pvCapacityKw: 0, battery: null }));
  const alone: Dataset = {
    community: { ...plain.community, prosumers },
    profiles: {
      ...plain.profiles,
      loadKw: new Float64Array(24 * homes.length),
      pvKw: new Float64Array(24 * homes.length),
    },
  };
  const devices = homes.map(([, , ...powers]) =>
    powers.map((_, k) => made({ name: `store-${k}` }))
  );
  const world = createWorld(withDevices(alone, devices), config, 2, 24);
  const { ledger, stores } = world;
  const powers = homes.flatMap(([, , ...powers]) => powers);
  for (const column of [ledger.unservedKw, ledger.curtailedKw]) column.fill(NaN);
  for (const c of [0, 1]) {
    ledger.loadKw.set(homes.map(([load]) => load), c * homes.length);
    ledger.pvKw.set(homes.map(([, pv]) => pv), c * homes.length);
    ledger.powerKw.set(powers, c * stores.length);
  }
  return world;
}

/** Limits the second community and shows its stores, and what is unserved and curtailed. */
function limited(homes: readonly Home[], importLimitKw: number, exportLimitKw: number) {
  const world = worldOf(homes);
  const { ledger, stores } = world;
  const before = [...ledger.powerKw.subarray(0, stores.length)];
  const changed = applyConnectionLimit(world, 1, importLimitKw, exportLimitKw);
  assertEquals([...ledger.powerKw.subarray(0, stores.length)], before, "not of this community");
  assert(ledger.unservedKw.subarray(0, homes.length).every(Number.isNaN));
  return {
    changed,
    power: [...ledger.powerKw.subarray(stores.length)].map((kw) => kw + 0),
    unserved: [...ledger.unservedKw.subarray(homes.length)],
    curtailed: [...ledger.curtailedKw.subarray(homes.length)],
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const table: readonly (readonly [
  what: string,
  homes: readonly Home[],
  limits: readonly [importKw: number, exportKw: number],
  expected: Partial<ReturnType<typeof limited>>,
])[] = [
  // 12 kW wanted, 2 too much, of 8 kW charging in three stores.
  [
    "charging goes first, pro rata, also of two stores in a home",
    [[4, 0, 3, 3], [2, 0, 2], [0, 1, -1]],
    [10, Infinity],
    { changed: true, power: [2.25, 2.25, 1.5, -1], unserved: [0, 0, 0], curtailed: [0, 0, 0] },
  ],
  [
    "load is shed pro rata once nothing charges any more",
    [[6, 0, 3], [2, 0, 0]],
    [6, Infinity],
    { power: [0, 0], unserved: [1.5, 0.5], curtailed: [0, 0] },
  ],
  [
    "discharging goes first over the export limit",
    [[0, 4, -6], [1, 0, -2], [0, 0, 1]],
    [Infinity, 6],
    { power: [-3, -1, 1], curtailed: [0, 0, 0] },
  ],
  [
    "sun is curtailed pro rata once nothing discharges",
    [[0, 9, -2], [1, 3, 0]],
    [Infinity, 3],
    { power: [0, 0], unserved: [0, 0], curtailed: [6, 2] },
  ],
  ["at the limit nothing changes", [[4, 0, 6], [2, 0, -3]], [9, 0], {
    changed: false,
    power: [6, -3],
    unserved: [0, 0],
    curtailed: [0, 0],
  }],
  ["an outage leaves exactly what there is", [[3, 1, 2], [1, 0, -1]], [0, 0], {
    power: [0, -1],
    unserved: [1.5, 0.5],
  }],
  ["an outage in which only stores ask sheds nothing", [[0, 0, 2], [0, 0, 0]], [0, 0], {
    power: [0, 0],
    unserved: [0, 0],
    curtailed: [0, 0],
  }],
];
for (const [what, homes, [importKw, exportKw], expected] of table) {
  Deno.test(`connection: ${what}`, () => {
    assertEquals(
      { ...limited(homes, importKw, exportKw), ...expected },
      limited(homes, importKw, exportKw),
    );
  });
}

Deno.test("connection: limits hold, no more is cut than they demand, and twice is once", () => {
  const home = fc.tuple(between(0, 10), between(0, 15), between(-8, 8));
  const limit = fc.oneof(fc.constantFrom(0, Infinity), between(0, 30));
  const property = fc.property(
    fc.array(home, { minLength: 1, maxLength: 8 }),
    limit,
    limit,
    (homes, importKw, exportKw) => {
      const { power, unserved, curtailed, changed } = limited(homes, importKw, exportKw);
      const wanted = sum(homes.map(([load, pv, store]) => load - pv + store));
      const served = homes.map(([load, pv, store], i): Home => {
        assert(unserved[i] >= 0 && unserved[i] <= load && curtailed[i] >= 0 && curtailed[i] <= pv);
        assert(Math.abs(power[i]) <= Math.abs(store) && power[i] * store >= 0);
        return [load - unserved[i], pv - curtailed[i], power[i]];
      });
      const net = sum(served.map(([load, pv, store]) => load - pv + store));
      const bound = Math.min(importKw, Math.max(-exportKw, wanted));
      assertAlmostEquals(net, bound, 1e-9);
      const cut = homes.some(([, , store], i) => power[i] !== store) ||
        sum(unserved) + sum(curtailed) > 0;
      assert(changed || !cut, "nothing is cut without saying so");
      const again = limited(served, importKw, exportKw);
      again.power.forEach((kw, i) => assertAlmostEquals(kw, power[i], 1e-9));
      assertAlmostEquals(sum(again.unserved) + sum(again.curtailed), 0, 1e-9);
    },
  );
  fc.assert(property, { numRuns: 500, seed: 12 });
});
