/** Random feeders for properties, and voltages by nodal sensitivities. */

import type { Dataset } from "../../lib/data/profiles.ts";
import type { Network } from "../../lib/network/network.ts";
import { stream } from "../../lib/random.ts";

/** A feeder of some nodes with homes on them; cables of 10 to 200 m, transformers of all sizes. */
export function randomNetwork(
  seed: number,
  homes: number | readonly string[],
  nodes: number,
): Network {
  const random = stream(seed, "feeder");
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const ratingKva = [50, 100, 160, 250, 400][random.below(5)];
  const base = 0.16 / ratingKva * 1000;
  const ids = Array.from({ length: nodes }, (_, k) => `n${k}`);
  return {
    nominalVoltageV: 400,
    slackVoltagePu: between(0.97, 1.04),
    band: { leastPu: 0.9 + 0.04 * random.uniform(), mostPu: 1.06 + 0.04 * random.uniform() },
    marginPu: 0.003,
    transformer: {
      ratingKva,
      resistanceOhm: 0.015 * base,
      reactanceOhm: 0.037 * base,
      tapPosition: random.below(3) - 1,
      tapStepPercent: 1,
    },
    nodes: ids.map((id, k) => {
      if (k === 0) return { id, parent: null };
      const km = between(0.01, 0.2);
      const thick = random.uniform() < 0.5;
      return {
        id,
        parent: ids[random.below(k)],
        resistanceOhm: km * (thick ? 0.2067 : 0.64),
        reactanceOhm: km * 0.08,
        ratingA: thick ? 270 : 140,
      };
    }),
    homes: Object.fromEntries(
      (typeof homes === "number" ? Array.from({ length: homes }, (_, i) => `h${i}`) : homes)
        .map((home) => [home, ids[random.below(nodes)]]),
    ),
  };
}

/** The same homes on a random feeder, with some reactive power. */
export function onNetwork(dataset: Dataset, seed: number): Dataset {
  const random = stream(seed, "on network");
  const ids = dataset.community.prosumers.map(({ id }) => id);
  const { loadKw, pvKw, grid: { slots } } = dataset.profiles;
  const peakOf = (values: Float64Array) =>
    ids.reduce(
      (sum, _, i) =>
        sum + values.subarray(i * slots, (i + 1) * slots).reduce((a, b) => Math.max(a, b), 0),
      0,
    );
  const peakKw = Math.min(1e6, Math.max(1, peakOf(loadKw), peakOf(pvKw)));
  const drawn = randomNetwork(seed, ids, 1 + random.below(6));
  // Smaller than the homes' peaks together, or larger.
  const times = peakKw * 10 ** (1.2 * random.uniform() - 0.8) / drawn.transformer.ratingKva;
  const network = {
    ...drawn,
    transformer: {
      ...drawn.transformer,
      ratingKva: drawn.transformer.ratingKva * times,
      resistanceOhm: drawn.transformer.resistanceOhm / times,
      reactanceOhm: drawn.transformer.reactanceOhm / times,
    },
    nodes: drawn.nodes.map((node) =>
      node.parent === null ? node : ({
        ...node,
        ratingA: node.ratingA! * times,
        resistanceOhm: node.resistanceOhm! / times,
        reactanceOhm: node.reactanceOhm! / times,
      })
    ),
  };
  // Reactive power alone must not break a limit.
  const most = 0.05 * network.transformer.ratingKva / ids.length;
  const reactiveKvar = loadKw.map((kw) => Math.min(most, 0.4 * kw) * (random.uniform() - 0.2));
  return { ...dataset, network, profiles: { ...dataset.profiles, reactiveKvar } };
}

/** Squared voltages and flows by their definition: what each home does to each node, added up. */
export function bySensitivities(
  network: Network,
  homes: readonly string[],
  netKw: ArrayLike<number>,
  kvar: ArrayLike<number>,
): { squaredPu: Map<string, number>; powerKw: Map<string, number> } {
  const parent = new Map(network.nodes.map((node) => [node.id, node]));
  const pathTo = (id: string) => {
    const path: string[] = [];
    for (let at = parent.get(id); at !== undefined; at = parent.get(at.parent ?? "")) {
      path.push(at.id);
    }
    return path;
  };
  const paths = homes.map((home) => new Set(pathTo(network.homes[home])));
  const { transformer, nominalVoltageV } = network;
  const slack = network.slackVoltagePu /
    (1 + transformer.tapPosition * transformer.tapStepPercent / 100);
  const squaredPu = new Map<string, number>(), powerKw = new Map<string, number>();
  for (const { id } of network.nodes) {
    let v = slack * slack;
    homes.forEach((_, i) => {
      for (const shared of pathTo(id)) {
        if (!paths[i].has(shared)) continue;
        const branch = parent.get(shared)!.parent === null ? transformer : parent.get(shared)!;
        const drop = branch.resistanceOhm! * netKw[i] + branch.reactanceOhm! * kvar[i];
        v -= 2000 * drop / nominalVoltageV ** 2;
      }
    });
    squaredPu.set(id, v);
    powerKw.set(id, homes.reduce((sum, _, i) => sum + (paths[i].has(id) ? netKw[i] : 0), 0));
  }
  return { squaredPu, powerKw };
}
