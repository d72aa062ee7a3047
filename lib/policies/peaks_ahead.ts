/**
 * Peaks of the month that are charged, as they are reckoned with ahead.
 *
 * Nobody fights for a peak below the mean of what is to come, which has to be taken in any case.
 *
 * @module
 */

import { communityPeakPrice, homePeakPrice } from "../env/billing.ts";
import type { World } from "../env/world.ts";
import { waits } from "./charging_rules.ts";
import { type Group, homeGroup, netLoad } from "./home_group.ts";
import { columnSlot, type Outlook } from "./outlook.ts";
import { NO_PEAK, type PeakStep } from "./slot_curve.ts";

/**
 * What import beyond the month's peaks so far costs more, where it is charged: all homes of a group as
 * if they had one peak.
 */
export function peakStep(
  world: World,
  c: number,
  outlook: Outlook,
  group: Group,
): PeakStep {
  const { dataset, homes } = world;
  const { firstHome, endHome } = group;
  if (dataset.charges === undefined) return NO_PEAK;
  const { dtHours } = dataset.profiles.grid;
  let perKw = 0, soFarKw = 0, sum = 0;
  for (let i = firstHome; i < endHome; i++) {
    perKw += homePeakPrice(world, c, i, outlook.firstSlot) / (endHome - firstHome);
    soFarKw += outlook.homePeakKw[i];
  }
  if (endHome - firstHome === homes) {
    const price = communityPeakPrice(world, c, outlook.firstSlot);
    if (price > 0) soFarKw = outlook.peakKw;
    perKw += price;
  }
  if (perKw === 0) return NO_PEAK;
  for (let lead = 0; lead < outlook.slots; lead++) {
    sum += netLoad(world, outlook, group, lead, false).netKwh;
  }
  return {
    perKwh: perKw / dtHours,
    fromKwh: Math.max(soFarKw * dtHours, sum / outlook.slots),
  };
}

/** What charging a store that waits may take without a new peak, slot by slot, and what more costs. */
export interface WaitingPeak {
  /** Beyond the price of the kWh. [currency/kWh] */
  readonly perKwh: number;
  /** Charging below the peak, by slot of the outlook. [kWh] */
  readonly belowKwh: Float64Array;
}

/**
 * What charging beyond the month's peaks costs each store ahead, `null` where no peak is charged. What is
 * left below a peak is shared among the stores of a home, or of the community, that wait, by their power.
 * The community's peak counts where all its homes reckon as one: a home by itself knows nothing of the others.
 */
export function waitingPeaks(
  world: World,
  c: number,
  outlook: Outlook,
  group: Group,
): (s: number) => WaitingPeak | null {
  const { stores, homes, dataset: { profiles: { grid: { dtHours } } } } = world;
  const isWhole = group.endHome - group.firstHome === homes;
  const communityPrice = isWhole ? communityPeakPrice(world, c, outlook.firstSlot) : 0;
  const ofCommunity = communityPrice > 0 ? leftBelow(world, outlook, group, outlook.peakKw) : null;
  const ofHomes = new Map<number, Float64Array>();
  const leftOfHome = (home: number) => {
    const known = ofHomes.get(home);
    if (known !== undefined) return known;
    const own = homeGroup(world, home, home + 1);
    const left = leftBelow(world, outlook, own, outlook.homePeakKw[home]);
    ofHomes.set(home, left);
    return left;
  };
  return (s) => {
    const { owner, ratedChargeKw } = stores[s];
    const homePrice = homePeakPrice(world, c, owner, outlook.firstSlot);
    if (homePrice + communityPrice === 0) return null;
    const ofHome = homePrice > 0 ? leftOfHome(owner) : null;
    const belowKwh = Float64Array.from(
      { length: outlook.slots },
      (_, lead) =>
        ratedChargeKw * Math.min(ofHome?.[lead] ?? Infinity, ofCommunity?.[lead] ?? Infinity),
    );
    return { perKwh: (homePrice + communityPrice) / dtHours, belowKwh };
  };
}

/** What homes leave below their peak, by slot, for each kW of what waits in them. [kWh/kW] */
function leftBelow(
  world: World,
  outlook: Outlook,
  group: Group,
  soFarKw: number,
): Float64Array {
  const { stores, dataset: { profiles: { grid: { dtHours } } } } = world;
  const netKwh = Float64Array.from(
    { length: outlook.slots },
    (_, lead) => netLoad(world, outlook, group, lead, false).netKwh,
  );
  let takenKwh = netKwh.reduce((sum, kwh) => sum + Math.max(0, kwh), 0), ratedKw = 0;
  for (let s = group.firstStore; s < group.endStore; s++) {
    if (!waits(stores[s])) continue;
    ratedKw += stores[s].ratedChargeKw;
    takenKwh += neededKwh(world, outlook, s);
  }
  const peakKwh = Math.max(soFarKw * dtHours, takenKwh / outlook.slots);
  return netKwh.map((net) => Math.max(0, peakKwh - net) / ratedKw);
}

/** What a store has to be charged with over an outlook, at the meter. [kWh] */
function neededKwh({ stores }: World, outlook: Outlook, s: number): number {
  const { drainKwh, leastKwh, chargeEfficiency, stride } = stores[s];
  let drainedKwh = 0, mostNeeded = 0;
  for (let lead = 0; lead < outlook.slots; lead++) {
    const at = columnSlot(outlook, s, lead) * stride;
    mostNeeded = Math.max(mostNeeded, drainedKwh + leastKwh[at]);
    drainedKwh += drainKwh[at];
  }
  const needed = Math.max(mostNeeded, drainedKwh) - outlook.energyKwh[s];
  return Math.max(0, needed) / chargeEfficiency[outlook.firstSlot * stride];
}
