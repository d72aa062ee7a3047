/**
 * The community's connection to the grid, where dispatch does not come from the market: over the
 * import limit, charging is reduced pro rata, then load is shed pro rata; over the export limit,
 * discharging is reduced pro rata, then sun is curtailed pro rata.
 *
 * The limit holds at the common connection: behind it energy still flows between homes, also what
 * the market has not matched, which is settled at the tariffs.
 *
 * @module
 */

import type { World } from "./world.ts";

/**
 * Projects the powers of community `c` onto its connection limits, in place, and writes what is
 * unserved and curtailed.
 *
 * @returns Whether a limit was exceeded and powers were changed.
 */
export function applyConnectionLimit(
  { homes, stores, ledger }: World,
  c: number,
  importLimitKw: number,
  exportLimitKw: number,
): boolean {
  const { loadKw, pvKw, powerKw, unservedKw, curtailedKw } = ledger;
  const firstRow = c * homes, firstStore = c * stores.length;
  let load = 0, pv = 0, charging = 0, discharging = 0;
  for (let row = firstRow; row < firstRow + homes; row++) {
    load += loadKw[row];
    pv += pvKw[row];
    unservedKw[row] = 0;
    curtailedKw[row] = 0;
  }
  for (let k = firstStore; k < firstStore + stores.length; k++) {
    if (powerKw[k] > 0) charging += powerKw[k];
    else discharging -= powerKw[k];
  }
  const netKw = load - pv + charging - discharging;
  const excess = netKw > 0 ? netKw - importLimitKw : -netKw - exportLimitKw;
  if (!(excess > 0)) return false;
  const imports = netKw > 0;
  const flexible = imports ? charging : discharging;
  const kept = excess < flexible ? 1 - excess / flexible : 0;
  for (let k = firstStore; k < firstStore + stores.length; k++) {
    if (imports ? powerKw[k] > 0 : powerKw[k] < 0) powerKw[k] *= kept;
  }
  const fixed = imports ? loadKw : pvKw, total = imports ? load : pv;
  const cut = excess > flexible ? Math.min(1, (excess - flexible) / total) : 0;
  const into = imports ? unservedKw : curtailedKw;
  for (let row = firstRow; row < firstRow + homes; row++) into[row] = fixed[row] * cut;
  return true;
}
