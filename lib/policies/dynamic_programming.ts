/**
 * Dynamic programming by every home for itself, on what all are told: published tariffs, the sum of
 * everybody's forecasts, and all stores together as if they were one. Where homes do not trade, each
 * reckons with its own forecast and its own stores (`alone`).
 *
 * The value V(x) of energy x in that one store is concave, and so is what a slot can make of it: its
 * stores charge from surplus sun at the feed-in tariff, then from the grid at the ceiling, and
 * discharge for load in the place of the grid, then into the grid. Backwards from the end value,
 *
 *     Vₜ(x) = E max_y [ −costₜ(y) + Vₜ₊₁(r·x + y) ],
 *
 * where the greatest sum of two concave functions merges their slopes in falling order; the
 * expectation over the error of the net load is taken at three points (Gauss and Hermite). Slopes are
 * kept in 40 cells, each the mean over it, which keeps V exact at their ends.
 *
 * What waits for energy, a car, a heat pump or an appliance, is valued by itself ({@link
 * ./waiting_values.ts}) at the price that the same forecasts imply: the feed-in tariff where sun is left
 * over that no store has use for, and the ceiling elsewhere. A car that does not say when it leaves hedges.
 *
 * A home's value curve is the slope of V at its *own* share of the room: who is fuller than the
 * others asks less. So nobody plans for others, and the market brings all to the same price.
 *
 * Sources: R. Bellman, Dynamic programming, Princeton 1957; concave storage values and their slopes
 * as in W. B. Powell, Approximate dynamic programming, 2nd ed., Wiley 2011, ch. 13.
 *
 * @module
 */

import { decidePower, type Decision } from "../env/decision.ts";
import { endValuePerKwh } from "../env/settle.ts";
import type { World } from "../env/world.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { type AggregateStore, aggregateStore, energyBounds } from "./aggregate_store.ts";
import { type ForecastErrors, pastForecastErrors } from "./forecast_errors.ts";
import { waits } from "./charging_rules.ts";
import { CELLS, classesOf, type Group, groupsOf, netLoad } from "./home_group.ts";
import { forecastOutlook, type Outlook } from "./outlook.ts";
import { peakStep } from "./peaks_ahead.ts";
import type { Policy } from "./policy.ts";
import { decideOrder } from "./set_points.ts";
import { createSlotCurve, NO_PEAK, type SlotCurve, slotCurve } from "./slot_curve.ts";
import { decideWaiting } from "./waiting_decisions.ts";

/** What it may reckon with. */
export interface DynamicProgrammingOptions {
  /**
   * Slots that are looked at, the current one included; a day if left out, two where something waits: a
   * car may stand for longer than a night.
   */
  readonly horizonSlots?: number;
  /**
   * Whether it knows that forecasts err: by as much as the rules say, as it does if this is left out,
   * as much as was measured, or `calibrated` by the weeks before an episode.
   */
  readonly noise?: boolean | ForecastErrors | "calibrated";
  /** Whether homes act with the grid alone, each by its own forecast; they trade if left out. */
  readonly alone?: boolean;
  /** Slots for which what stored energy is worth is worked out at once; 1 if left out. */
  readonly replanSlots?: number;
}

/** Points and weights of the expectation, in standard deviations. */
const POINTS = [-Math.sqrt(3), 0, Math.sqrt(3)] as const;
const WEIGHTS = [1 / 6, 2 / 3, 1 / 6] as const;

/**
 * The policy `dynamic-programming`, or `dynamic-programming-calibrated`.
 *
 * @example
 * ```ts
 * import { dynamicProgrammingPolicy } from "./dynamic_programming.ts";
 * if (dynamicProgrammingPolicy().name !== "dynamic-programming") throw new Error("name");
 * ```
 */
export function dynamicProgrammingPolicy(
  { horizonSlots, noise = true, alone = false, replanSlots = 1 }: DynamicProgrammingOptions = {},
): Policy {
  return {
    name: alone
      ? "dynamic-programming-alone"
      : noise === "calibrated"
      ? "dynamic-programming-calibrated"
      : "dynamic-programming",
    ...(alone && { mechanism: "grid-only" as const }),
    observes: false,
    begin({ world, communities, slotsPerEpisode }) {
      const groups = groupsOf(world, alone);
      const { dtHours } = world.dataset.profiles.grid;
      const days = world.stores.some(waits) ? 2 : 1;
      const horizon = horizonSlots ?? Math.round(days * HOURS_PER_DAY / dtHours);
      const plans = new Map<string, Float64Array>();
      const errors = Array.from(
        { length: communities },
        (_, c) => noise === "calibrated" ? pastForecastErrors(world, c) ?? true : noise,
      );
      return (_observation, decision) => {
        const { step } = world.state;
        const slots = Math.min(horizon, slotsPerEpisode - step);
        for (let c = 0; c < communities; c++) {
          const outlook = forecastOutlook(world, c, slots);
          for (const group of groups) {
            const store = aggregateStore(world, c, group.firstStore, group.endStore);
            for (const k of classesOf(world, group)) {
              const name = `${c} ${group.firstHome} ${k}`;
              const slopes = plans.get(name) ?? new Float64Array(CELLS);
              if (step % replanSlots === 0 || !plans.has(name)) {
                valueSlopes(world, c, outlook, group, store, k, errors[c], slopes);
                plans.set(name, slopes);
              }
              decideHomes(world, decision, c, group, k, outlook, store, slopes);
              decideWaiting(world, decision, c, group, k, outlook);
            }
          }
        }
      };
    },
  };
}

/** Slopes of the value of stored energy after the present slot, for homes of a class of tariffs. */
function valueSlopes(
  world: World,
  c: number,
  outlook: Outlook,
  group: Group,
  store: AggregateStore,
  tariffClass: number,
  noise: boolean | ForecastErrors,
  slopes: Float64Array,
): void {
  slopes.fill(endSlope(world, outlook, group));
  if (world.config.endValue === "first-edition" && store.roomKwh > 0) {
    // There only a shortfall of energy counts.
    const counting = store.initialAboveLeastKwh / store.roomKwh * CELLS;
    for (let j = 0; j < CELLS; j++) slopes[j] *= Math.min(1, Math.max(0, counting - j));
  }
  // A home without stores has nothing to decide.
  if (group.firstStore === group.endStore) return;
  const curve = createSlotCurve();
  const peak = peakStep(world, c, outlook, group);
  const later = new Float64Array(CELLS), merged = new Float64Array(CELLS);
  for (let lead = outlook.slots - 1; lead > 0; lead--) {
    const { netKwh, deviationKwh } = netLoad(world, outlook, group, lead, noise);
    later.set(slopes);
    slopes.fill(0);
    const points = deviationKwh > 0 ? POINTS : [0];
    for (let k = 0; k < points.length; k++) {
      const weight = points.length === 1 ? 1 : WEIGHTS[k];
      const net = netKwh + points[k] * deviationKwh;
      slotCurve(world, tariffClass, outlook.firstSlot + lead, net, store, peak, curve);
      mergeSlopes(later, store, curve, merged);
      for (let j = 0; j < CELLS; j++) slopes[j] += weight * merged[j];
    }
  }
}

/** What a stored kWh is worth where the outlook ends, mean over the room of the stores. */
function endSlope(
  { config, stores, ...world }: World,
  outlook: Outlook,
  { firstStore, endStore }: Group,
): number {
  const { firstSlot, slots, episodeFirstSlot } = outlook;
  const length = config.endValue === "first-edition"
    ? world.slotsPerEpisode
    : firstSlot + slots - episodeFirstSlot;
  let value = 0, weight = 0;
  for (const store of stores.slice(firstStore, endStore)) {
    if (waits(store)) continue;
    const each = endValuePerKwh({ ...world, config }, store, episodeFirstSlot, length);
    value += store.nominalKwh * each;
    weight += store.nominalKwh;
  }
  return weight > 0 ? value / weight : 0;
}

/**
 * Merges the slopes of what a slot can do with those of the value after it, in falling order, and
 * takes the mean over each cell of the room. The merged curve begins at minus all charging.
 */
function mergeSlopes(
  later: Float64Array,
  { roomKwh, chargeKwh, storedPerKwh, retention }: AggregateStore,
  { slope, kwh }: SlotCurve,
  merged: Float64Array,
): void {
  const width = roomKwh / CELLS;
  merged.fill(0);
  let at = -chargeKwh * storedPerKwh, cell = 0, from = 0, option = 0;
  while (cell < CELLS && (from < CELLS || option < slope.length)) {
    const takesLater = option >= slope.length ||
      (from < CELLS && retention * later[from] >= slope[option]);
    const value = takesLater ? retention * later[from] : slope[option];
    let end = at + (takesLater ? width : kwh[option]);
    if (takesLater) from++;
    else option++;
    // Rounding must not leave the last cell short.
    if (from === CELLS && option === slope.length) end = Math.max(end, roomKwh);
    while (cell < CELLS && end > cell * width) {
      const upper = Math.min(end, (cell + 1) * width);
      merged[cell] += value * (upper - Math.max(at, cell * width)) / width;
      if (end < (cell + 1) * width) break;
      cell++;
    }
    at = end;
  }
}

/** Writes value curves of the stores of a class, or where orders are inelastic their powers. */
function decideHomes(
  world: World,
  decision: Decision,
  c: number,
  group: Group,
  tariffClass: number,
  outlook: Outlook,
  aggregate: AggregateStore,
  slopes: Float64Array,
): void {
  const { stores, homes, firstStore, tariffs, state, spaces, dataset } = world;
  const { curves } = decision;
  const { dtHours } = dataset.profiles.grid;
  const slot = outlook.firstSlot;
  const inelastic = spaces.action.orders === "inelastic";
  const share = inelastic ? powerShare(world, outlook, group, tariffClass, aggregate, slopes) : 0;
  for (let i = group.firstHome; i < group.endHome; i++) {
    if (tariffs.classOf[i] !== tariffClass) continue;
    let netKw = outlook.loadKw[i] - outlook.pvKw[i];
    for (let s = firstStore[i]; s < firstStore[i + 1]; s++) {
      if (waits(stores[s])) continue;
      const k = c * stores.length + s;
      if (inelastic) {
        const limit = share > 0 ? state.chargeLimitKw[k] : state.dischargeLimitKw[k];
        decidePower(world, decision, k, share * limit);
        netKw += share * limit;
        continue;
      }
      const { leastKwh, mostKwh } = energyBounds(world, c, s, slot);
      // What comes out of a store counts, so that lossy ones value energy less.
      const own = stores[s].effectiveHours / (dtHours * stores[s].dischargeEfficiency);
      const worth = aggregate.drawnPerKwh / own;
      const at = k * curves.steps;
      curves.stepCount[k] = CELLS;
      for (let j = 0; j < CELLS; j++) {
        curves.stepFromKwh[at + j] = leastKwh + (mostKwh - leastKwh) * j / CELLS;
        curves.stepValuePerKwh[at + j] = worth * slopes[j];
      }
    }
    decideOrder(world, decision, c * homes + i, netKw);
  }
}

/** What share of their limits all stores should charge (> 0) or discharge: the best of the slot. */
function powerShare(
  world: World,
  outlook: Outlook,
  group: Group,
  tariffClass: number,
  store: AggregateStore,
  slopes: Float64Array,
): number {
  const curve = createSlotCurve();
  const { netKwh } = netLoad(world, outlook, group, 0, false);
  slotCurve(world, tariffClass, outlook.firstSlot, netKwh, store, NO_PEAK, curve);
  const { roomKwh, aboveLeastKwh, chargeKwh, dischargeKwh, storedPerKwh, drawnPerKwh } = store;
  const full = chargeKwh * storedPerKwh, empty = dischargeKwh * drawnPerKwh;
  if (!(roomKwh > 0)) return 0;
  // From full charge down: give up charging, then discharge, while that is worth more than to keep.
  let target = aboveLeastKwh + full;
  for (let k = 0; k < curve.kwh.length; k++) {
    let left = curve.kwh[k];
    while (left > 1e-12) {
      const cell = Math.ceil(target / roomKwh * CELLS - 1e-9) - 1;
      if (cell >= 0 && cell < CELLS && slopes[cell] >= curve.slope[k]) break;
      if (cell < 0) return bounded(-aboveLeastKwh / empty);
      const floor = cell >= CELLS ? roomKwh : cell * roomKwh / CELLS;
      const step = Math.min(left, target - floor);
      target -= step;
      left -= step;
    }
    if (left > 1e-12) break;
  }
  const change = target - aboveLeastKwh;
  return bounded(change > 0 ? change / full : empty > 0 ? change / empty : 0);
}

function bounded(share: number): number {
  return share >= 0 ? Math.min(1, share) : Math.max(-1, share);
}
