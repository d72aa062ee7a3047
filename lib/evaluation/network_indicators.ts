/**
 * What policies do to the network: voltages, loadings, losses, and who is held back.
 *
 * Voltages and loadings are those with losses ({@link ../network/lin_dist_flow.ts}), from every home's
 * net power; limits are kept in terms of the linear ones, with a margin. Losses are an estimate that
 * enters no balance.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { createFeeder, resistanceTo } from "../network/feeder.ts";
import { createFlow, linDistFlow, loadingOf, withLosses } from "../network/lin_dist_flow.ts";
import { DUST_KWH, HOURS_PER_DAY, localTime } from "../units.ts";
import { gini } from "./prosumer_bills.ts";
import type { Records } from "./records.ts";

/** A node under a policy, a row of `network.csv`. */
export interface NodeIndicators {
  /** The policy. */
  readonly policy: string;
  /** The node. */
  readonly node: string;
  /** Homes on it. */
  readonly homes: number;
  /** Resistance of the lines from the transformer to it. [ohm] */
  readonly resistanceOhm: number;
  /** Lowest voltage of all slots. [pu] */
  readonly lowestVoltagePu: number;
  /** Highest voltage of all slots. [pu] */
  readonly highestVoltagePu: number;
  /** Time outside of the band. [h/d] */
  readonly outsideBandHoursPerDay: number;
  /** Highest current in the line that feeds it, or the transformer, as a share of its rating. */
  readonly highestLoading: number;
  /** Time in which that is above its rating. [h/d] */
  readonly overloadedHoursPerDay: number;
  /** Sun that its homes do not use. [kWh/d] */
  readonly curtailedKwhPerDay: number;
  /** Load of its homes that is not served. [kWh/d] */
  readonly unservedKwhPerDay: number;
}

/** The network under a policy, a row of `network_summary.csv`. */
export interface NetworkIndicators {
  /** The policy. */
  readonly policy: string;
  /** Lowest voltage of all nodes and slots. [pu] */
  readonly lowestVoltagePu: number;
  /** Highest voltage of all nodes and slots. [pu] */
  readonly highestVoltagePu: number;
  /** Time in which some node is outside of the band. [h/d] */
  readonly outsideBandHoursPerDay: number;
  /** Highest current in a line as a share of its rating. */
  readonly highestLineLoading: number;
  /** Highest current in the transformer as a share of its rating. */
  readonly highestTransformerLoading: number;
  /** Time in which a line or the transformer is above its rating. [h/d] */
  readonly overloadedHoursPerDay: number;
  /** Losses in lines and transformer, estimated. [kWh/d] */
  readonly lossesKwhPerDay: number;
  /** Unused sun. [kWh/d] */
  readonly curtailedKwhPerDay: number;
  /** Unserved load. [kWh/d] */
  readonly unservedKwhPerDay: number;
  /** Gini coefficient of curtailed shares over homes with sun: 0 where all lose the same share. */
  readonly curtailedShareGini: number | null;
}

/** The network at a time of day under a policy, a row of `network_day.csv`. */
export interface NetworkHour {
  /** The policy. */
  readonly policy: string;
  /** Local time at which the slot begins. [h] */
  readonly hourOfDay: number;
  /** Lowest voltage of all nodes and days. [pu] */
  readonly lowestVoltagePu: number;
  /** Highest voltage of all nodes and days. [pu] */
  readonly highestVoltagePu: number;
  /** Current in the transformer as a share of its rating, mean over days. */
  readonly meanTransformerLoading: number;
  /** The highest of all days. */
  readonly highestTransformerLoading: number;
  /** Lower end of the band. [pu] */
  readonly bandLeastPu: number;
  /** Upper end of the band. [pu] */
  readonly bandMostPu: number;
}

/** What a policy does to the network. */
export interface NetworkWatch {
  /** By node, in the order of the feeder. */
  readonly nodes: readonly NodeIndicators[];
  /** By time of day. */
  readonly hours: readonly NetworkHour[];
  /** All of it. */
  readonly whole: NetworkIndicators;
}

/** Indicators by node, by time of day and of the whole; `null` without a network. */
export function networkIndicators(
  records: Records,
  { community: { prosumers }, profiles, network }: Dataset,
): NetworkWatch | null {
  if (network === undefined) return null;
  const { homes, home: book, firstSlots, slotsPerEpisode, policy } = records;
  const { dtHours, slots } = profiles.grid;
  const feeder = createFeeder(network, prosumers.map(({ id }) => id));
  const linear = createFlow(feeder), flow = createFlow(feeder);
  const byNode = (value: number) => new Float64Array(feeder.ids.length).fill(value);
  const lowest = byNode(Infinity), highest = byNode(0), outside = byNode(0);
  const loading = byNode(0), overloaded = byNode(0), curtailed = byNode(0), unserved = byNode(0);
  const kw = new Float64Array(homes), kvar = new Float64Array(homes);
  const ofHome = { curtailed: new Float64Array(homes), sun: new Float64Array(homes) };
  const byHour = new Map<
    number,
    { low: number; high: number; sum: number; most: number; n: number }
  >();
  let outsideAny = 0, overloadedAny = 0, losses = 0;
  for (let at = 0; at < firstSlots.length * slotsPerEpisode; at++) {
    const slot = firstSlots[Math.floor(at / slotsPerEpisode)] + at % slotsPerEpisode;
    for (let i = 0; i < homes; i++) {
      const row = at * homes + i, node = feeder.nodeOf[i];
      kw[i] = book.netKwh[row] / dtHours;
      kvar[i] = profiles.reactiveKvar?.[i * slots + slot] ?? 0;
      curtailed[node] += book.curtailedKw[row];
      unserved[node] += book.unservedKw[row];
      ofHome.curtailed[i] += book.curtailedKw[row];
      ofHome.sun[i] += book.pvKw[row];
    }
    linDistFlow(feeder, kw, kvar, 0, linear);
    losses += withLosses(feeder, linear, flow);
    let isOutside = 0, isOverloaded = 0, low = Infinity, high = 0;
    for (let k = 0; k < feeder.ids.length; k++) {
      const pu = Math.sqrt(Math.max(0, flow.squaredPu[k]));
      lowest[k] = Math.min(lowest[k], pu);
      highest[k] = Math.max(highest[k], pu);
      low = Math.min(low, pu);
      high = Math.max(high, pu);
      const share = loadingOf(feeder, flow, k);
      loading[k] = Math.max(loading[k], share);
      if (pu < network.band.leastPu || pu > network.band.mostPu) outside[k] += isOutside = 1;
      if (share > 1) overloaded[k] += isOverloaded = 1;
    }
    outsideAny += isOutside;
    overloadedAny += isOverloaded;
    const { hourOfDay } = localTime(profiles.grid, slot), share = loadingOf(feeder, flow, 0);
    const hour = byHour.get(hourOfDay) ?? { low, high, sum: 0, most: 0, n: 0 };
    byHour.set(hourOfDay, {
      low: Math.min(hour.low, low),
      high: Math.max(hour.high, high),
      sum: hour.sum + share,
      most: Math.max(hour.most, share),
      n: hour.n + 1,
    });
  }
  const days = firstSlots.length * slotsPerEpisode * dtHours / HOURS_PER_DAY;
  const hours = (count: number) => count * dtHours / days;
  // What is not used of a sun in two parts may be its rounding.
  const shares = [...ofHome.sun.keys()].filter((i) => ofHome.sun[i] > 0)
    .map((i) => ofHome.curtailed[i] > DUST_KWH ? ofHome.curtailed[i] / ofHome.sun[i] : 0);
  const resistance = resistanceTo(feeder, network);
  return {
    nodes: feeder.ids.map((node, k) => ({
      policy,
      node,
      homes: feeder.nodeOf.filter((each) => each === k).length,
      resistanceOhm: resistance[k],
      lowestVoltagePu: lowest[k],
      highestVoltagePu: highest[k],
      outsideBandHoursPerDay: hours(outside[k]),
      highestLoading: loading[k],
      overloadedHoursPerDay: hours(overloaded[k]),
      curtailedKwhPerDay: hours(curtailed[k]),
      unservedKwhPerDay: hours(unserved[k]),
    })),
    hours: [...byHour].sort(([a], [b]) => a - b).map((
      [hourOfDay, { low, high, sum, most, n }],
    ) => ({
      policy,
      hourOfDay,
      lowestVoltagePu: low,
      highestVoltagePu: high,
      meanTransformerLoading: sum / n,
      highestTransformerLoading: most,
      bandLeastPu: network.band.leastPu,
      bandMostPu: network.band.mostPu,
    })),
    whole: {
      policy,
      lowestVoltagePu: lowest.reduce((a, b) => Math.min(a, b)),
      highestVoltagePu: highest.reduce((a, b) => Math.max(a, b)),
      outsideBandHoursPerDay: hours(outsideAny),
      highestLineLoading: loading.subarray(1).reduce((a, b) => Math.max(a, b), 0),
      highestTransformerLoading: loading[0],
      overloadedHoursPerDay: hours(overloadedAny),
      lossesKwhPerDay: hours(losses),
      curtailedKwhPerDay: hours(curtailed.reduce((a, b) => a + b)),
      unservedKwhPerDay: hours(unserved.reduce((a, b) => a + b)),
      curtailedShareGini: gini(shares),
    },
  };
}
