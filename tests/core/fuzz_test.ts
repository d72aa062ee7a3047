import { assert, assertEquals, assertGreater } from "@std/assert";
import { EnergyMarketEnv, type MarketStep } from "../../lib/env/energy_market_env.ts";
import { clearOrders } from "../../lib/market/auction.ts";
import { attack } from "../harness/fuzz/attack.ts";
import { checkKinds, countCases, ownSubjects, type Subjects } from "../harness/fuzz/checks.ts";
import { watchAttack } from "../harness/fuzz/watch.ts";

/** The first failure that a fault in one of the parts leads to. */
async function firstFailure(faulty: Partial<Subjects>) {
  const subjects = { ...ownSubjects, ...faulty };
  const options = { seed: 3, cases: 20_000, failures: 1, shrinkMs: 1_000 };
  const { failures: [failure] } = await attack({ ...options, subjects });
  assert(failure !== undefined, "the fault was not found");
  return failure;
}

/** An environment whose steps are tampered with. */
function tampered(tamper: (step: MarketStep, env: EnergyMarketEnv) => void): Partial<Subjects> {
  class TamperedEnv extends EnergyMarketEnv {
    override step(): MarketStep {
      const result = super.step();
      tamper(result, this);
      return result;
    }
  }
  return { createEnv: (...args) => new TamperedEnv(...args) };
}

Deno.test("fuzz: thousands of hostile slots, books and stores break nothing", async () => {
  const { tally, failures } = await attack({ seed: 20_250_101, cases: 6_000, failures: 5 });
  assertEquals(failures, []);
  assertGreater(countCases(tally), 5_999);
  for (const kind of Object.keys(checkKinds) as (keyof typeof checkKinds)[]) {
    assertGreater(tally.checks[kind], 0, kind);
  }
});

Deno.test("fuzz: the same seed attacks with the same, and a trial can be played alone", async () => {
  const cut: Subjects["cut"] = (request, least, most) =>
    ownSubjects.cut(request, least, most) * (1 + 1e-9);
  const subjects = { ...ownSubjects, cut };
  const options = { seed: 5, cases: 2_000, failures: 2, subjects };
  const all = await attack(options);
  assertEquals(await attack(options), all);
  const [, second] = all.failures;
  const { failures } = await attack({
    ...options,
    cases: 1,
    failures: 1,
    firstTrial: second.trial,
  });
  assertEquals(failures, [second]);
});

Deno.test("fuzz: what fails is shrunk until nothing can be left out", async () => {
  const { shrunk, kind } = await firstFailure({
    clear(orders, options) {
      const clearing = clearOrders(orders, options);
      return orders.asks.length > 1 ? { ...clearing, volumeKwh: clearing.volumeKwh + 1 } : clearing;
    },
  });
  assertEquals(kind, "certificate");
  const { orders } = JSON.parse(shrunk.replaceAll("__proto__:null,", ""));
  // A book of two asks and nothing else, unless a world of two homes came first.
  if (orders !== undefined) assertEquals([orders.bids.length, orders.asks.length], [0, 2]);
});

const faults: readonly (readonly [what: string, kind: string, faulty: Partial<Subjects>])[] = [
  ["a filter that passes a millionth too much", "bounds", {
    cut: (request, least, most) => ownSubjects.cut(request, least, most) * (1 + 1e-6),
  }],
  ["a filter that throws", "exception", {
    cut() {
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
      observation.own[2] = NaN;
    }),
  ],
  [
    "a bill that somebody else does not pay",
    "violations",
    tampered(({ info }) => {
      info.bill[0] -= 1e-3;
    }),
  ],
  ["energy that vanishes", "energy", tampered(({ info }) => info.gridKwh[0] -= 1e-3)],
  [
    "a store that is fuller than it can be",
    "violations",
    tampered(({ info }) => {
      if (info.endEnergyKwh.length > 0) info.endEnergyKwh[0] += 1e-3;
    }),
  ],
  [
    "books with another price than the market's",
    "same book",
    tampered(({ info }) => {
      info.clearingPricePerKwh[0] += 1e-9;
    }),
  ],
  [
    "a flag too many",
    "flags",
    tampered(({ info }) => {
      if (info.reasons.length > 0) info.reasons[0] ^= 1;
    }),
  ],
  [
    "a slot that remembers the one before",
    "stateless",
    tampered(({ info }, { state }) => {
      info.volumeKwh[0] += 1e-12 * ++steps * state.step;
    }),
  ],
];
let steps = 0;
for (const [what, kind, faulty] of faults) {
  Deno.test(`fuzz: finds ${what}`, async () => {
    assertEquals((await firstFailure(faulty)).kind, kind);
  });
}

Deno.test("fuzz: a trial without end is noticed and named", async () => {
  const worker = new URL("../helpers/hanging_fuzz_worker.ts", import.meta.url);
  const order = { seed: 3, cases: 1_000, firstTrial: 0, failures: 2 };
  const { failures } = await watchAttack(order, 1_000, undefined, worker);
  // A store is asked for at most six powers.
  assertEquals(failures.map(({ kind, trial }) => [kind, trial > 100 / 6]), [["hang", true]]);
});
