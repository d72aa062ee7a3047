/**
 * State of B communities between slots, in flat arrays.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import {
  chargeLimitKw,
  dischargeLimitKw,
  type SlotBattery,
  slotBattery,
} from "../physics/battery.ts";

/** State of B communities of N prosumers; row `c × prosumers + i` is prosumer i of community c. */
export interface MarketState {
  /** Seed of the episode's forecasts. */
  seed: number;
  /** Slots done in the episode. */
  step: number;
  /** First slot of the episode in the data set. `[communities]` */
  readonly firstSlot: Int32Array;
  /** Stored energy. `[rows]` [kWh] */
  readonly energyKwh: Float64Array;
  /** Stored energy at the start of the episode. `[rows]` [kWh] */
  readonly initialEnergyKwh: Float64Array;
  /** Capacity after fading; 0 without a battery. `[rows]` [kWh] */
  readonly capacityKwh: Float64Array;
  /** Power at which the battery can charge in the coming slot. `[rows]` [kW] */
  readonly chargeLimitKw: Float64Array;
  /** Power at which the battery can discharge in the coming slot. `[rows]` [kW] */
  readonly dischargeLimitKw: Float64Array;
  /** Highest import price of the episode. `[communities]` [currency/kWh] */
  readonly highestImportPricePerKwh: Float64Array;
  /** Last clearing price between the least (0) and largest (1) of an order, ½ if none. `[communities]` */
  readonly lastPriceShare: Float64Array;
  /** Last traded volume. `[communities]` [kWh] */
  readonly lastVolumeKwh: Float64Array;
  /** Net import of the last slot; 0 before the first. `[communities]` [kW] */
  readonly lastNetKw: Float64Array;
  /** Highest net import of the episode so far. `[communities]` [kW] */
  readonly peakKw: Float64Array;
}

/** Every prosumer's battery, prepared for the data set's slots; `null` for none. */
export function slotBatteries({ community, profiles }: Dataset): (SlotBattery | null)[] {
  return community.prosumers.map(({ battery }) =>
    battery === null ? null : slotBattery(battery, profiles.grid.dtHours)
  );
}

/**
 * State with room for `communities`; {@linkcode resetState} fills it.
 *
 * @param columns Arrays to be used for some of the columns, if they are to lie elsewhere.
 */
export function createState(
  communities: number,
  prosumers: number,
  columns?: Partial<MarketState>,
): MarketState {
  const perRow = () => new Float64Array(communities * prosumers);
  return {
    seed: 0,
    step: 0,
    firstSlot: new Int32Array(communities),
    energyKwh: perRow(),
    initialEnergyKwh: perRow(),
    capacityKwh: perRow(),
    chargeLimitKw: perRow(),
    dischargeLimitKw: perRow(),
    highestImportPricePerKwh: new Float64Array(communities),
    lastPriceShare: new Float64Array(communities),
    lastVolumeKwh: new Float64Array(communities),
    lastNetKw: new Float64Array(communities),
    peakKw: new Float64Array(communities),
    ...columns,
  };
}

/** Starts an episode: batteries as good as new, charged to `initialSoc` of their usable range. */
export function resetState(
  state: MarketState,
  batteries: readonly (SlotBattery | null)[],
  initialSoc: number,
): void {
  state.step = 0;
  state.lastPriceShare.fill(0.5);
  state.lastVolumeKwh.fill(0);
  state.lastNetKw.fill(0);
  state.peakKw.fill(0);
  for (let row = 0; row < state.energyKwh.length; row++) {
    const battery = batteries[row % batteries.length];
    const socFraction = battery === null
      ? 0
      : battery.socMin + initialSoc * (battery.socMax - battery.socMin);
    state.capacityKwh[row] = battery?.capacityKwh ?? 0;
    state.energyKwh[row] = socFraction * state.capacityKwh[row];
    state.initialEnergyKwh[row] = state.energyKwh[row];
    updateLimits(state, row, battery);
  }
}

/** Copies a state of the same size. */
export function copyState(from: MarketState, to: MarketState): void {
  to.seed = from.seed;
  to.step = from.step;
  for (const [name, values] of Object.entries(from)) {
    if (typeof values === "number") continue;
    (to[name as keyof MarketState] as Float64Array).set(values);
  }
}

/** Works out what the battery of a row can do in the coming slot. */
export function updateLimits(state: MarketState, row: number, battery: SlotBattery | null): void {
  if (battery === null) return;
  const { energyKwh, capacityKwh } = state;
  state.chargeLimitKw[row] = chargeLimitKw(battery, energyKwh[row], capacityKwh[row]);
  state.dischargeLimitKw[row] = dischargeLimitKw(battery, energyKwh[row], capacityKwh[row]);
}
