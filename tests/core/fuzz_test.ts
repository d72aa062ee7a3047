import { assert, assertEquals, assertGreater } from "@std/assert";
import { EnergyMarketEnv, type MarketStep } from "../../lib/env/energy_market_env.ts";
import { clearOrders } from "../../lib/market/auction.ts";
import { feasibilityFilter } from "../../lib/safety/feasibility_filter.ts";
import { checkKinds, countCases, ownSubjects, type Subjects } from "../harness/fuzz/checks.ts";
import { attack } from "../harness/fuzz/attack.ts";
import { watchAttack } from "../harness/fuzz/watch.ts";

/** The first failure that a fault in one of the parts leads to. */
function firstFailure(faulty: Partial<Subjects>) {
  const subjects = { ...ownSubjects, ...faulty };
  const options = { seed: 3, cases: 20_000, failures: 1, shrinkMs: 1_000 };
  const { failures: [failure] } = attack({ ...options, subjects });
  assert(failure !== undefined, "the fault was not found");
  return failure;
}

/** An environment whose steps are tampered with. */
function tampered(tamper: (step: MarketStep, env: EnergyMarketEnv) => void): Partial<Subjects> {
  class TamperedEnv extends EnergyMarketEnv {
    override step(actions: Float64Array): MarketStep {
      const result = super.step(actions);
      tamper(result, this);
      return result;
    }
  }
  return { createEnv: (...args) => new TamperedEnv(...args) };
}

Deno.test("fuzz: thousands of hostile slots, books and actions break nothing", () => {
  const { tally, failures } = attack({ seed: 20_250_101, cases: 8_000, failures: 5 });
  assertEquals(failures, []);
  assertGreater(countCases(tally), 7_999);
  for (const kind of Object.keys(checkKinds) as (keyof typeof checkKinds)[]) {
    assertGreater(tally.checks[kind], 0, kind);
  }
});

Deno.test("fuzz: the same seed attacks with the same, and a trial can be played alone", () => {
  const filter: Subjects["filter"] = (requested, set) => {
    const result = feasibilityFilter(requested, set);
    return { ...result, reasons: 0 };
  };
  const subjects = { ...ownSubjects, filter };
  const all = attack({ seed: 5, cases: 2_000, failures: 2, subjects });
  assertEquals(attack({ seed: 5, cases: 2_000, failures: 2, subjects }), all);
  const [, second] = all.failures;
  const alone = attack({ seed: 5, cases: 1, failures: 1, firstTrial: second.trial, subjects });
  assertEquals(alone.failures, [second]);
});

Deno.test("fuzz: what fails is shrunk until nothing can be left out", () => {
  const { shrunk, kind } = firstFailure({
    clear(orders, options) {
      const clearing = clearOrders(orders, options);
      return orders.asks.length > 1 ? { ...clearing, volumeKwh: clearing.volumeKwh + 1 } : clearing;
    },
  });
  assertEquals(kind, "certificate");
  const { orders, plan } = JSON.parse(shrunk.replaceAll("__proto__:null,", ""));
  // A book of two asks and nothing else, or a world of two homes.
  if (orders !== undefined) assertEquals([orders.bids.length, orders.asks.length], [0, 2]);
  else assertEquals(plan.homes.length, 2);
});

const faults: readonly (readonly [what: string, kind: string, faulty: Partial<Subjects>])[] = [
  ["a filter that passes a trillionth too much", "idempotent", {
    filter(requested, set) {
      const result = feasibilityFilter(requested, set);
      const batteryKw = result.action.batteryKw * (1 - 1e-12);
      return { ...result, action: { ...result.action, batteryKw } };
    },
  }],
  ["a filter that throws", "exception", {
    filter() {
      throw new TypeError("a fuse has blown");
    },
  }],
  ["an auction that pays the seller's price", "certificate", {
    clear: (orders) => clearOrders(orders, { priceWeight: 0 }),
  }],
  ["a reward that is not the cost", "reward", tampered(({ reward }) => reward[0] += 1e-9)],
  [
    "an observation that is no number",
    "finite",
    tampered(({ observation }) => {
      observation[7] = NaN;
    }),
  ],
  [
    "a bill that is a millionth too high",
    "no worse",
    tampered(({ info }) => {
      for (let row = 0; row < info.bill.length; row++) info.bill[row] += 1e-6;
    }),
  ],
  ["a bill that somebody else does not pay", "money", tampered(({ info }) => info.bill[0] -= 1e-6)],
  ["energy that vanishes", "energy", tampered(({ info }) => info.gridKwh[0] -= 1e-6)],
  [
    "a store that is fuller than it can be",
    "violations",
    tampered(({ info }) => {
      info.energyKwh[0] += 1e-6;
    }),
  ],
  [
    "an environment that clears another book",
    "same book",
    tampered(({ info }) => {
      info.volumeKwh[0] *= 1 + 1e-15;
    }),
  ],
];
for (const [what, kind, faulty] of faults) {
  Deno.test(`fuzz: finds ${what}`, () => assertEquals(firstFailure(faulty).kind, kind));
}

Deno.test("fuzz: a trial without end is noticed and named", async () => {
  const worker = new URL("../helpers/hanging_fuzz_worker.ts", import.meta.url);
  const order = { seed: 3, cases: 1_000, firstTrial: 0, failures: 2 };
  const { failures, trials } = await watchAttack(order, 1_000, undefined, worker);
  assertEquals(failures.map(({ kind, trial }) => [kind, trial === trials]), [["hang", true]]);
});
