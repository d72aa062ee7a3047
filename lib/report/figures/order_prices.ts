/**
 * The prices that homes bid and ask, by time of day and by how full their batteries are.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { PlacedOrder } from "../../evaluation/placed_orders.ts";
import { quantile } from "../../evaluation/statistics.ts";
import { stream } from "../../random.ts";
import type { Figure } from "../figure.ts";
import { COLOURS } from "../palette.ts";
import { CLOCK_AXIS, MARGINS, percent, VALUE_AXIS } from "./common.ts";

const BID = { colour: COLOURS.load, width: 2 };
const ASK = { colour: COLOURS.solar, width: 2 };
/** More dots than this only cover each other. */
const MOST_DOTS = 900;

/**
 * Order prices in percent of the room between the tariffs, a panel by time of day and one by state
 * of charge. Of many orders a seeded sample is drawn; the title is computed from all.
 *
 * @throws {RangeError} If one side has no orders.
 */
export function orderPrices(orders: readonly PlacedOrder[]): Figure {
  const random = stream(0, "drawn orders");
  const drawn = orders.filter(() => random.uniform() < MOST_DOTS / orders.length)
    .map((order) => ({
      ...order,
      hour: order.hourOfDay + 0.15 + 0.7 * random.uniform(),
      price: 100 * order.priceShare,
      soc: order.socFraction === null ? null : 100 * order.socFraction,
    }));
  const dots = {
    y: "price",
    r: 2.5,
    fill: (order: PlacedOrder) => order.buys ? BID.colour : ASK.colour,
    fillOpacity: 0.65,
  } as const;
  const y = { ...VALUE_AXIS, label: "price between the tariffs [%]", domain: [0, 100], ticks: 5 };
  return {
    title: `The middle bid stands at ${percent(medianShare(orders, true))} and the middle ask at ` +
      `${
        percent(medianShare(orders, false))
      } of the way from the feed-in tariff to the import price`,
    subtitle: `${drawn.length} of ${orders.length.toLocaleString("en-US")} orders; in the lower ` +
      "chart those of homes with a battery.",
    description: "Dots of order prices against the time of day, and against the state of charge; " +
      "bids and asks in two colours.",
    legend: [
      { label: "bids (buying)", symbol: "dot", style: BID },
      { label: "asks (selling)", symbol: "dot", style: ASK },
    ],
    panels: [
      {
        height: 280,
        options: { ...MARGINS, x: CLOCK_AXIS, y, marks: [Plot.dot(drawn, { ...dots, x: "hour" })] },
      },
      {
        height: 280,
        options: {
          ...MARGINS,
          x: {
            label: "state of charge at the end of the hour [%]",
            labelAnchor: "center",
            labelArrow: "none",
            domain: [0, 100],
          },
          y,
          marks: [
            Plot.dot(drawn.filter(({ soc }) => soc !== null), { ...dots, x: "soc" }),
          ],
        },
      },
    ],
  };
}

function medianShare(orders: readonly PlacedOrder[], buys: boolean): number {
  const shares = orders.filter((order) => order.buys === buys).map(({ priceShare }) => priceShare);
  if (shares.length === 0) throw new RangeError(`there are no ${buys ? "bids" : "asks"} to draw`);
  return quantile(Float64Array.from(shares).sort(), 0.5);
}
