/**
 * What a Python process is told of an environment: who is in it, what there is to see and to say, by
 * name and in natural units.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { boundsOf } from "../env/bounds.ts";
import { ledgerColumns } from "../env/columns.ts";
import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import { timestamp } from "../units.ts";

/** What is said beside the environment itself. */
export interface DescribedWith {
  /** Homes and their profiles. */
  readonly dataset: Dataset;
  /** First slots of episodes. */
  readonly firstSlots: readonly number[];
  /** Columns of the books that come with every step. */
  readonly info: readonly (keyof typeof ledgerColumns)[];
  /** The whole configuration. */
  readonly config: unknown;
}

/** The description as JSON. */
export function described(
  { observationSpace: { common, own }, actionSpace, world, communities, slotsPerEpisode }:
    EnergyMarketEnv,
  { dataset: { community, profiles: { grid } }, firstSlots, info, config }: DescribedWith,
): string {
  const bounds = (features: readonly string[]) =>
    // JSON has no infinity.
    boundsOf(features).map((ends) => ends.map((end) => Number.isFinite(end) ? end : null));
  return JSON.stringify({
    community: community.name,
    currency: community.currency,
    homes: community.prosumers.map(({ id }) => id),
    storeOwners: world.stores.map(({ owner }) => owner),
    communities,
    slotsPerEpisode,
    dtHours: grid.dtHours,
    start: timestamp(grid, 0),
    firstSlots,
    common,
    own,
    commonBounds: bounds(common),
    ownBounds: bounds(own),
    actions: actionSpace.names,
    info: info.map((name) => ({ name, scope: ledgerColumns[name].scope })),
    config,
  });
}
