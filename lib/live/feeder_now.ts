/**
 * The feeder under the homes as the page is told of it: its tree once, and in every slot the voltage of
 * each node and how much room each home has.
 *
 * @module
 */

import { loadsBySlot } from "../data/loads_by_slot.ts";
import type { Dataset } from "../data/profiles.ts";
import { allocationOf, createGrid, flowOf, type Grid } from "../env/grid.ts";
import type { Records } from "../evaluation/records.ts";
import { loadingOf } from "../network/lin_dist_flow.ts";
import { storesOf } from "../stores/stores.ts";

/** The tree of a feeder. */
export interface FeederDescription {
  /** Names of the nodes, the one behind the transformer first; parents stand before their children. */
  readonly nodes: readonly string[];
  /** The node that feeds each; −1 for the first. */
  readonly parent: readonly number[];
  /** Node of each home. */
  readonly nodeOf: readonly number[];
  /** Voltages that the nodes must keep. [pu] */
  readonly band: { readonly leastPu: number; readonly mostPu: number };
}

/** A feeder in a slot. */
export interface FeederNow {
  /** Voltage of each node. [pu] */
  readonly voltagePu: readonly number[];
  /** Current in the transformer as a share of its rating. */
  readonly transformerLoading: number;
  /** The most that each home may take; `null` where nobody is held back. [kW] */
  readonly mostKw: readonly number[] | null;
  /** The most that each home may give; `null` where nobody is held back. [kW] */
  readonly mostGivenKw: readonly number[] | null;
}

const known = new WeakMap<Dataset, Grid>();

/** The grid of a data set, with envelopes by the rules; interventions make data sets of their own. */
function gridOf(dataset: Dataset, rules: Records["rules"]): Grid | null {
  const found = known.get(dataset);
  if (found !== undefined && found.allocation === allocationOf(rules)) return found;
  const made = createGrid(dataset, loadsBySlot(dataset.profiles), storesOf(dataset), rules);
  if (made !== null) known.set(dataset, made);
  return made;
}

/** The tree under a data set's homes; `null` without a network. */
export function feederOf(dataset: Dataset, rules: Records["rules"]): FeederDescription | null {
  const grid = gridOf(dataset, rules);
  if (grid === null) return null;
  const { ids, parent, nodeOf } = grid.feeder;
  return {
    nodes: ids,
    parent: [...parent],
    nodeOf: [...nodeOf],
    band: dataset.network!.band,
  };
}

/**
 * The feeder in slot number `step` (from 0) of a day's books; `null` without a network.
 *
 * @param slot The same slot in the data set.
 */
export function feederNow(
  { home: { netKwh }, homes, rules }: Records,
  dataset: Dataset,
  step: number,
  slot: number,
): FeederNow | null {
  const grid = gridOf(dataset, rules);
  if (grid === null) return null;
  const flow = flowOf(grid, netKwh, step * homes, dataset.profiles.grid.dtHours, slot);
  const brief = (value: number) => Number(value.toPrecision(5));
  const at = grid.allocation === null ? null : grid.find(slot);
  const room = (values: Float64Array, sign: 1 | -1) =>
    at === null
      ? null
      : Array.from(values.subarray(at, at + homes), (kw) => brief(Math.max(0, sign * kw)));
  return {
    voltagePu: Array.from(flow.squaredPu, (squared) => brief(Math.sqrt(Math.max(0, squared)))),
    transformerLoading: brief(loadingOf(grid.feeder, flow, 0)),
    mostKw: room(grid.mostKw, 1),
    mostGivenKw: room(grid.leastKw, -1),
  };
}
