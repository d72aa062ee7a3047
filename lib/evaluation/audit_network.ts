/**
 * The part of the {@link ./audit.ts} that recomputes the network, by nodal sensitivities: what a
 * kilowatt at each home does to each node and each line, added up home by home.
 *
 * @module
 */

import type { Network, NetworkNode } from "../network/network.ts";
import type { Demand, EpisodeBooks } from "./audit.ts";
import { near } from "./tolerance.ts";

/** What homes do to a node and to the line that feeds it. `[homes]` each */
interface NodeEffects {
  /** Fall of the squared voltage by a kW. [pu²/kW] */
  readonly perKw: Float64Array;
  /** Fall of the squared voltage by a kvar. [pu²/kvar] */
  readonly perKvar: Float64Array;
  /** 1 where the line feeds the home, else 0. */
  readonly feeds: Float64Array;
  /** Current of the line at its rating, times √3 times nominal voltage. [kVA] */
  readonly ratedKva: number;
  /** Whether it is the transformer. */
  readonly isTransformer: boolean;
}

/** Recomputes voltages and flows of an episode, and whether they keep the limits. */
export function auditNetwork(
  { records, dataset: { community, profiles, network }, first, episode }: EpisodeBooks,
  demand: Demand,
): void {
  const { homes, slotsPerEpisode, home: book, community: seen, rules } = records;
  if (network === undefined) {
    for (let at = episode * slotsPerEpisode; at < (episode + 1) * slotsPerEpisode; at++) {
      const columns = [seen.lowestVoltagePu, seen.highestVoltagePu, seen.lineLoading];
      demand("network", [...columns, seen.transformerLoading].every((column) => column[at] === 0));
    }
    return;
  }
  const { dtHours, slots } = profiles.grid;
  const effects = effectsOf(network, community.prosumers.map(({ id }) => id));
  const { band, slackVoltagePu, transformer: { tapPosition, tapStepPercent } } = network;
  const slack = (slackVoltagePu / (1 + tapPosition * tapStepPercent / 100)) ** 2;
  const isKept = rules.network?.envelopes !== "none";
  const kw = new Float64Array(homes), kvar = new Float64Array(homes);
  const sum = (weights: Float64Array, values: Float64Array) => {
    let total = 0;
    for (let i = 0; i < homes; i++) total += weights[i] * values[i];
    return total;
  };
  for (let step = 0; step < slotsPerEpisode; step++) {
    const at = episode * slotsPerEpisode + step;
    for (let i = 0; i < homes; i++) {
      kw[i] = book.netKwh[at * homes + i] / dtHours;
      kvar[i] = profiles.reactiveKvar?.[i * slots + first + step] ?? 0;
    }
    let [lowest, highest, line, transformer] = [Infinity, 0, 0, 0];
    for (const { perKw, perKvar, feeds, ratedKva, isTransformer } of effects) {
      const voltage = Math.sqrt(Math.max(0, slack - sum(perKw, kw) - sum(perKvar, kvar)));
      lowest = Math.min(lowest, voltage);
      highest = Math.max(highest, voltage);
      const loading = Math.hypot(sum(feeds, kw), sum(feeds, kvar)) / (ratedKva * voltage);
      if (isTransformer) transformer = loading;
      else line = Math.max(line, loading);
    }
    demand("network", near(lowest, seen.lowestVoltagePu[at]));
    demand("network", near(highest, seen.highestVoltagePu[at]));
    demand("network", near(line, seen.lineLoading[at]));
    demand("network", near(transformer, seen.transformerLoading[at]));
    if (!isKept) continue;
    demand("network", lowest >= band.leastPu + network.marginPu - 1e-9);
    demand("network", highest <= band.mostPu - network.marginPu + 1e-9);
    demand("network", line <= 1 + 1e-9 && transformer <= 1 + 1e-9);
  }
}

function effectsOf(network: Network, homes: readonly string[]): NodeEffects[] {
  const { nodes, transformer, nominalVoltageV } = network;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const pathOf = (id: string): NetworkNode[] => {
    const node = byId.get(id)!;
    return node.parent === null ? [node] : [node, ...pathOf(node.parent)];
  };
  const homePaths = homes.map((home) => new Set(pathOf(network.homes[home])));
  const perOhm = 2 * 1000 / (nominalVoltageV * nominalVoltageV);
  return nodes.map((node) => {
    const path = pathOf(node.id);
    const shared = (ohm: "resistanceOhm" | "reactanceOhm") =>
      Float64Array.from(homePaths, (own) =>
        perOhm *
        path.filter((each) => own.has(each))
          .reduce((sum, each) => sum + (each.parent === null ? transformer : each)[ohm]!, 0));
    return {
      perKw: shared("resistanceOhm"),
      perKvar: shared("reactanceOhm"),
      feeds: Float64Array.from(homePaths, (own) => Number(own.has(node))),
      ratedKva: node.parent === null
        ? transformer.ratingKva
        : 3 * (nominalVoltageV / Math.sqrt(3)) * node.ratingA! / 1000,
      isTransformer: node.parent === null,
    };
  });
}
