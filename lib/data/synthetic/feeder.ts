/**
 * A rural low-voltage feeder for any number of homes.
 *
 * Three cables leave the transformer, with a joint every 60 to 120 m; each joint has up to four homes,
 * each on a service cable of 10 to 35 m. For 30 homes these are 40 nodes and about 280 m to the end of
 * a cable: a village street. Of the usual kind are
 *
 * - the transformer, the smallest of the series with 5 kVA a home (an assumption), 160 kVA for 30
 *   (impedance 4 %; copper losses as in ding0, from T. Werth, Netzberechnung mit Erzeugungsprofilen,
 *   2016, that of 50 kVA being an assumption); beyond 630 kVA several of these;
 * - main cables NAYY 4×150 SE, 0.2067 + j0.0804 Ω/km, 270 A (as in SimBench);
 * - service cables NAYY 4×50 SE, 0.642 + j0.083 Ω/km, 142 A (pandapower's standard types).
 *
 * The voltage behind the transformer is nominal and the feeder keeps ±5 %, half of what EN 50160
 * allows, the other half being left to the medium-voltage grid: an assumption, as lengths are.
 *
 * @module
 */

import { DEFAULT_MARGIN_PU, type Network, type NetworkNode } from "../../network/network.ts";
import { stream } from "../../random.ts";

/** Kinds of synthetic feeders. */
export const feederKinds = ["rural"] as const;

/** Kind of a synthetic feeder. */
export type FeederKind = typeof feederKinds[number];

/** Rated power and copper losses of transformers. [kVA, kW] */
const TRANSFORMERS = [[50, 1.1], [100, 1.75], [160, 2.35], [250, 3.25], [400, 4.6], [630, 6.5]];
const IMPEDANCE = 0.04;
const KVA_PER_HOME = 5;
const NOMINAL_V = 400;

const CABLES = 3;
const HOMES_PER_JOINT = 10 / 3;
const MAIN = { resistanceOhm: 0.2067, reactanceOhm: 0.0804, ratingA: 270 };
const SERVICE = { resistanceOhm: 0.642, reactanceOhm: 0.083, ratingA: 142 };

/**
 * Draws a feeder; more homes make it longer.
 *
 * @param homes Ids of the homes.
 *
 * @example
 * ```ts
 * import { drawFeeder } from "./feeder.ts";
 * const homes = Array.from({ length: 30 }, (_, i) => `house-${i}`);
 * const { nodes, transformer } = drawFeeder(homes, 1);
 * if (nodes.length !== 40 || transformer.ratingKva !== 160) throw new Error("40 nodes, 160 kVA");
 * ```
 */
export function drawFeeder(homes: readonly string[], seed: number): Network {
  const random = stream(seed, "feeder");
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const joints = Math.max(1, Math.round(homes.length / HOMES_PER_JOINT));
  const cables = Math.min(CABLES, joints);
  const nodes: NetworkNode[] = [{ id: "busbar", parent: null }];
  for (let k = 0; k < joints; k++) {
    // The cables grow in turn.
    const [cable, place] = [k % cables, Math.floor(k / cables)];
    const id = `cable-${cable + 1}-joint-${place + 1}`;
    const parent = place === 0 ? "busbar" : `cable-${cable + 1}-joint-${place}`;
    nodes.push({ id, parent, ...line(MAIN, between(0.06, 0.12)) });
  }
  homes.forEach((home, i) => {
    const { id: parent } = nodes[1 + Math.floor(i * joints / homes.length)];
    nodes.push({ id: home, parent, ...line(SERVICE, between(0.01, 0.035)) });
  });
  return {
    nominalVoltageV: NOMINAL_V,
    slackVoltagePu: 1,
    band: { leastPu: 0.95, mostPu: 1.05 },
    marginPu: DEFAULT_MARGIN_PU,
    transformer: transformerFor(KVA_PER_HOME * homes.length),
    nodes,
    homes: Object.fromEntries(homes.map((home) => [home, home])),
  };
}

function line({ resistanceOhm, reactanceOhm, ratingA }: typeof MAIN, km: number) {
  return { resistanceOhm: resistanceOhm * km, reactanceOhm: reactanceOhm * km, ratingA };
}

function transformerFor(kva: number): Network["transformer"] {
  const [largestKva] = TRANSFORMERS[TRANSFORMERS.length - 1];
  const parallel = Math.ceil(kva / largestKva);
  const [ratedKva, copperKw] = TRANSFORMERS.find(([rated]) => parallel * rated >= kva)!;
  const ratingKva = parallel * ratedKva;
  const baseOhm = NOMINAL_V ** 2 / (1000 * ratingKva);
  const resistance = copperKw / ratedKva;
  return {
    ratingKva,
    resistanceOhm: baseOhm * resistance,
    reactanceOhm: baseOhm * Math.sqrt(IMPEDANCE ** 2 - resistance ** 2),
    tapPosition: 0,
    tapStepPercent: 2.5,
  };
}
