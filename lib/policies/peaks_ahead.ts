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
import { type Group, netLoad } from "./home_group.ts";
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
 * What charging beyond the month's peaks costs store `s` ahead, or `null` where no peak is charged. What is
 * left below a peak is shared among the stores of a home, or of the community, that wait, by their power.
 */
export function waitingPeak(
  world: World,
  c: number,
  s: number,
  outlook: Outlook,
): WaitingPeak | null {
  const { stores, homes, firstStore, dataset: { profiles: { grid: { dtHours } } } } = world;
  const { owner } = stores[s];
  const homePrice = homePeakPrice(world, c, owner, outlook.firstSlot);
  const communityPrice = communityPeakPrice(world, c, outlook.firstSlot);
  if (homePrice + communityPrice === 0) return null;
  const belowKwh = new Float64Array(outlook.slots).fill(Infinity);
  const leave = (firstHome: number, endHome: number, soFarKw: number) => {
    const group = {
      firstHome,
      endHome,
      firstStore: firstStore[firstHome],
      endStore: firstStore[endHome],
    };
    const netKwh = Float64Array.from(
      belowKwh,
      (_, lead) => netLoad(world, outlook, group, lead, false).netKwh,
    );
    let takenKwh = netKwh.reduce((sum, kwh) => sum + Math.max(0, kwh), 0), ratedKw = 0;
    for (let k = group.firstStore; k < group.endStore; k++) {
      if (!waits(stores[k])) continue;
      ratedKw += stores[k].ratedChargeKw;
      takenKwh += neededKwh(world, outlook, k);
    }
    const peakKwh = Math.max(soFarKw * dtHours, takenKwh / outlook.slots);
    const share = stores[s].ratedChargeKw / ratedKw;
    for (let lead = 0; lead < belowKwh.length; lead++) {
      const left = share * Math.max(0, peakKwh - netKwh[lead]);
      belowKwh[lead] = Math.min(belowKwh[lead], left);
    }
  };
  if (homePrice > 0) leave(owner, owner + 1, outlook.homePeakKw[owner]);
  if (communityPrice > 0) leave(0, homes, outlook.peakKw);
  return { perKwh: (homePrice + communityPrice) / dtHours, belowKwh };
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
