import { assertAlmostEquals, assertGreater } from "@std/assert";
import { type Meeting, waitingSlopes } from "../../lib/policies/waiting_values.ts";
import { stream } from "../../lib/random.ts";
import type { Store } from "../../lib/stores/store.ts";

const CELLS = 40;
const WEAR = 0.01;
const END = 0.2;

/** A store that waits, with random columns; energies are multiples of a tenth of a kWh. */
function drawStore(seed: number): Store {
  const random = stream(seed, "store"), slots = 12;
  const column = (draw: () => number) => Float64Array.from({ length: slots }, draw);
  const tenths = (most: number) => random.below(10 * most + 1) / 10;
  return {
    kind: "tank",
    name: "tank",
    owner: 0,
    dtHours: 0.25,
    retention: 1,
    effectiveHours: 0.25,
    dischargeEfficiency: 1,
    ratedChargeKw: 4,
    ratedDischargeKw: 4,
    nominalKwh: 8,
    unmetPricePerKwh: 0.7,
    stride: 1,
    chargeKw: column(() => 4 * tenths(1)),
    dischargeKw: column(() => seed % 2 === 0 ? 0 : 4 * tenths(1)),
    chargeEfficiency: column(() => 1),
    leastKwh: column(() => random.uniform() < 0.2 ? tenths(5) : 0),
    floorKwh: new Float64Array(slots),
    mostKwh: new Float64Array(slots).fill(8),
    drainKwh: column(() => random.uniform() < 0.3 ? tenths(1) : 0),
    knownSlots: new Float64Array(slots).fill(1),
    leavingChance: null,
    efficiencyByPower: null,
    powerShareBySoc: null,
    capacityLossCoefficient: 0,
  };
}

function drawPrices(seed: number, slots: number): Meeting[] {
  const random = stream(seed, "prices");
  return Array.from(
    { length: slots },
    (_, slot) => ({
      slot,
      pricePerKwh: 0.1 + 0.4 * random.uniform(),
      belowPeakKwh: random.below(11) / 10,
      peakPerKwh: seed % 3 === 0 ? 0 : 0.3 * random.uniform(),
    }),
  );
}

/** The value of energy at the end of slot `t`, by trying every tenth of a kWh, slot by slot. */
function searched(store: Store, ahead: readonly Meeting[]) {
  const tenths = Math.round(10 * store.nominalKwh);
  const missed = store.unmetPricePerKwh!;
  const later = (k: number): Float64Array => {
    const end = Float64Array.from({ length: tenths + 1 }, (_, e) => END * e / 10);
    const start = k + 1 === ahead.length ? end : valueAtStart(k + 1);
    const least = Math.round(10 * store.leastKwh[k]);
    const supplied = start.map((_, e) =>
      start[Math.max(e, least)] - missed * Math.max(0, least - e) / 10
    );
    return supplied;
  };
  const valueAtStart = (k: number): Float64Array => {
    const value = later(k), { pricePerKwh, belowPeakKwh, peakPerKwh } = ahead[k];
    const up = Math.round(10 * store.chargeKw[k] / 4),
      down = Math.round(10 * store.dischargeKw[k] / 4);
    const drain = Math.round(10 * store.drainKwh[k]);
    return Float64Array.from({ length: tenths + 1 }, (_, e) => {
      let best = -Infinity;
      for (let y = -down; y <= up; y++) {
        const to = e - drain + y;
        if (to > tenths) break;
        const beyond = Math.max(0, y / 10 - belowPeakKwh);
        const cost = (y > 0 ? pricePerKwh : pricePerKwh - WEAR) * y / 10 + peakPerKwh * beyond;
        const lacking = Math.max(0, -to);
        best = Math.max(best, value[Math.max(0, to)] - missed * lacking / 10 - cost);
      }
      return best;
    });
  };
  return later(0);
}

Deno.test("waiting values: slopes are those of a search over every tenth of a kWh", () => {
  for (let seed = 0; seed < 40; seed++) {
    const store = drawStore(seed), ahead = drawPrices(seed, 12);
    const slopes = waitingSlopes(store, ahead, END, WEAR, new Float64Array(CELLS));
    const value = searched(store, ahead);
    // A cell is two tenths of a kWh.
    slopes.forEach((slope, j) =>
      assertAlmostEquals(slope, (value[2 * j + 2] - value[2 * j]) / 0.2, 1e-9, `seed ${seed}, ${j}`)
    );
  }
});

Deno.test("waiting values: a car that will leave for sure in a slot is charged as for a departure that is announced", () => {
  const slots = 12, required = 6, leaves = 7;
  for (let seed = 0; seed < 20; seed += 2) {
    const drawn = drawStore(seed);
    const there = new Float64Array(slots).fill(4);
    const store = {
      ...drawn,
      ratedDischargeKw: 0,
      chargeKw: there,
      leastKwh: new Float64Array(slots),
      drainKwh: new Float64Array(slots),
    };
    const ahead = drawPrices(seed, slots);
    const announced = {
      ...store,
      leastKwh: store.leastKwh.map((_, t) => t === leaves ? required : 0),
    };
    const chance = Array.from({ length: slots }, (_, t) => t === leaves ? 1 : 0);
    const hedged = waitingSlopes(store, ahead, 0, WEAR, new Float64Array(CELLS), {
      chance,
      requiredKwh: required,
    });
    const known = waitingSlopes(announced, ahead, 0, WEAR, new Float64Array(CELLS));
    hedged.forEach((slope, j) => assertAlmostEquals(slope, known[j], 1e-12, `${seed}, cell ${j}`));
    assertGreater(hedged[0], 0);
    const unlikely = waitingSlopes(store, ahead, 0, WEAR, new Float64Array(CELLS), {
      chance: chance.map((each) => each / 10),
      requiredKwh: required,
    });
    // A tenth of what missing it costs is less than any price: nobody buys for that.
    unlikely.forEach((slope, j) =>
      assertAlmostEquals(slope, j < required / 8 * CELLS ? 0.07 : 0, 1e-12, `${seed}, cell ${j}`)
    );
  }
});
