/** Random feeders for properties, and voltages by nodal sensitivities. */

import type { Network } from "../../lib/network/network.ts";
import { stream } from "../../lib/random.ts";

/** A feeder of some nodes with homes on them; cables of 10 to 200 m, transformers of all sizes. */
export function randomNetwork(seed: number, homes: number, nodes: number): Network {
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
      Array.from({ length: homes }, (_, i) => [`h${i}`, ids[random.below(nodes)]]),
    ),
  };
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
