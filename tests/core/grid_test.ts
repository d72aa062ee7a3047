import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { applyCommunityLimit, type CommunityPowers, emissionsKg } from "../../lib/physics/grid.ts";
import { between } from "../helpers/worlds.ts";

const runs = { numRuns: 2000, seed: 12 };

function powersOf(homes: readonly (readonly [load: number, pv: number, battery: number])[]) {
  const column = (k: 0 | 1 | 2) => Float64Array.from(homes, (home) => home[k]);
  return {
    loadKw: column(0),
    pvKw: column(1),
    batteryKw: column(2),
    unservedKw: new Float64Array(homes.length).fill(NaN),
    curtailedKw: new Float64Array(homes.length).fill(NaN),
  };
}

const powers = fc.array(
  fc.tuple(between(0, 10), between(0, 15), between(-8, 8)),
  { minLength: 1, maxLength: 8 },
).map(powersOf);

const limit = fc.oneof(fc.constantFrom(0, Infinity), between(0, 30));

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

function netKw({ loadKw, pvKw, batteryKw, unservedKw, curtailedKw }: CommunityPowers): number {
  return sum(loadKw) - sum(unservedKw) - sum(pvKw) + sum(curtailedKw) + sum(batteryKw);
}

Deno.test("grid: over the import limit, charging goes first, pro rata, before any load is shed", () => {
  const powers = powersOf([[4, 0, 6], [2, 0, 2], [0, 1, -1]]);
  assert(applyCommunityLimit(powers, 10, Infinity));
  // 12 kW wanted, 2 too much, of 8 kW charging.
  assertEquals([...powers.batteryKw], [4.5, 1.5, -1]);
  assertEquals([...powers.unservedKw], [0, 0, 0]);
  assertEquals([...powers.curtailedKw], [0, 0, 0]);
});

Deno.test("grid: load is shed pro rata once nothing charges any more", () => {
  const powers = powersOf([[6, 0, 3], [2, 0, 0]]);
  assert(applyCommunityLimit(powers, 6, Infinity));
  assertEquals([...powers.batteryKw], [0, 0]);
  assertEquals([...powers.unservedKw], [1.5, 0.5]);
});

Deno.test("grid: over the export limit, discharging goes first, pro rata, before PV is curtailed", () => {
  const powers = powersOf([[0, 4, -6], [1, 0, -2], [0, 0, 1]]);
  assert(applyCommunityLimit(powers, Infinity, 6));
  assertEquals([...powers.batteryKw], [-3, -1, 1]);
  assertEquals([...powers.curtailedKw], [0, 0, 0]);
  const sunny = powersOf([[0, 9, -2], [1, 3, 0]]);
  assert(applyCommunityLimit(sunny, Infinity, 3));
  assertEquals([...sunny.batteryKw], [-0, 0]);
  assertEquals([...sunny.curtailedKw], [6, 2]);
  assertEquals([...sunny.unservedKw], [0, 0]);
});

Deno.test("grid: at the limit nothing changes", () => {
  const powers = powersOf([[4, 0, 6], [2, 0, -3]]);
  assert(!applyCommunityLimit(powers, 9, 0));
  assertEquals([...powers.batteryKw], [6, -3]);
  assertEquals([...powers.unservedKw, ...powers.curtailedKw], [0, 0, 0, 0]);
  assert(!applyCommunityLimit(powersOf([[0, 5, -3], [1, 0, 0]]), 0, 7));
});

Deno.test("grid: the limits hold to 1e-9, and what is cut is within what there was", () => {
  fc.assert(
    fc.property(powers, limit, limit, (powers, importLimitKw, exportLimitKw) => {
      const wanted = powers.batteryKw.slice();
      const limited = applyCommunityLimit(powers, importLimitKw, exportLimitKw);
      const net = netKw(powers);
      assert(net <= importLimitKw + 1e-9 && -net <= exportLimitKw + 1e-9, `net ${net} kW`);
      powers.loadKw.forEach((loadKw, i) => {
        assert(powers.unservedKw[i] >= 0 && powers.unservedKw[i] <= loadKw);
        assert(powers.curtailedKw[i] >= 0 && powers.curtailedKw[i] <= powers.pvKw[i]);
        assert(Math.abs(powers.batteryKw[i]) <= Math.abs(wanted[i]));
        assert(powers.batteryKw[i] * wanted[i] >= 0, "a limit reverses no battery");
      });
      const cut = wanted.some((powerKw, i) => powers.batteryKw[i] !== powerKw) ||
        sum(powers.unservedKw) + sum(powers.curtailedKw) > 0;
      assert(limited || !cut, "nothing is cut without saying so");
    }),
    runs,
  );
});

Deno.test("grid: no more is cut than the limit demands", () => {
  fc.assert(
    fc.property(powers, between(0, 30), (powers, limitKw) => {
      if (!applyCommunityLimit(powers, limitKw, limitKw)) return;
      assertAlmostEquals(Math.abs(netKw(powers)), limitKw, 1e-9);
    }),
    runs,
  );
});

Deno.test("grid: what is within the limit stays as it is when limited again", () => {
  fc.assert(
    fc.property(powers, limit, limit, (powers, importLimitKw, exportLimitKw) => {
      applyCommunityLimit(powers, importLimitKw, exportLimitKw);
      const once = structuredClone(powers);
      applyCommunityLimit(powers, importLimitKw, exportLimitKw);
      for (const name of ["batteryKw", "unservedKw", "curtailedKw"] as const) {
        once[name].forEach((value, i) => assertAlmostEquals(powers[name][i], value, 1e-12));
      }
    }),
    runs,
  );
});

Deno.test("grid: an outage leaves the community with exactly what it has", () => {
  const powers = powersOf([[3, 1, 2], [1, 0, -1]]);
  applyCommunityLimit(powers, 0, 0);
  assertEquals([...powers.unservedKw], [1.5, 0.5]);
  assertEquals(netKw(powers), 0);
});

Deno.test("grid: an outage in which nothing but batteries asks for energy sheds and curtails none", () => {
  for (const batteryKw of [2, -2]) {
    const powers = powersOf([[0, 0, batteryKw], [0, 0, 0]]);
    assert(applyCommunityLimit(powers, 0, 0));
    assertEquals(netKw(powers), 0);
    assertEquals([...powers.unservedKw, ...powers.curtailedKw], [0, 0, 0, 0]);
  }
});

Deno.test("grid: a community's limit touches neither neighbour in the array", () => {
  for (const [home, field] of [[[5, 0, 9], "unservedKw"], [[0, 5, -9], "curtailedKw"]] as const) {
    const powers = powersOf([home, home, home]);
    applyCommunityLimit(powers, 0, 0, 1, 2);
    assertEquals([...powers[field]], [NaN, 5, NaN]);
    assertEquals([...powers.batteryKw].map(Math.abs), [9, 0, 9]);
  }
});

Deno.test("grid: communities in one array are limited each by itself", () => {
  const powers = powersOf([[5, 0, 0], [8, 0, 0]]);
  applyCommunityLimit(powers, 4, Infinity, 1, 2);
  assertEquals([...powers.unservedKw], [NaN, 4]);
});

Deno.test("grid: imports emit, exports earn no credit", () => {
  assertEquals(emissionsKg(2, 0.25), 0.5);
  assertEquals(emissionsKg(0.5, 0.25), 0.125);
  assertEquals(emissionsKg(0, 0.25), 0);
  assertEquals(emissionsKg(-2, 0.25), 0);
});
