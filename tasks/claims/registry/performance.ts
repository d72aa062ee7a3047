/**
 * What `docs/performance.md` states about the sizes of what is computed; its times were measured
 * once, on the machine that it names.
 *
 * @module
 */

import { ACTION_SIZE } from "../../../lib/env/action.ts";
import { observationNames } from "../../../lib/env/observation.ts";
import { parseExperiment } from "../../../lib/ppo/experiment.ts";
import { SYNTHETIC_PROSUMERS } from "../../../lib/experiments/dataset_source.ts";
import type { Claim, Figure } from "../claim.ts";
import { inCode } from "../sources.ts";

const file = "docs/performance.md";
const { ppo, training } = parseExperiment({}, "defaults");
const [first, second] = ppo.hiddenSizes;
const seen = observationNames.length;

/** Kernels fill widths up to multiples of this. */
const LANES = 8;
const padded = (width: number) => LANES * Math.ceil(width / LANES);

/** Multiplications per agent-step of the actor. */
const forward = padded(seen) * first + first * second + second * padded(ACTION_SIZE);
const inputGradient = first * second + second * padded(ACTION_SIZE);

const FLOAT_BYTES = 4;

/** Operations of an agent-step of training, both networks, in whole thousands. */
const operations = (epoch: number) => 1000 * Math.round(4 * (forward + ppo.epochs * epoch) / 1000);

function sizes(pattern: RegExp, by: string, measure: () => Figure[]): Claim {
  return { kind: "figures", file, pattern, by, effort: "read", measure };
}

/** The claims. */
export const performanceClaims: readonly Claim[] = [
  sizes(
    /(\d+) households × (\d+) communities, (\d+) numbers seen, networks (\d+-\d+-\d+-\d+) \(actor\) and (\d+-\d+-\d+-\d+) \(critic\), (\d+) epochs, rollouts of ([\d,]+) agent-steps in (\d+) minibatches of (\d+)/,
    "lib/ppo/config.ts",
    () => {
      const samples = SYNTHETIC_PROSUMERS * training.communities * ppo.rolloutSteps;
      const widths = [seen, first, second];
      return [
        SYNTHETIC_PROSUMERS,
        training.communities,
        seen,
        [...widths, ACTION_SIZE].join("-"),
        [...widths, 1].join("-"),
        ppo.epochs,
        samples,
        Math.round(samples / ppo.minibatchSize),
        samples / Math.round(samples / ppo.minibatchSize),
      ];
    },
  ),
  sizes(/\| forward \| [^|]*\| ([\d,]+) \|/, "lib/ppo/wasm/mlp.ts", () => [forward]),
  sizes(/\| weight gradient \| [^|]*\| ([\d,]+) \|/, "lib/ppo/wasm/mlp.ts", () => [forward]),
  sizes(/\| input gradient \| [^|]*\| ([\d,]+) \|/, "lib/ppo/wasm/mlp.ts", () => [inputGradient]),
  sizes(
    /([\d,]+) \+ 4 · ([\d,]+)\) = ([\d,]+) operations/,
    "lib/ppo/wasm/mlp.ts",
    () => {
      const epoch = 2 * forward + inputGradient;
      return [forward, epoch, operations(epoch)];
    },
  ),
  {
    kind: "figures",
    file,
    pattern:
      /(\d+) thousand million a second per core [\s\S]*?than ([\d.]+) µs on one core; products here run at (\d+), which makes ([\d.]+) µs/,
    by: "operations of an agent-step ÷ the rates that the page states",
    effort: "read",
    measure: async () => {
      const [peak, rate] = (await inCode(
        file,
        /do (\d+)\s+thousand million a second[\s\S]*?run at (\d+)/,
      )).map(Number);
      const thousands = operations(2 * forward + inputGradient) / 1000;
      return [peak, thousands / peak, rate, thousands / rate];
    },
  },
  sizes(
    /the (\d+) kB of weights of a layer in the first/,
    "lib/ppo/wasm/mlp.ts",
    () => [FLOAT_BYTES * padded(seen) * first / 1000],
  ),
  sizes(/\(2 · (\d+) bytes\)/, "lib/env/observation.ts", () => [FLOAT_BYTES * seen]),
];
