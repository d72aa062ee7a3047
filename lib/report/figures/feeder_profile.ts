/**
 * Voltages along the feeder: between which ends those of each node lay.
 *
 * @module
 */

import type { NodeVoltages } from "../../evaluation/network_files.ts";
import type { Figure } from "../figure.ts";
import { policyStyle } from "../palette.ts";
import { type Line, lines } from "./lines.ts";
import { voltageDomain } from "./voltage_profile.ts";

/**
 * The lowest and the highest voltage of each node by its electrical distance, with the band.
 *
 * @param policies In the order of importance.
 * @throws {RangeError} If there is nothing of the first policy.
 *
 * @example
 * ```ts
 * import { feederProfile } from "./feeder_profile.ts";
 * const near = { policy: "mpc", node: "a", resistanceOhm: 0, lowestVoltagePu: 1, highestVoltagePu: 1 };
 * const far = { ...near, node: "b", resistanceOhm: 0.1, lowestVoltagePu: 0.96 };
 * const { title } = feederProfile([near, far], ["mpc"], [0.95, 1.05]);
 * if (!title.startsWith("mpc: the lowest voltage, 0.960 pu, is at b")) throw new Error(title);
 * ```
 */
export function feederProfile(
  nodes: readonly NodeVoltages[],
  policies: readonly string[],
  [leastPu, mostPu]: readonly [number, number],
): Figure {
  const of = (policy: string) => nodes.filter((node) => node.policy === policy);
  const focus = of(policies[0]);
  if (focus.length === 0) {
    throw new RangeError(`there is nothing of the network under ${policies[0]}`);
  }
  const shown = policies.filter((policy) => of(policy).length > 0);
  const lowest = focus.reduce((a, b) => b.lowestVoltagePu < a.lowestVoltagePu ? b : a);
  const drawn = shown.flatMap((policy): Line[] =>
    (["lowestVoltagePu", "highestVoltagePu"] as const).map((end) => ({
      label: policy,
      style: policyStyle(policy),
      shape: "dots",
      points: of(policy).map((node) => ({ x: node.resistanceOhm, y: node[end] })),
    }))
  );
  return lines([{
    lines: drawn,
    y: { label: "voltage [pu]", domain: voltageDomain(drawn, [leastPu, mostPu]) },
    rules: [leastPu, mostPu],
    height: 320,
  }], {
    title: `${policies[0]}: the lowest voltage, ${lowest.lowestVoltagePu.toFixed(3)} pu, is at ` +
      lowest.node,
    subtitle:
      `Lowest and highest voltage of each node over all days; the band ends at ${leastPu} and ` +
      `${mostPu} pu.`,
    description: "Lowest and highest voltage of every node by its distance from the transformer.",
    x: { label: "resistance from the transformer [ohm]" },
  });
}
