/**
 * Collective self-consumption: the surplus of the community is allotted to its consumers by
 * coefficients, as European rules have it. A shared kWh costs what it would have earned its owner,
 * the feed-in tariff and the network fees: no price is formed, and consumers keep the gain.
 *
 * - *Static*: fixed coefficients (in Spain set beforehand, by the hour if wanted: Real Decreto
 *   244/2019, annex I). What a consumer is allotted and does not use goes to the grid.
 * - *Dynamic*: by each slot's use (the rule of French *autoconsommation collective* unless another
 *   is agreed, Code de l'énergie D. 315-6, and the dynamic allocation of Austrian communities,
 *   ElWOG 2010, § 16e).
 *
 * @module
 */

import type { Mechanism } from "../mechanism.ts";
import { proRata } from "./mid_market_rate.ts";
import { sharingMechanism } from "./shared_energy.ts";

const price = (_ceiling: number, feedIn: number, fee: number) => feedIn + fee;

/** Surplus by fixed coefficients; what is not used where it is allotted is exported. */
export const sharingStatic: Mechanism = sharingMechanism({
  name: "sharing-static",
  description: "surplus by fixed coefficients at the feed-in tariff; what is not used is exported",
  price,
  share(taken, given, coefficients) {
    const sum = coefficients.reduce((all, share) => all + (share > 0 ? share : 0), 0);
    return taken.map((kwh, k) =>
      sum > 0 && coefficients[k] > 0 ? Math.min(kwh, given * coefficients[k] / sum) : 0
    );
  },
});

/** Surplus by each slot's use. */
export const sharingDynamic: Mechanism = sharingMechanism({
  name: "sharing-dynamic",
  description: "surplus by each slot's use at the feed-in tariff",
  price,
  share: proRata,
});
