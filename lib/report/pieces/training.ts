/**
 * A training from scratch: its learning curve grows while whoever reads looks on.
 *
 * @module
 */

import { splitDays } from "../../data/split.ts";
import { synthesize } from "../../data/synthetic.ts";
import { communityCost } from "../../evaluation/prosumer_bills.ts";
import { play } from "../../evaluation/records.ts";
import { learnedPolicy } from "../../policies/learned.ts";
import type { Policy } from "../../policies/policy.ts";
import { rulePolicy } from "../../policies/rule_based.ts";
import { parseExperiment } from "../../ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../../ppo/market_environment.ts";
import { createTrainer } from "../../ppo/ppo.ts";
import { fixed } from "../figures/common.ts";
import { lines } from "../figures/lines.ts";
import { policyStyle } from "../palette.ts";
import type { Piece, Values } from "./piece.ts";

/** A spring and a summer: enough weeks to learn from and to judge by. */
const SEASON = { start: "2025-03-03T00:00:00+01:00", days: 140, dtHours: 1, seed: 1 };
const RULES = ["grid-only", "self-consumption"];
const COMMUNITIES = 16;
/** Updates between two judgements. */
const JUDGED_EVERY = 2;

/** How far the training is. */
interface Progress {
  /** Cost of the weeks that training never sees, by timesteps. [EUR/d] */
  readonly curve: readonly { readonly x: number; readonly y: number }[];
  /** Cost of the rules on the same weeks, in the order of {@linkcode RULES}. [EUR/d] */
  readonly rules: readonly number[];
  readonly totalTimesteps: number;
}

/** Train agents for a community of one's choice. */
export const training: Piece<Progress> = {
  name: "training",
  start: "Train",
  controls: [
    { name: "homes", label: "Train", unit: "homes", min: 2, max: 10, step: 1, value: 6 },
    {
      name: "steps",
      label: "for so many hours",
      unit: "h",
      ...{ min: 5_000, max: 50_000, step: 5_000, value: 10_000 },
    },
    { name: "seed", label: "from seed", unit: "", min: 1, max: 20, step: 1, value: 1 },
  ],
  async *compute({ homes, steps: totalTimesteps, seed }: Values) {
    const dataset = synthesize({ ...SEASON, prosumers: homes });
    // Without a teacher, so that all that is learned comes of trying.
    const experiment = parseExperiment({
      training: { communities: COMMUNITIES },
      ppo: { totalTimesteps, minibatchSize: 1024, imitationShare: 0 },
    }, "live piece");
    const { environment: config } = experiment;
    const { train, validation } = splitDays(dataset, config);
    const market = new MarketTrainingEnvironment(dataset, config, {
      ...experiment.training,
      firstSlots: train,
    });
    const trainer = await createTrainer(market, experiment.ppo, seed);
    const days = { dataset, config, firstSlots: validation, seed: 1 };
    const costPerDay = async (policy: Policy) =>
      communityCost(await play(days, policy)) / (validation.length * config.episodeDays);
    const rules: number[] = [];
    for (const name of RULES) rules.push(await costPerDay(rulePolicy(name)));
    const judge = () => costPerDay(learnedPolicy(trainer.policy(), market));
    const curve = [{ x: 0, y: await judge() }];
    yield { curve: [...curve], rules, totalTimesteps };
    for (let update = 1; !trainer.done; update++) {
      const { timesteps } = trainer.iterate();
      if (update % JUDGED_EVERY !== 0 && !trainer.done) continue;
      curve.push({ x: timesteps, y: await judge() });
      yield { curve: [...curve], rules, totalTimesteps };
    }
  },
  figure({ curve, rules, totalTimesteps }, { homes, seed }) {
    const { x: timesteps, y: cost } = curve[curve.length - 1];
    // The last rollout is played to its end.
    const end = Math.max(totalTimesteps, timesteps);
    const across = (y: number) => [{ x: 0, y }, { x: end, y }];
    return lines([{
      lines: [
        { label: "learned", style: policyStyle("learned"), points: curve },
        ...RULES.map((name, k) => ({
          label: name,
          style: policyStyle(name),
          points: across(rules[k]),
        })),
      ],
      y: { label: "cost on weeks it never saw [EUR/d]" },
      height: 300,
    }], {
      title: timesteps === 0
        ? `Before it learns anything, the policy costs ${fixed(cost, 2)} EUR a day`
        : `After ${fixed(timesteps, 0)} hours it costs ${fixed(cost, 2)} EUR a day; at first it ` +
          `was ${fixed(curve[0].y, 2)}, self-consumption ${fixed(rules[1], 2)}`,
      subtitle: `${fixed(homes, 0)} homes from March to July, seed ${fixed(seed, 0)}; PPO from ` +
        "scratch, without a teacher.",
      description: "Cost per day of a learning policy against timesteps, with two rules.",
      x: { label: "timesteps", domain: [0, end] },
    });
  },
};
