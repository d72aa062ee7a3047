/**
 * What policies cost in the communities of the distribution W, each in its own weeks.
 *
 * @module
 */

import { episodeCosts } from "../evaluation/kpis.ts";
import { play, type PlayOptions } from "../evaluation/records.ts";
import type { Policy } from "../policies/policy.ts";
import { drawCommunity, type DrawnCommunity, type Part, PARTS } from "./distribution.ts";

/** Seed of the forecasts. */
const FORECAST_SEED = 42;

/** Weeks that are played of each community: the last, so that training weeks of all are as many. */
const WEEKS = 1;

/** What is played of a community. */
export function playedWeeks({ dataset, config, firstSlots }: DrawnCommunity): PlayOptions {
  return { dataset, config, firstSlots: firstSlots.slice(-WEEKS), seed: FORECAST_SEED };
}

/** Mean over communities of what a week costs a home. [currency] */
export async function costPerHome(part: Part, policy: Policy): Promise<number> {
  let sum = 0;
  for (let index = 0; index < PARTS[part]; index++) {
    const drawn = drawCommunity(part, index);
    const records = await play(playedWeeks(drawn), policy);
    const cost = episodeCosts(records).reduce((total, each) => total + each, 0) / WEEKS;
    sum += cost / drawn.dataset.community.prosumers.length;
  }
  return sum / PARTS[part];
}
