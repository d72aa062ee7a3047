import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { batteryRequestKw, limitPricePerKwh, offeredShare } from "../../lib/env/action.ts";
import {
  chargeLimitKw,
  dischargeLimitKw,
  nextCapacityKwh,
  nextEnergyKwh,
  slotBattery,
} from "../../lib/physics/battery.ts";
import { stream } from "../../lib/random.ts";
import {
  type Action,
  feasibilityFilter,
  type FeasibleSet,
  Reason,
} from "../../lib/safety/feasibility_filter.ts";
import { anyNumber } from "../helpers/worlds.ts";
import { battery, between, dtHours, wildActions, world } from "../helpers/worlds.ts";

const runs = { numRuns: 3000, seed: 14 };

const request: fc.Arbitrary<Action> = fc.record({
  batteryKw: anyNumber,
  orderKwh: anyNumber,
  pricePerKwh: anyNumber,
});

/** What is possible, a fee that closes the market and devices that do not exist included. */
const possible: fc.Arbitrary<FeasibleSet> = fc.record({
  chargeLimitKw: between(0, 10),
  dischargeLimitKw: between(0, 10),
  netLoadKw: between(-10, 10),
  dtHours,
  lowestPricePerKwh: between(-0.2, 0.5),
  highestPricePerKwh: between(-0.2, 0.5),
});

const roomy: FeasibleSet = {
  chargeLimitKw: 3,
  dischargeLimitKw: 2,
  netLoadKw: 4,
  dtHours: 0.5,
  lowestPricePerKwh: 0.1,
  highestPricePerKwh: 0.3,
};

Deno.test("filter: a feasible request passes unchanged and without a reason", () => {
  const action = { batteryKw: -1, orderKwh: 1.5, pricePerKwh: 0.2 };
  assertEquals(feasibilityFilter(action, roomy), { action, reasons: 0, batteryChangeKwh: 0 });
});

Deno.test("filter: each number is cut by itself, with its reason and how far it was off", () => {
  const within = { batteryKw: 0, orderKwh: 1, pricePerKwh: 0.2 };
  const result = (change: Partial<Action>) => feasibilityFilter({ ...within, ...change }, roomy);
  const full = result({ batteryKw: 5 });
  assertEquals(full, {
    action: { ...within, batteryKw: 3 },
    reasons: Reason.battery,
    batteryChangeKwh: 1,
  });
  assertEquals(result({ batteryKw: -5 }).action.batteryKw, -2);
  assertEquals(result({ orderKwh: 5 }).action.orderKwh, 2);
  assertEquals(result({ orderKwh: 5 }).reasons, Reason.order);
  assertEquals(result({ orderKwh: -5 }).action.orderKwh, 0);
  assertEquals(result({ pricePerKwh: 1 }).action.pricePerKwh, 0.3);
  assertEquals(result({ pricePerKwh: -1 }).action.pricePerKwh, 0.1);
  assertEquals(result({ pricePerKwh: -1 }).reasons, Reason.price);
});

Deno.test("filter: what is not finite becomes idle and is flagged", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    const request = { batteryKw: value, orderKwh: value, pricePerKwh: value };
    assertEquals(feasibilityFilter(request, roomy), {
      action: { batteryKw: 0, orderKwh: 0, pricePerKwh: 0.1 },
      reasons: Reason.notFinite,
      batteryChangeKwh: 0,
    });
  }
  const priceless = feasibilityFilter({ batteryKw: 1, orderKwh: 2, pricePerKwh: NaN }, roomy);
  assertEquals(priceless.action, { batteryKw: 1, orderKwh: 0, pricePerKwh: 0.1 });
  assertEquals(priceless.reasons, Reason.notFinite | Reason.order);
});

Deno.test("filter: how far a request was off is finite, however far it was and long the slot", () => {
  const request = { batteryKw: Number.MAX_VALUE, orderKwh: 0, pricePerKwh: 0.2 };
  const { batteryChangeKwh } = feasibilityFilter(request, { ...roomy, dtHours: 24 });
  assertEquals(batteryChangeKwh, Number.MAX_VALUE);
});

Deno.test("filter: where no price helps both sides, nobody orders", () => {
  const closed = { ...roomy, lowestPricePerKwh: 0.3, highestPricePerKwh: 0.1 };
  const { action } = feasibilityFilter({ batteryKw: 0, orderKwh: 1, pricePerKwh: 0.2 }, closed);
  assertEquals(action, { batteryKw: 0, orderKwh: 0, pricePerKwh: 0.3 });
});

Deno.test("filter: where one price helps both sides, orders pass at it", () => {
  const narrow = { ...roomy, lowestPricePerKwh: 0.2, highestPricePerKwh: 0.2 };
  const { action } = feasibilityFilter({ batteryKw: 0, orderKwh: 1, pricePerKwh: 0.3 }, narrow);
  assertEquals(action, { batteryKw: 0, orderKwh: 1, pricePerKwh: 0.2 });
});

Deno.test("filter: every reason is a bit of its own, so that a sum of them can be read", () => {
  const bits = Object.values(Reason);
  for (const bit of bits) assertEquals(Math.log2(bit) % 1, 0, `${bit} is one bit`);
  assertEquals(new Set(bits).size, bits.length);
});

Deno.test("filter: twice is once, bit for bit, and the second time changes nothing", () => {
  fc.assert(
    fc.property(request, possible, (request, set) => {
      const once = feasibilityFilter(request, set);
      const twice = feasibilityFilter(once.action, set);
      for (const field of ["batteryKw", "orderKwh", "pricePerKwh"] as const) {
        assertStrictEquals(twice.action[field], once.action[field]);
      }
      assertEquals(twice.reasons, 0);
      assertEquals(twice.batteryChangeKwh, 0);
    }),
    runs,
  );
});

Deno.test("filter: whatever is asked for, the answer is finite and possible", () => {
  fc.assert(
    fc.property(request, possible, (request, set) => {
      const { action, batteryChangeKwh, reasons } = feasibilityFilter(request, set);
      const netKwh = (set.netLoadKw + action.batteryKw) * set.dtHours;
      assert(action.batteryKw >= -set.dischargeLimitKw && action.batteryKw <= set.chargeLimitKw);
      assert(action.orderKwh >= Math.min(0, netKwh) && action.orderKwh <= Math.max(0, netKwh));
      assert(action.pricePerKwh >= set.lowestPricePerKwh);
      assert(
        action.pricePerKwh <= Math.max(set.lowestPricePerKwh, set.highestPricePerKwh),
      );
      assert(Number.isFinite(batteryChangeKwh) && batteryChangeKwh >= 0);
      const same = request.batteryKw === action.batteryKw &&
        request.orderKwh === action.orderKwh && request.pricePerKwh === action.pricePerKwh;
      assertEquals(reasons === 0, same, "a change has a reason, and only a change");
    }),
    runs,
  );
});

Deno.test("filter: a battery never leaves its bounds by what the filter has passed", () => {
  fc.assert(
    fc.property(
      battery,
      dtHours,
      between(0, 1),
      anyNumber,
      (parameters, dtHours, fill, batteryKw) => {
        const device = slotBattery(parameters, dtHours);
        const { socMin, socMax, capacityKwh } = device;
        const energyKwh = Math.min(socMin + fill * (socMax - socMin), socMax) * capacityKwh;
        const { action } = feasibilityFilter({ batteryKw, orderKwh: 0, pricePerKwh: 0.2 }, {
          ...roomy,
          dtHours,
          chargeLimitKw: chargeLimitKw(device, energyKwh, capacityKwh),
          dischargeLimitKw: dischargeLimitKw(device, energyKwh, capacityKwh),
        });
        const end = nextEnergyKwh(device, energyKwh, action.batteryKw);
        const capacity = nextCapacityKwh(device, capacityKwh, action.batteryKw);
        assert(end <= socMax * capacity);
        assert(end >= Math.min(socMin * capacity, device.retention * energyKwh));
      },
    ),
    runs,
  );
});

Deno.test("filter: the environment applies this filter, flags and all, to every agent", () => {
  fc.assert(
    fc.property(world, ({ dataset, config, seed }) => {
      const { profiles, community: { prosumers } } = dataset;
      const unlimited = new Float64Array(profiles.grid.slots).fill(Infinity);
      const open = { ...profiles, gridImportLimitKw: unlimited, gridExportLimitKw: unlimited };
      const env = new EnergyMarketEnv({ ...dataset, profiles: open }, config);
      env.reset({ seed, firstSlots: [0] });
      const random = stream(seed, "actions");
      const actions = new Float64Array(env.rows * 3);
      const { slots, dtHours } = profiles.grid;
      for (let t = 0; t < slots; t++) {
        wildActions(random, actions);
        const charge = env.state.chargeLimitKw.slice();
        const discharge = env.state.dischargeLimitKw.slice();
        const { info } = env.step(actions);
        prosumers.forEach(({ battery }, i) => {
          const span = config.batteryAction;
          const rated = span === "rated" && battery !== null;
          const [raw, share, price] = [0, 1, 2].map((k) => readable(actions[i * 3 + k]));
          const batteryKw = rated
            ? batteryRequestKw(raw, battery.maxChargeKw, battery.maxDischargeKw, span)
            : batteryRequestKw(raw, charge[i], discharge[i], "feasible");
          const fee = config.market.networkFeePerKwh;
          const set = {
            chargeLimitKw: charge[i],
            dischargeLimitKw: discharge[i],
            netLoadKw: profiles.loadKw[i * slots + t] - profiles.pvKw[i * slots + t],
            dtHours,
            lowestPricePerKwh: profiles.feedInTariffPerKwh[t] + fee,
            highestPricePerKwh: profiles.importPricePerKwh[t] - fee,
          };
          const expected = feasibilityFilter({
            batteryKw,
            orderKwh: offeredShare(share) * info.netKwh[i],
            pricePerKwh: limitPricePerKwh(
              price,
              set.lowestPricePerKwh,
              set.highestPricePerKwh,
            ),
          }, set);
          assertEquals({
            action: {
              batteryKw: info.batteryKw[i],
              orderKwh: info.orderKwh[i],
              pricePerKwh: info.orderPricePerKwh[i],
            },
            reasons: info.reasons[i],
            batteryChangeKwh: info.interventionKwh[i],
          }, expected);
        });
      }
    }),
    { numRuns: 100, seed: 15 },
  );
});

/** Huge numbers are read as a million, so that a request does not overflow. */
function readable(raw: number): number {
  return Number.isFinite(raw) ? Math.max(-1e6, Math.min(1e6, raw)) : raw;
}
