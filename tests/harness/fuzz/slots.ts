/**
 * Cases of one slot of one community: worlds are played with hostile actions, and every slot is
 * checked.
 *
 * @module
 */

import { applyScenario } from "../../../lib/data/scenarios.ts";
import type { Ledger } from "../../../lib/env/columns.ts";
import type { EnergyMarketEnv, MarketStep } from "../../../lib/env/energy_market_env.ts";
import { Reason } from "../../../lib/env/reasons.ts";
import { audit } from "../../../lib/evaluation/audit.ts";
import { createRecords, recordSlot } from "../../../lib/evaluation/records.ts";
import type { Order } from "../../../lib/market/auction.ts";
import { mechanismNamed } from "../../../lib/market/mechanisms/mod.ts";
import { stream } from "../../../lib/random.ts";
import { onNetwork } from "../../helpers/feeders.ts";
import { buildDataset } from "../../helpers/worlds.ts";
import { checkCertificate } from "./books.ts";
import { alike, check, type Subjects, type Tally } from "./checks.ts";
import { createDecide, type HostileWorld } from "./hostile.ts";

/** One slot in so many is played twice. */
const TWICE_EVERY = 8;

/** Plays an episode of a world and checks every slot of every community. */
export async function checkWorld(
  world: HostileWorld,
  subjects: Subjects,
  tally: Tally,
): Promise<void> {
  const { plan, communities, feeder } = world;
  const { config, seed } = plan;
  const plain = applyScenario(buildDataset(plan), world.scenario);
  // Operating envelopes are cut out of curves.
  const dataset = feeder === null || config.market.orders !== "curves"
    ? plain
    : onNetwork(plain, feeder);
  const env = subjects.createEnv(dataset, config, communities);
  const random = stream(seed, "first slots");
  const room = dataset.profiles.grid.slots - env.slotsPerEpisode + 1;
  const firstSlots = Array.from({ length: communities }, () => random.below(room));
  const records = createRecords("fuzz", firstSlots, env);
  checkObservation(env.reset({ seed, firstSlots }), tally);
  const decide = await createDecide(world, env);
  for (let step = 0; step < env.slotsPerEpisode; step++) {
    decide(step);
    const numbers = env.decision.numbers.slice();
    const { stepCount, stepFromKwh, stepValuePerKwh } = env.decision.curves;
    const said = structuredClone({ stepCount, stepFromKwh, stepValuePerKwh });
    const start = env.snapshot();
    const result = env.step();
    recordSlot(records, result.info, step);
    checkRewards(result, tally);
    checkFlags(env, numbers, said.stepCount, result.info, tally);
    // A step forgets the curves that it cleared; the certificate reads them.
    env.book?.stepCount.set(said.stepCount);
    for (let c = 0; c < communities; c++) {
      tally.cases.slot++;
      checkSums(env, result.info, c, tally);
      checkMarket(env, result.info, c, subjects, tally);
    }
    env.book?.stepCount.fill(0);
    if (step % TWICE_EVERY === 0) checkStateless(env, start, numbers, said, result.info, tally);
  }
  const found = audit(records, dataset);
  check(tally, "violations", found.total === 0, () => `the audit found ${JSON.stringify(found)}`);
}

function checkObservation({ common, own }: MarketStep["observation"], tally: Tally): void {
  checkFinite(common, "common", tally);
  checkFinite(own, "own", tally);
}

function checkRewards({ observation, reward, info }: MarketStep, tally: Tally): void {
  checkObservation(observation, tally);
  const columns = ["netKwh", "tradedKwh", "gridKwh", "powerKw", "endEnergyKwh", "bill", "cost"];
  for (const name of columns as (keyof Ledger)[]) {
    checkFinite(info[name] as Float64Array, name, tally);
  }
  const row = reward.findIndex((value, row) => value !== -info.cost[row]);
  check(tally, "reward", row < 0, () => `${reward[row]} for a cost of ${info.cost[row]}`);
}

function checkFinite(values: Float64Array, name: string, tally: Tally): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  check(tally, "finite", index < 0, () => `${name}[${index}] is ${values[index]}`);
}

/** A store has the reason `notFinite` if and only if one of its numbers is not. */
function checkFlags(
  { world: { stores, homes, spaces } }: EnergyMarketEnv,
  numbers: Float64Array,
  stepCount: Int32Array,
  { reasons }: Ledger,
  tally: Tally,
): void {
  const { names, orders } = spaces.action;
  const each = orders === "curves" ? 2 : 1;
  const store = reasons.findIndex((bits, k) => {
    if (orders === "curves" && stepCount[k] > 0) return false;
    const s = k % stores.length;
    const row = Math.floor(k / stores.length) * homes + stores[s].owner;
    const at = row * names.length + each * spaces.slotOfStore[s];
    return ((bits & Reason.notFinite) === 0) !==
      numbers.subarray(at, at + each).every(Number.isFinite);
  });
  check(tally, "flags", store < 0, () => `store ${store} has the reasons ${reasons[store]}`);
}

/** Energy of the community together. */
function checkSums(
  { homes, dataset }: EnergyMarketEnv,
  ledger: Ledger,
  c: number,
  tally: Tally,
): void {
  const { dtHours } = dataset.profiles.grid;
  let traded = 0, moved = 0, net = 0, grid = 0, flows = 0;
  for (let row = c * homes; row < (c + 1) * homes; row++) {
    traded += ledger.tradedKwh[row];
    // What is left over of a load carries the rounding of the load.
    moved += Math.abs(ledger.tradedKwh[row]) + (ledger.loadKw[row] + ledger.pvKw[row]) * dtHours;
    net += ledger.netKwh[row];
    grid += ledger.gridKwh[row];
    flows += Math.abs(ledger.netKwh[row]) + Math.abs(ledger.gridKwh[row]);
  }
  const slot = ledger.slot[c];
  const balanced = alike(traded, 0, moved);
  check(tally, "energy", balanced, () => `trades sum to ${traded} kWh (slot ${slot})`);
  const flowing = alike(net, grid, flows + moved);
  check(tally, "energy", flowing, () => `${net} kWh wanted, ${grid} flow (slot ${slot})`);
}

/** Certifies what cleared; limit orders are cleared once more by the auction. */
function checkMarket(
  env: EnergyMarketEnv,
  ledger: Ledger,
  c: number,
  { clear }: Subjects,
  tally: Tally,
): void {
  const { homes, config: { market }, book } = env;
  const slot = ledger.slot[c];
  if (book !== null) {
    const { valid, promises } = mechanismNamed(market.mechanism).certify(book, c);
    check(tally, "certificate", valid, () => {
      const broken = Object.entries(promises).filter(([, { holds }]) => !holds);
      return `slot ${slot} under ${market.mechanism} breaks ${JSON.stringify(broken)}`;
    });
    const same = Object.is(ledger.clearingPricePerKwh[c], book.pricePerKwh[c]);
    check(tally, "same book", same, () => `the books have another price in slot ${slot}`);
    return;
  }
  if (market.mechanism === "grid-only") return;
  const { priceWeight } = market;
  const bids: Order[] = [], asks: Order[] = [];
  const rows = Array.from({ length: homes }, (_, i) => c * homes + i);
  for (const row of rows) {
    const quantity = ledger.orderKwh[row];
    if (quantity === 0) continue;
    (quantity > 0 ? bids : asks).push({
      id: String(row),
      quantityKwh: Math.abs(quantity),
      pricePerKwh: ledger.orderPricePerKwh[row],
    });
  }
  const orders = { bids, asks };
  const clearing = clear(orders, { priceWeight });
  checkCertificate(orders, clearing, priceWeight, tally);
  const fill = (row: number) => clearing.fills.get(String(row)) ?? 0;
  const same = rows.every((row) => Math.abs(ledger.tradedKwh[row]) === fill(row)) &&
    ledger.volumeKwh[c] === clearing.volumeKwh &&
    Object.is(ledger.clearingPricePerKwh[c], clearing.clearingPrice ?? NaN);
  check(
    tally,
    "same book",
    same,
    () =>
      `${ledger.volumeKwh[c]} kWh at ${
        ledger.clearingPricePerKwh[c]
      } in slot ${slot}, the auction ` +
      `clears ${clearing.volumeKwh} kWh at ${clearing.clearingPrice}`,
  );
}

/** Plays the slot again, from where it began. */
function checkStateless(
  env: EnergyMarketEnv,
  start: ReturnType<EnergyMarketEnv["snapshot"]>,
  numbers: Float64Array,
  said: Pick<
    EnergyMarketEnv["decision"]["curves"],
    "stepCount" | "stepFromKwh" | "stepValuePerKwh"
  >,
  info: Ledger,
  tally: Tally,
): void {
  const first = structuredClone(info);
  env.restore(start);
  const { curves } = env.decision;
  env.decision.numbers.set(numbers);
  curves.stepCount.set(said.stepCount);
  curves.stepFromKwh.set(said.stepFromKwh);
  curves.stepValuePerKwh.set(said.stepValuePerKwh);
  const again = env.step().info;
  const other = (Object.keys(first) as (keyof Ledger)[]).find((name) =>
    first[name].some((value, k) => !Object.is(value, again[name][k]))
  );
  check(tally, "stateless", other === undefined, () => `${other} is another the second time`);
}
