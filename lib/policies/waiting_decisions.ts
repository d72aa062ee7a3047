/**
 * Value curves of what waits for energy in a group of homes: cars, heat pumps and appliances, each by
 * itself ({@link ./waiting_values.ts}).
 *
 * @module
 */

import { decidePower, type Decision } from "../env/decision.ts";
import { endValuePerKwh } from "../env/settle.ts";
import type { World } from "../env/world.ts";
import { needs } from "../stores/foresight.ts";
import type { Store } from "../stores/store.ts";
import { chargingKw, waits } from "./charging_rules.ts";
import { CELLS, type Group, netLoad } from "./home_group.ts";
import { columnSlot, type Outlook } from "./outlook.ts";
import { waitingPeaks } from "./peaks_ahead.ts";
import { type Leaving, waitingSlopes } from "./waiting_values.ts";

/** Writes value curves of what waits for energy in the homes of a class; inelastic, in the cheapest hours. */
export function decideWaiting(
  world: World,
  decision: Decision,
  c: number,
  group: Group,
  tariffClass: number,
  outlook: Outlook,
): void {
  const { stores, tariffs, spaces, config, dataset: { profiles } } = world;
  const { curves } = decision;
  const { importPricePerKwh, feedInTariffPerKwh } = tariffs.classes[tariffClass];
  const isPlenty = sunIsPlenty(world, outlook, group);
  const prices = Array.from({ length: outlook.slots }, (_, lead) => {
    const slot = outlook.firstSlot + lead;
    return isPlenty && netLoad(world, outlook, group, lead, false).netKwh < 0
      ? feedInTariffPerKwh[slot]
      : importPricePerKwh[slot] + config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  });
  const slopes = new Float64Array(CELLS);
  const peakOf = waitingPeaks(world, c, outlook, group);
  for (let s = group.firstStore; s < group.endStore; s++) {
    const store = stores[s];
    if (!waits(store) || tariffs.classOf[store.owner] !== tariffClass) continue;
    const k = c * stores.length + s;
    if (spaces.action.orders === "inelastic") {
      decidePower(world, decision, k, chargingKw("cheapest", world, k, 0));
      continue;
    }
    const { episodeFirstSlot, firstSlot, slots } = outlook;
    const end = endValuePerKwh(
      world,
      store,
      episodeFirstSlot,
      firstSlot + slots - episodeFirstSlot,
    );
    const peak = peakOf(s);
    const ahead = prices.map((pricePerKwh, lead) => ({
      slot: columnSlot(outlook, s, lead),
      pricePerKwh,
      belowPeakKwh: peak?.belowKwh[lead] ?? Infinity,
      peakPerKwh: peak?.perKwh ?? 0,
    }));
    const leaving = leavingOf(store, outlook);
    waitingSlopes(store, ahead, end, config.cost.wearPricePerKwh, slopes, leaving);
    curves.stepCount[k] = CELLS;
    for (let j = 0, at = k * curves.steps; j < CELLS; j++, at++) {
      curves.stepFromKwh[at] = store.nominalKwh * j / CELLS;
      curves.stepValuePerKwh[at] = slopes[j];
    }
  }
}

/**
 * Whether more sun is left over in an outlook than the stores of a group have use for: only then is it to be
 * had for the feed-in tariff. Where it is scarce, who needs energy pays what the others would pay the grid.
 */
function sunIsPlenty(
  world: World,
  outlook: Outlook,
  group: Group,
): boolean {
  const { stores } = world;
  let surplusKwh = 0, usableKwh = 0;
  for (let lead = 0; lead < outlook.slots; lead++) {
    surplusKwh -= Math.min(0, netLoad(world, outlook, group, lead, false).netKwh);
  }
  for (let s = group.firstStore; s < group.endStore; s++) {
    const { mostKwh, chargeEfficiency, drainKwh, stride } = stores[s];
    const now = outlook.firstSlot * stride;
    let drainedKwh = 0;
    for (let lead = 0; lead < outlook.slots && stride > 0; lead++) {
      drainedKwh += drainKwh[columnSlot(outlook, s, lead)];
    }
    const roomKwh = Math.max(0, mostKwh[now] - outlook.energyKwh[s]);
    usableKwh += (roomKwh + drainedKwh) / chargeEfficiency[now];
  }
  return surplusKwh > usableKwh;
}

/** When a car may leave that is there and does not say when, and what it will need: as the last time. */
function leavingOf(store: Store, { firstSlot, slots }: Outlook): Leaving | null {
  const { leavingChance, chargeKw } = store;
  if (leavingChance === null || !(chargeKw[firstSlot] > 0)) return null;
  return {
    chance: leavingChance.subarray(firstSlot, firstSlot + slots),
    requiredKwh: needs(store).energyKwh[firstSlot],
  };
}
