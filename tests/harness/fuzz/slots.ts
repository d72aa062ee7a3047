/**
 * Cases of one slot of one community: worlds are played with hostile actions, and every slot is
 * checked.
 *
 * @module
 */

import type { Dataset } from "../../../lib/data/profiles.ts";
import { applyScenario } from "../../../lib/data/scenarios.ts";
import { ACTION_SIZE } from "../../../lib/env/action.ts";
import type { MarketStep } from "../../../lib/env/energy_market_env.ts";
import type { Ledger } from "../../../lib/env/ledger.ts";
import { audit } from "../../../lib/evaluation/audit.ts";
import { createRecords, recordSlot } from "../../../lib/evaluation/records.ts";
import type { Order } from "../../../lib/market/auction.ts";
import { stream } from "../../../lib/random.ts";
import { Reason } from "../../../lib/safety/feasibility_filter.ts";
import { buildDataset, type WorldPlan } from "../../helpers/worlds.ts";
import { checkIdempotent } from "./actions.ts";
import { checkCertificate } from "./books.ts";
import { alike, check, type Subjects, type Tally } from "./checks.ts";
import { createDecide, type HostileWorld } from "./hostile.ts";

/** Plays an episode of a world and checks every slot of every community. */
export function checkWorld(world: HostileWorld, subjects: Subjects, tally: Tally): void {
  const { plan, communities } = world;
  const { config, seed } = plan;
  const dataset = applyScenario(buildDataset(plan), world.scenario);
  const env = subjects.createEnv(dataset, config, communities);
  const random = stream(seed, "first slots");
  const room = dataset.profiles.grid.slots - env.slotsPerEpisode + 1;
  const firstSlots = Array.from({ length: communities }, () => random.below(room));
  const records = createRecords("fuzz", firstSlots, env.slotsPerEpisode, env.prosumers);
  const decide = createDecide(world, env);
  const actions = new Float64Array(env.rows * ACTION_SIZE);
  checkFinite(env.reset({ seed, firstSlots }), "observation", tally);
  for (let step = 0; step < env.slotsPerEpisode; step++) {
    decide(actions, step);
    const limits = {
      chargeLimitKw: env.state.chargeLimitKw.slice(),
      dischargeLimitKw: env.state.dischargeLimitKw.slice(),
    };
    const result = env.step(actions);
    recordSlot(records, result.info, step);
    checkRewards(result, tally);
    checkFlags(actions, result.info, tally);
    for (let c = 0; c < communities; c++) {
      tally.cases.slot++;
      const slot: Slot = { plan, dataset, ledger: result.info, c, t: firstSlots[c] + step };
      checkSums(slot, tally);
      checkMarket(slot, subjects, tally);
      checkPassed(slot, limits, subjects, tally);
    }
  }
  const found = audit(records, dataset, config);
  check(tally, "violations", found.total === 0, () => `the audit found ${JSON.stringify(found)}`);
}

/** One slot of one community. */
interface Slot {
  readonly plan: WorldPlan;
  readonly dataset: Dataset;
  readonly ledger: Ledger;
  /** The community. */
  readonly c: number;
  /** The slot in the data set. */
  readonly t: number;
}

function checkRewards({ observation, reward, info }: MarketStep, tally: Tally): void {
  checkFinite(observation, "observation", tally);
  for (const name of ["netKwh", "orderKwh", "tradedKwh", "energyKwh", "bill", "cost"] as const) {
    checkFinite(info[name], name, tally);
  }
  const row = reward.findIndex((value, row) => value !== -info.cost[row]);
  check(tally, "reward", row < 0, () => `${reward[row]} for a cost of ${info.cost[row]}`);
}

/** An action has the reason `notFinite` if and only if one of its numbers is not. */
function checkFlags(actions: Float64Array, { reasons }: Ledger, tally: Tally): void {
  const row = reasons.findIndex((bits, row) => {
    const action = actions.subarray(row * ACTION_SIZE, (row + 1) * ACTION_SIZE);
    return ((bits & Reason.notFinite) === 0) !== action.every(Number.isFinite);
  });
  check(
    tally,
    "flags",
    row < 0,
    () =>
      `(${actions.subarray(row * ACTION_SIZE, (row + 1) * ACTION_SIZE)}) has the reasons ${
        reasons[row]
      }`,
  );
}

function checkFinite(values: Float64Array, name: string, tally: Tally): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  check(tally, "finite", index < 0, () => `${name}[${index}] is ${values[index]}`);
}

/** Energy and money of the community together, and that nobody is worse off than alone. */
function checkSums({ plan, dataset, ledger, c, t }: Slot, tally: Tally): void {
  const { homes, config } = plan;
  const { profiles } = dataset;
  const importPrice = profiles.importPricePerKwh[t], tariff = profiles.feedInTariffPerKwh[t];
  let traded = 0, turnover = 0, net = 0, grid = 0, flows = 0, bills = 0, owed = 0, payments = 0;
  for (let row = c * homes.length; row < (c + 1) * homes.length; row++) {
    const netKwh = ledger.netKwh[row], tradedKwh = ledger.tradedKwh[row];
    const gridKwh = ledger.gridKwh[row], bill = ledger.bill[row];
    traded += tradedKwh;
    turnover += Math.abs(tradedKwh);
    net += netKwh;
    grid += gridKwh;
    flows += Math.abs(netKwh) + Math.abs(gridKwh);
    bills += bill;
    owed += gridKwh * (gridKwh > 0 ? importPrice : tariff) +
      config.market.networkFeePerKwh * Math.abs(tradedKwh);
    payments += Math.abs(bill) + Math.abs(tradedKwh * (ledger.clearingPricePerKwh[c] || 0));
    const alone = netKwh * (netKwh > 0 ? importPrice : tariff);
    const size = Math.abs(alone) + Math.abs(bill);
    check(
      tally,
      "no worse",
      bill <= alone || alike(bill, alone, size),
      () => `home ${row % homes.length} pays ${bill} and would pay ${alone} alone (slot ${t})`,
    );
  }
  check(
    tally,
    "energy",
    alike(traded, 0, turnover),
    () => `trades sum to ${traded} kWh (slot ${t})`,
  );
  check(
    tally,
    "energy",
    alike(net, grid, flows),
    () => `${net} kWh wanted, ${grid} flow (slot ${t})`,
  );
  check(
    tally,
    "money",
    alike(bills, owed, payments),
    () => `bills of ${bills} for what costs ${owed} (slot ${t})`,
  );
}

/** Clears the slot's orders once more by the auction, and certifies the result. */
function checkMarket({ plan, ledger, c, t }: Slot, { clear }: Subjects, tally: Tally): void {
  const { homes, config: { market: { priceWeight } } } = plan;
  const bids: Order[] = [], asks: Order[] = [];
  const rows = homes.map((_, i) => c * homes.length + i);
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
      `${ledger.volumeKwh[c]} kWh at ${ledger.clearingPricePerKwh[c]} in slot ${t}, the auction ` +
      `clears ${clearing.volumeKwh} kWh at ${clearing.clearingPrice}`,
  );
}

/** What was carried out must pass the filter as it is. */
function checkPassed(
  { plan, dataset, ledger, c, t }: Slot,
  limits: { readonly chargeLimitKw: Float64Array; readonly dischargeLimitKw: Float64Array },
  { filter }: Subjects,
  tally: Tally,
): void {
  const { homes, config: { market: { networkFeePerKwh } } } = plan;
  const { profiles } = dataset;
  for (let row = c * homes.length; row < (c + 1) * homes.length; row++) {
    const servedKw = ledger.loadKw[row] - ledger.unservedKw[row];
    const usedKw = ledger.pvKw[row] - ledger.curtailedKw[row];
    const action = {
      batteryKw: ledger.batteryKw[row],
      orderKwh: ledger.orderKwh[row],
      pricePerKwh: ledger.orderPricePerKwh[row],
    };
    checkIdempotent(
      action,
      {
        chargeLimitKw: limits.chargeLimitKw[row],
        dischargeLimitKw: limits.dischargeLimitKw[row],
        netLoadKw: servedKw - usedKw,
        dtHours: profiles.grid.dtHours,
        lowestPricePerKwh: profiles.feedInTariffPerKwh[t] + networkFeePerKwh,
        highestPricePerKwh: profiles.importPricePerKwh[t] - networkFeePerKwh,
      },
      filter,
      tally,
    );
  }
}
