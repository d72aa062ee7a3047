/**
 * Doubts about prices: unit, missing surcharges, and exporting that earns more than importing costs.
 *
 * @module
 */

import { HOURS_PER_DAY } from "../../units.ts";
import type { Dataset } from "../profiles.ts";
import { type Doubt, short } from "./doubt.ts";

/** Currencies of which a unit is about a euro. */
const EURO_LIKE = ["EUR", "USD", "GBP", "CHF", "CAD", "AUD"];
/** What homes pay on average. [currency/kWh] */
const USUAL = { least: 0.1, most: 1.2 };
/** Fewer days say nothing of a mean. [d] */
const LEAST_DAYS = 7;

/** Doubts about prices of all classes. */
export function doubtsAboutPrices({ community, profiles, tariffs = {} }: Dataset): Doubt[] {
  const { grid } = profiles;
  const named = [
    ["", profiles],
    ...Object.entries(tariffs).map(([name, t]) => [` of ${name}`, t]),
  ] as [
    string,
    typeof profiles,
  ][];
  const doubts: Doubt[] = [];
  const isUsed = community.prosumers.some(({ tariffClass }) => tariffClass === undefined);
  for (const [name, { importPricePerKwh }] of named) {
    if (name === "" && !isUsed) continue;
    const mean = importPricePerKwh.reduce((sum, price) => sum + price, 0) / grid.slots;
    const isLong = grid.slots * grid.dtHours >= LEAST_DAYS * HOURS_PER_DAY;
    if (!EURO_LIKE.includes(community.currency)) continue;
    const price = `the import price${name} is ${short(mean)} ${community.currency}/kWh on average`;
    if (mean > USUAL.most) {
      doubts.push({
        kind: "price",
        text: `${price}; are these cents, or prices of a MWh? Divide by ${
          mean > 15 && mean < 60 ? 100 : mean > 60 ? 1000 : 100
        }`,
      });
    } else if (isLong && mean < USUAL.least) {
      doubts.push({
        kind: "price",
        text:
          `${price}, less than homes pay: is it the exchange's price without network, levies and tax? ` +
          "Import again with --prices and --surcharge",
      });
    }
  }
  const inverted = profiles.importPricePerKwh.reduce(
    (count, price, slot) => count + (price < profiles.feedInTariffPerKwh[slot] ? 1 : 0),
    0,
  );
  if (inverted > 0) {
    doubts.push({
      kind: "price",
      text:
        `in ${inverted} of ${grid.slots} slots importing costs less than exporting earns; nobody ` +
        "trades in them: is the feed-in tariff right (--feed-in-tariff)?",
    });
  }
  return doubts;
}
