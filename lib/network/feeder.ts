/**
 * A network, prepared for arithmetic: nodes in an order in which every node comes after the one that
 * feeds it, lines in per-unit terms.
 *
 * Branch k is the line that feeds node k; branch 0 is the transformer.
 *
 * @module
 */

import { type Network, noLoadVoltagePu } from "./network.ts";

/** A network in columns. */
export interface Feeder {
  /** Ids of the nodes, the one behind the transformer first. `[nodes]` */
  readonly ids: readonly string[];
  /** The node that feeds each, which comes before it; −1 for the first. `[nodes]` */
  readonly parent: Int32Array;
  /** Node of each home. `[homes]` */
  readonly nodeOf: Int32Array;
  /** What a kW through the branch lowers the squared voltage by, 2R/V². `[nodes]` [pu²/kW] */
  readonly dropPerKw: Float64Array;
  /** What a kvar through the branch lowers the squared voltage by, 2X/V². `[nodes]` [pu²/kvar] */
  readonly dropPerKvar: Float64Array;
  /** Apparent power at nominal voltage at which the branch carries its rating. `[nodes]` [kVA] */
  readonly ratingKva: Float64Array;
  /**
   * Apparent power that the branch may carry whatever the voltage is that the band leaves it: its
   * rating at the lowest voltage that can be there. `[nodes]` [kVA]
   */
  readonly limitKva: Float64Array;
  /** Squared voltage behind the transformer without load. [pu²] */
  readonly slackSquaredPu: number;
  /** Least squared voltage, margin included. [pu²] */
  readonly leastSquaredPu: number;
  /** Squared voltage at the lower end of the band itself. [pu²] */
  readonly bandLeastSquaredPu: number;
  /** Most squared voltage, margin included. [pu²] */
  readonly mostSquaredPu: number;
}

/**
 * Prepares a valid network.
 *
 * @param homes Ids of the homes, in the order of their rows.
 */
export function createFeeder(network: Network, homes: readonly string[]): Feeder {
  const { nodes, transformer, band, marginPu, nominalVoltageV } = network;
  const ordered = byDistance(nodes);
  const index = new Map(ordered.map(({ id }, k) => [id, k]));
  const each = (value: (k: number) => number) => Float64Array.from(ordered, (_, k) => value(k));
  const perKw = 2000 / nominalVoltageV ** 2;
  const parent = Int32Array.from(
    ordered,
    ({ parent }) => parent === null ? -1 : index.get(parent)!,
  );
  const dropPerKw = each((k) =>
    perKw * (k === 0 ? transformer.resistanceOhm : ordered[k].resistanceOhm!)
  );
  const dropPerKvar = each((k) =>
    perKw * (k === 0 ? transformer.reactanceOhm : ordered[k].reactanceOhm!)
  );
  const ratingKva = each((k) =>
    k === 0 ? transformer.ratingKva : Math.sqrt(3) * nominalVoltageV * ordered[k].ratingA! / 1000
  );
  const slackSquaredPu = noLoadVoltagePu(network) ** 2;
  const leastSquaredPu = (band.leastPu + marginPu) ** 2;
  // However a branch is loaded within its rating, the voltage falls by no more than this.
  const lowest = new Float64Array(ordered.length);
  const limitKva = each((k) => {
    const from = k === 0 ? slackSquaredPu : lowest[parent[k]];
    const most = ratingKva[k] * band.mostPu * Math.hypot(dropPerKw[k], dropPerKvar[k]);
    lowest[k] = Math.max(leastSquaredPu, from - most);
    return ratingKva[k] * Math.sqrt(lowest[k]);
  });
  return {
    ids: ordered.map(({ id }) => id),
    parent,
    nodeOf: Int32Array.from(homes, (home) => index.get(network.homes[home])!),
    dropPerKw,
    dropPerKvar,
    ratingKva,
    limitKva,
    slackSquaredPu,
    leastSquaredPu,
    bandLeastSquaredPu: band.leastPu ** 2,
    mostSquaredPu: (band.mostPu - marginPu) ** 2,
  };
}

/** Resistance of the lines from the transformer to each node. `[nodes]` [ohm] */
export function resistanceTo(
  { parent, dropPerKw }: Feeder,
  { nominalVoltageV }: Pick<Network, "nominalVoltageV">,
): number[] {
  const ohm: number[] = [];
  parent.forEach((from, k) =>
    ohm.push(from < 0 ? 0 : ohm[from] + dropPerKw[k] * nominalVoltageV ** 2 / 2000)
  );
  return ohm;
}

/** Nodes in the order in which they are reached from the transformer. */
function byDistance(nodes: Network["nodes"]): Network["nodes"][number][] {
  const children = Map.groupBy(nodes, ({ parent }) => parent);
  const ordered = [...children.get(null)!];
  for (let k = 0; k < ordered.length; k++) ordered.push(...children.get(ordered[k].id) ?? []);
  return ordered;
}
