/**
 * Judges a data set: what in it may be a mistake, and what to do about it.
 *
 * @module
 */

import type { Dataset } from "../profiles.ts";
import type { Location } from "../synthetic/sun.ts";
import { doubtsAboutClock } from "./clock.ts";
import type { Doubt } from "./doubt.ts";
import { doubtsAboutHomes } from "./homes.ts";
import { doubtsAboutPrices } from "./prices.ts";

/**
 * What may be a mistake.
 *
 * @param place Where the homes are; taken from the offset from UTC if absent.
 */
export function judge(dataset: Dataset, place?: Location): Doubt[] {
  return [
    ...doubtsAboutHomes(dataset),
    ...doubtsAboutClock(dataset, place),
    ...(hasNothing(dataset)
      ? [{
        kind: "nothing" as const,
        text:
          "there is neither load nor sun, so that nothing can be traded or saved; check the columns " +
          "and the unit",
      }]
      : []),
    ...doubtsAboutPrices(dataset),
  ];
}

/** Whether there is nothing that could be simulated. */
export function hasNothing({ community, profiles: { loadKw, pvKw } }: Dataset): boolean {
  return [loadKw, pvKw].every((power) => power.every((value) => value === 0)) &&
    community.prosumers.every(({ devices = [] }) => devices.length === 0);
}
