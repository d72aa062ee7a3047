/**
 * Deciding by powers: what rules and plans want stores to do, as whatever the environment takes.
 *
 * Where orders are curves, each store's curve steps at the energy that its power leads to. Where
 * they are inelastic, each home offers its whole net position at the price of the grid as its
 * alternative: a buyer bids the highest price and a seller asks the lowest.
 *
 * @module
 */

import { decidePower, type Decision } from "../env/decision.ts";
import type { World } from "../env/world.ts";
import { waits } from "./charging_rules.ts";

/**
 * Writes the order of a home, where orders are inelastic; elsewhere nothing.
 *
 * @param netKw Net position, as far as known; it says who buys and who sells. [kW]
 */
export function decideOrder({ spaces }: World, decision: Decision, row: number, netKw: number) {
  const { orders, names } = spaces.action;
  if (orders === "curves") return;
  const at = (row + 1) * names.length - 2;
  decision.numbers[at] = 1;
  decision.numbers[at + 1] = netKw > 0 ? 1 : -1;
}

/**
 * Lets the batteries of a home take a power together, one after the other as far as each can, and writes
 * the home's order. What waits for energy is decided before ({@linkcode decideWaitingStores}).
 *
 * @param netKw Load − sun + what waits takes, as far as known. [kW]
 * @param wantedKw What the batteries should take, charging > 0; `Infinity` for all they can. [kW]
 */
export function decideHome(
  world: World,
  decision: Decision,
  row: number,
  netKw: number,
  wantedKw: number,
): void {
  const { stores, firstStore, homes, state } = world;
  const c = Math.floor(row / homes), home = row % homes;
  let leftKw = wantedKw, storesKw = 0;
  for (let s = firstStore[home]; s < firstStore[home + 1]; s++) {
    if (waits(stores[s])) continue;
    const k = c * stores.length + s;
    const powerKw = Math.min(state.chargeLimitKw[k], Math.max(-state.dischargeLimitKw[k], leftKw));
    decidePower(world, decision, k, powerKw);
    leftKw -= powerKw;
    storesKw += powerKw;
  }
  decideOrder(world, decision, row, netKw + storesKw);
}

/**
 * Lets what waits for energy in a home take a power, one after the other.
 *
 * @param wantedKw What store `k` should take where those before it take some; `Infinity` for all it can. [kW]
 * @returns What they take together. [kW]
 */
export function decideWaitingStores(
  world: World,
  decision: Decision,
  row: number,
  wantedKw: (k: number, takenKw: number) => number,
): number {
  const { stores, firstStore, homes, state } = world;
  const c = Math.floor(row / homes), home = row % homes;
  let takenKw = 0;
  for (let s = firstStore[home]; s < firstStore[home + 1]; s++) {
    if (!waits(stores[s])) continue;
    const k = c * stores.length + s;
    const powerKw = Math.min(
      state.chargeLimitKw[k],
      Math.max(state.requiredChargeKw[k], wantedKw(k, takenKw)),
    );
    decidePower(world, decision, k, powerKw);
    takenKw += powerKw;
  }
  return takenKw;
}
