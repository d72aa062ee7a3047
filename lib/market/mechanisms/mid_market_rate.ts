/**
 * Mid-market rate: energy between homes costs the middle of import price and feed-in tariff, and
 * what is short or left over is shared by all of that side.
 *
 * Source: C. Long, J. Wu, C. Zhang, L. Thomas, M. Cheng and N. Jenkins, "Peer-to-peer energy trading
 * in a community microgrid", IEEE Power & Energy Society General Meeting, 2017.
 *
 * @module
 */

import type { Mechanism } from "../mechanism.ts";
import { sharingMechanism } from "./shared_energy.ts";

/** Trade at (C + f)/2, the shorter side in full and the longer pro rata. */
export const midMarketRate: Mechanism = sharingMechanism({
  name: "mid-market-rate",
  description: "trade at the middle of the tariffs; the longer side is shared pro rata",
  price: (ceiling, feedIn) => (ceiling + feedIn) / 2,
  share: proRata,
});

/** What is given, by what each takes. [kWh] */
export function proRata(taken: readonly number[], given: number): number[] {
  const all = taken.reduce((sum, kwh) => sum + kwh, 0);
  return taken.map((kwh) => all > given ? given * kwh / all : kwh);
}
