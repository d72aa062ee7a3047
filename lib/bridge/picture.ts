/**
 * The latest slot of the first community as a text: when, at what price, and what every home does.
 *
 * @module
 */

import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import { shown } from "../text/shown.ts";
import { padded } from "../text/width.ts";
import { timestamp } from "../units.ts";

const COLUMNS = ["load", "sun", "stores", "from homes", "from grid", "cost"];
const NAME_CELLS = 14, NUMBER_CELLS = 11;

/** A table in kW, but for the cost. */
export function picture(
  { world, homes, dataset: { community, profiles: { grid } } }: EnergyMarketEnv,
) {
  const { ledger } = world;
  const price = ledger.clearingPricePerKwh[0];
  const head = `${timestamp(grid, ledger.slot[0])}   ` +
    (Number.isNaN(price) ? "no price" : `${price.toFixed(4)} ${community.currency}/kWh`) +
    `   ${ledger.volumeKwh[0].toFixed(2)} kWh from home to home`;
  const line = (cells: readonly string[]) =>
    cells.map((cell, k) => k === 0 ? padded(cell, NAME_CELLS) : cell.padStart(NUMBER_CELLS)).join(
      "",
    );
  const rows = Array.from({ length: homes }, (_, i) => {
    const kw = (kwh: number) => kwh / grid.dtHours;
    const numbers = [
      ledger.loadKw[i],
      ledger.pvKw[i],
      ledger.storesKw[i],
      kw(ledger.tradedKwh[i]),
      kw(ledger.gridKwh[i]),
    ].map((each) => each.toFixed(2));
    return line([shown(community.prosumers[i].id, 12), ...numbers, ledger.cost[i].toFixed(4)]);
  });
  return [head, line(["home", ...COLUMNS]), ...rows].join("\n");
}
