/** Homes with tariffs of their own. */

import type { Dataset } from "../../lib/data/profiles.ts";
import { stream } from "../../lib/random.ts";

/** The data set with every second home on another tariff, above or below the common one by chance. */
export function withOwnTariffs({ community, profiles }: Dataset, seed: number): Dataset {
  const random = stream(seed, "own tariffs");
  const shift = random.uniform() < 0.5 ? 0.1 : -0.1;
  return {
    community: {
      ...community,
      prosumers: community.prosumers.map((home, i) =>
        i % 2 === 0 ? home : { ...home, tariffClass: "other" }
      ),
    },
    profiles,
    tariffs: {
      other: {
        importPricePerKwh: profiles.importPricePerKwh.map((price) =>
          price + shift + 0.05 * random.uniform()
        ),
        feedInTariffPerKwh: profiles.feedInTariffPerKwh.map((price) =>
          price + shift * random.uniform()
        ),
      },
    },
  };
}
