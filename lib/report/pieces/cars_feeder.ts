/**
 * A street with more and more cars behind one transformer, with envelopes and without.
 *
 * @module
 */

import { synthesize } from "../../data/synthetic.ts";
import { environmentConfigSchema } from "../../env/config.ts";
import { play } from "../../evaluation/records.ts";
import { rulePolicy } from "../../policies/rule_based.ts";
import { lines } from "../figures/lines.ts";
import { fixed } from "../figures/common.ts";
import { COLOURS } from "../palette.ts";
import type { Piece, Values } from "./piece.ts";

/** The first two weeks of a year; the second is played. */
const HOMES = { seed: 1, days: 14, dtHours: 1, feeder: "rural" } as const;

/** Loading of the transformer by the hour of a week; 1 is its rating. */
interface Loading {
  readonly kept: Float64Array;
  readonly free: Float64Array;
}

/** Drag the number of homes and of cars. */
export const carsFeeder: Piece<Loading> = {
  name: "cars-feeder",
  controls: [
    { name: "homes", label: "A street of", unit: "homes", min: 4, max: 20, step: 1, value: 10 },
    { name: "cars", label: "with", unit: "cars", min: 0, max: 20, step: 1, value: 8 },
  ],
  async *compute({ homes, cars }: Values) {
    const dataset = synthesize({ ...HOMES, prosumers: homes, cars: Math.min(homes, cars) });
    const loading = async (envelopes: "equal" | "none") => {
      const config = environmentConfigSchema.parse({ network: { envelopes } });
      const options = { dataset, config, firstSlots: [168], seed: 1 };
      return (await play(options, rulePolicy("charge-at-once"))).community.transformerLoading;
    };
    yield { kept: await loading("equal"), free: await loading("none") };
  },
  figure({ kept, free }, { homes, cars }) {
    const most = (loading: Float64Array) => `${fixed(100 * Math.max(...loading), 0)} %`;
    const points = (loading: Float64Array) =>
      Array.from(loading, (share, hour) => ({ x: hour / 24, y: 100 * share }));
    return lines([{
      lines: [
        {
          label: "with envelopes",
          style: { colour: COLOURS.battery, width: 2 },
          points: points(kept),
        },
        { label: "without", style: { colour: COLOURS.gridImport, width: 1 }, points: points(free) },
      ],
      y: { label: "loading of the transformer [%]" },
      rules: [100],
      height: 240,
    }], {
      title: `The transformer carries ${most(kept)} of its rating at most; without envelopes ` +
        `${most(free)}`,
      subtitle: `${fixed(homes, 0)} homes with ${fixed(Math.min(homes, cars), 0)} cars that all ` +
        "charge the moment they come home, a week in January.",
      description: "Loading of the transformer over a week, with envelopes and without.",
      x: { label: "day" },
    });
  },
};
