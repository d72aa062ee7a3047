/**
 * AC power flow of a radial network, by sweeps of currents towards the transformer and of voltages back
 * until nothing changes: constant power at every home, series impedances, nothing left out.
 *
 *     I_n = conj(S_n / V_n),   J_k = Σ I_n behind k,   V_k = V_parent − Z_k·J_k
 */

import { type Network, noLoadVoltagePu } from "../../lib/network/network.ts";

/** What a network comes to, by the id of the node that a branch feeds. */
export interface AcFlow {
  /** Voltage. [pu] */
  readonly pu: ReadonlyMap<string, number>;
  /** Current as a share of what the branch may carry. */
  readonly loading: ReadonlyMap<string, number>;
  /** Losses of all branches. [kW] */
  readonly lossesKw: number;
}

/** The flow; `null` where the network cannot carry so much at all. */
export function acPowerFlow(
  network: Network,
  homes: readonly string[],
  netKw: ArrayLike<number>,
  kvar: ArrayLike<number>,
): AcFlow | null {
  const { nodes, transformer, nominalVoltageV } = network;
  const children = Map.groupBy(nodes, ({ parent }) => parent);
  const ordered = [...children.get(null)!];
  for (let k = 0; k < ordered.length; k++) ordered.push(...children.get(ordered[k].id) ?? []);
  const index = new Map(ordered.map(({ id }, k) => [id, k]));
  const count = ordered.length, each = () => new Float64Array(count);
  // Per unit of 1 kW at nominal voltage: a kW has the current 1, an ohm is 1000/V² of it.
  const perOhm = 1000 / nominalVoltageV ** 2;
  const branches = ordered.map((node, k) => k === 0 ? transformer : node);
  const r = branches.map(({ resistanceOhm }) => resistanceOhm! * perOhm);
  const x = branches.map(({ reactanceOhm }) => reactanceOhm! * perOhm);
  const p = each(), q = each();
  homes.forEach((home, i) => {
    p[index.get(network.homes[home])!] += netKw[i];
    q[index.get(network.homes[home])!] += kvar[i];
  });
  const from = noLoadVoltagePu(network);
  const re = each().fill(from), im = each(), currentRe = each(), currentIm = each();
  for (let round = 0; round < 500; round++) {
    for (let k = 0; k < count; k++) {
      const squared = re[k] ** 2 + im[k] ** 2;
      currentRe[k] = (p[k] * re[k] + q[k] * im[k]) / squared;
      currentIm[k] = (p[k] * im[k] - q[k] * re[k]) / squared;
    }
    for (let k = count - 1; k > 0; k--) {
      const parent = index.get(ordered[k].parent!)!;
      currentRe[parent] += currentRe[k];
      currentIm[parent] += currentIm[k];
    }
    let moved = 0;
    for (let k = 0; k < count; k++) {
      const parent = k === 0 ? -1 : index.get(ordered[k].parent!)!;
      const toRe = (k === 0 ? from : re[parent]) - r[k] * currentRe[k] + x[k] * currentIm[k];
      const toIm = (k === 0 ? 0 : im[parent]) - r[k] * currentIm[k] - x[k] * currentRe[k];
      moved = Math.max(moved, Math.abs(toRe - re[k]), Math.abs(toIm - im[k]));
      [re[k], im[k]] = [toRe, toIm];
    }
    if (!Number.isFinite(moved)) return null;
    if (moved > 1e-13) continue;
    const current = (k: number) => Math.hypot(currentRe[k], currentIm[k]);
    const ratingKva = (k: number) =>
      k === 0 ? transformer.ratingKva : Math.sqrt(3) * nominalVoltageV * ordered[k].ratingA! / 1000;
    return {
      pu: new Map(ordered.map(({ id }, k) => [id, Math.hypot(re[k], im[k])])),
      loading: new Map(ordered.map(({ id }, k) => [id, current(k) / ratingKva(k)])),
      lossesKw: ordered.reduce((sum, _, k) => sum + r[k] * current(k) ** 2, 0),
    };
  }
  return null;
}
