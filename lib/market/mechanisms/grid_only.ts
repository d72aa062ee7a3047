/**
 * Every home settles with the grid alone.
 *
 * @module
 */

import type { Mechanism } from "../mechanism.ts";
import { sharingMechanism } from "./shared_energy.ts";

/** No trade: each meter buys at its ceiling and sells at its feed-in tariff. */
export const gridOnly: Mechanism = sharingMechanism({
  name: "grid-only",
  description: "each meter settles with the grid alone; the price is the middle of the tariffs",
  price: (ceiling, feedIn) => (ceiling + feedIn) / 2,
  share: (taken) => taken.map(() => 0),
});
