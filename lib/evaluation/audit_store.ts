/**
 * The part of the {@link ./audit.ts} that follows one store through an episode.
 *
 * @module
 */

import type { Store } from "../stores/store.ts";
import type { Demand, EpisodeBooks } from "./audit.ts";
import { near, within } from "./tolerance.ts";

/** Recomputes what store `s` holds, slot by slot. */
export function auditStore(
  { records, config, first, episode }: EpisodeBooks,
  store: Store,
  s: number,
  demand: Demand,
): void {
  const { store: book, stores, slotsPerEpisode } = records;
  const column = (values: Float64Array, slot: number) => values[slot * store.stride];
  const { initialSoc } = config;
  let energyKwh = store.initialKwh ??
    column(store.leastKwh, first) * (1 - initialSoc) + column(store.mostKwh, first) * initialSoc;
  let capacityKwh = store.nominalKwh;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const slot = first + step;
    const k = (episode * slotsPerEpisode + step) * stores + s;
    const power = book.powerKw[k], after = book.endEnergyKwh[k], unmet = book.unmetKwh[k];
    const kept = energyKwh * store.retention - column(store.drainKwh, slot);
    const cycles = Math.abs(power) * store.dtHours / (2 * capacityKwh);
    capacityKwh -= store.capacityLossCoefficient * store.nominalKwh * cycles;
    const share = capacityKwh / store.nominalKwh;
    const least = column(store.leastKwh, slot) * share;
    const most = column(store.mostKwh, slot) * share;
    demand(
      "store",
      within(power, -column(store.dischargeKw, slot), column(store.chargeKw, slot)),
    );
    const without = kept + storedKwh(store, slot, power);
    demand("store", near(without + unmet, after, Math.abs(kept) + Math.abs(after)));
    const supplied = store.unmetPricePerKwh === null ? 0 : Math.max(0, least - without);
    demand("store", near(unmet, supplied, Math.abs(without) + least));
    const lowest = store.unmetPricePerKwh === null ? Math.min(least, kept) : least;
    demand("stateOfCharge", within(after, lowest, Math.max(most, kept)));
    energyKwh = after;
  }
}

/** What a slot at constant power adds to the store. [kWh] */
function storedKwh(store: Store, slot: number, powerKw: number): number {
  const curve = store.efficiencyByPower;
  const charges = powerKw > 0;
  let oneWay = charges ? store.chargeEfficiency[slot * store.stride] : store.dischargeEfficiency;
  if (curve !== null) {
    const rated = charges ? store.ratedChargeKw : store.ratedDischargeKw;
    const share = rated > 0 ? Math.abs(powerKw) / rated : 0;
    const after = curve.findIndex(([x]) => x >= share);
    const [x1, y1] = curve.at(after) as readonly [number, number];
    const [x0, y0] = curve[Math.max(0, after - 1)];
    const roundTrip = after <= 0 || x1 === x0 ? y1 : y0 + ((share - x0) * (y1 - y0)) / (x1 - x0);
    oneWay = Math.sqrt(roundTrip);
  }
  return store.effectiveHours * (charges ? powerKw * oneWay : powerKw / oneWay);
}
