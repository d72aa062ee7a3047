/**
 * The network under the homes: what each of them may take and give in a slot, and what the slot came
 * to on the feeder.
 *
 * Envelopes follow from metered load and sun and from what the stores can do at most, whatever they
 * hold: from nothing that agents decide. So they are worked out once for each slot of the data set.
 *
 * @module
 */

import type { LoadsBySlot } from "../data/loads_by_slot.ts";
import type { Dataset } from "../data/profiles.ts";
import { type Allocation, createEnvelopes } from "../network/envelopes.ts";
import { type HomeDistances, homeDistances, refundFees } from "../network/fee_refund.ts";
import { createFeeder, type Feeder } from "../network/feeder.ts";
import { createFlow, type Flow, linDistFlow, loadingOf } from "../network/lin_dist_flow.ts";
import type { Store } from "../stores/store.ts";
import type { EnvironmentConfig } from "./config.ts";
import type { World } from "./world.ts";

/** Load and sun of homes over some slots, as they are or as they are thought to be. */
export interface SlotLoads {
  /** First slot in the data set. */
  readonly firstSlot: number;
  /** Load. `[slots × homes]` [kW] */
  readonly loadKw: Float64Array;
  /** Available sun. `[slots × homes]` [kW] */
  readonly pvKw: Float64Array;
}

/** The network of a community. */
export interface Grid {
  /** Nodes and lines. */
  readonly feeder: Feeder;
  /** How headroom is shared; `null` where homes have no envelopes and the network is only watched. */
  readonly allocation: Allocation | null;
  /** Reactive power of the homes by slot; `null` for none. `[slots × homes]` [kvar] */
  readonly kvar: Float64Array | null;
  /** The most that a home may take in a slot; less than 0 where it must give. `[slots × homes]` [kW] */
  readonly mostKw: Float64Array;
  /** The least that it may take, giving < 0. `[slots × homes]` [kW] */
  readonly leastKw: Float64Array;
  /** Who is near to whom, for the refund of network fees. */
  readonly distances: HomeDistances;
  /** Makes sure that the envelopes of a slot are known; answers where they begin. */
  find(slot: number): number;
  /** Envelopes of `slots` with other loads than the data set's, the most before the least. */
  envelopesOf(loads: SlotLoads, slots: number): { mostKw: Float64Array; leastKw: Float64Array };
  /** Scratch: net power of the homes. `[homes]` [kW] */
  readonly netKw: Float64Array;
  /** Scratch: the flow that comes of it. */
  readonly flow: Flow;
}

/** The network of a data set; `null` where it has none. */
export function createGrid(
  { community: { prosumers }, profiles, network }: Dataset,
  loads: LoadsBySlot,
  stores: readonly Store[],
  config: EnvironmentConfig,
): Grid | null {
  if (network === undefined) return null;
  const homes = prosumers.length, { slots } = profiles.grid;
  const feeder = createFeeder(network, prosumers.map(({ id }) => id));
  const kvar = profiles.reactiveKvar === undefined
    ? null
    : bySlot(profiles.reactiveKvar, homes, slots);
  const allocation = allocationOf(config);
  const write = allocation === null ? null : createEnvelopes(feeder, allocation);
  const byHome = () => new Float64Array(homes);
  const metered = {
    loadKw: byHome(),
    pvKw: byHome(),
    kvar: kvar === null ? null : byHome(),
    chargeKw: byHome(),
    dischargeKw: byHome(),
    importLimitKw: Infinity,
    exportLimitKw: Infinity,
  };
  const size = write === null ? 0 : slots * homes;
  const mostKw = new Float64Array(size), leastKw = new Float64Array(size);
  const isKnown = new Uint8Array(write === null ? 0 : slots);

  function writeSlot(
    slot: number,
    loadKw: Float64Array,
    pvKw: Float64Array,
    from: number,
    most: Float64Array,
    least: Float64Array,
  ): void {
    metered.loadKw.set(loadKw.subarray(from, from + homes));
    metered.pvKw.set(pvKw.subarray(from, from + homes));
    metered.kvar?.set(kvar!.subarray(slot * homes, (slot + 1) * homes));
    metered.chargeKw.fill(0);
    metered.dischargeKw.fill(0);
    for (const { owner, stride, chargeKw, dischargeKw } of stores) {
      metered.chargeKw[owner] += chargeKw[slot * stride];
      metered.dischargeKw[owner] += dischargeKw[slot * stride];
    }
    metered.importLimitKw = profiles.gridImportLimitKw[slot];
    metered.exportLimitKw = profiles.gridExportLimitKw[slot];
    write!(metered, most, least, from);
  }

  return {
    feeder,
    allocation,
    kvar,
    mostKw,
    leastKw,
    distances: homeDistances(feeder),
    find(slot) {
      const at = slot * homes;
      if (isKnown[slot] === 0) {
        writeSlot(slot, loads.loadKw, loads.pvKw, at, mostKw, leastKw);
        isKnown[slot] = 1;
      }
      return at;
    },
    envelopesOf({ firstSlot, loadKw, pvKw }, slots) {
      const most = new Float64Array(slots * homes), least = new Float64Array(slots * homes);
      for (let t = 0; t < slots; t++) {
        writeSlot(firstSlot + t, loadKw, pvKw, t * homes, most, least);
      }
      return { mostKw: most, leastKw: least };
    },
    netKw: byHome(),
    flow: createFlow(feeder),
  };
}

/** How headroom is shared by the rules; `null` where there are no envelopes. */
export function allocationOf({ network }: EnvironmentConfig): Allocation | null {
  const envelopes = network?.envelopes ?? "equal";
  return envelopes === "none" ? null : envelopes;
}

/** Whether homes have envelopes, which they then see. */
export function hasEnvelopes(dataset: Dataset, config: EnvironmentConfig): boolean {
  return dataset.network !== undefined && allocationOf(config) !== null;
}

/**
 * What flows where homes exchange so much in a slot; the next call overwrites it.
 *
 * @param netKwh Exchange of the homes' meters, from element `from` on. [kWh]
 */
export function flowOf(
  { feeder, flow, kvar, netKw }: Grid,
  netKwh: Float64Array,
  from: number,
  dtHours: number,
  slot: number,
): Flow {
  const homes = netKw.length;
  for (let i = 0; i < homes; i++) netKw[i] = netKwh[from + i] / dtHours;
  const reactive = kvar === null ? null : kvar.subarray(slot * homes, (slot + 1) * homes);
  linDistFlow(feeder, netKw, reactive, 0, flow);
  return flow;
}

/** Writes what the slot of community `c` came to on the feeder into the ledger. */
export function watchGrid({ grid, dataset, homes, ledger }: World, c: number, slot: number): void {
  if (grid === null) return;
  const { feeder } = grid;
  const { dtHours } = dataset.profiles.grid;
  const flow = flowOf(grid, ledger.netKwh, c * homes, dtHours, slot);
  let low = Infinity, high = -Infinity, loading = 0;
  for (let k = 0; k < flow.squaredPu.length; k++) {
    low = Math.min(low, flow.squaredPu[k]);
    high = Math.max(high, flow.squaredPu[k]);
    if (k > 0) loading = Math.max(loading, loadingOf(feeder, flow, k));
  }
  ledger.lowestVoltagePu[c] = Math.sqrt(Math.max(0, low));
  ledger.highestVoltagePu[c] = Math.sqrt(Math.max(0, high));
  ledger.lineLoading[c] = loading;
  ledger.transformerLoading[c] = loadingOf(feeder, flow, 0);
}

/** Writes what homes of community `c` get back of the fee that they paid for trades. */
export function giveFeesBack({ grid, config, book, ledger, homes }: World, c: number): void {
  const { network, market } = config;
  if (grid === null || network?.feeRefund === undefined) return;
  const feePerKwh = book === null ? market.networkFeePerKwh : book.feePerKwh[c];
  const { tradedKwh, feeRefund } = ledger;
  refundFees(grid.distances, network.feeRefund, tradedKwh, feePerKwh, c * homes, feeRefund);
}

function bySlot(byHome: Float64Array, homes: number, slots: number): Float64Array {
  const values = new Float64Array(byHome.length);
  for (let i = 0; i < homes; i++) {
    for (let t = 0; t < slots; t++) values[t * homes + i] = byHome[i * slots + t];
  }
  return values;
}
