/**
 * What the day came to, in sentences, once it is over.
 *
 * @module
 */

/// <reference lib="dom" />

import { capturedSoFar } from "../savings.ts";
import { byId, decimal, html } from "./dom.ts";
import { policiesOf, type View } from "./view.ts";

/** Less is no gain and no loss. [currency] */
const LEAST_GAIN = 0.005;

/** Shows the card at the end of the day, and hides it before. */
export function writeVerdict(view: View): void {
  const { day, frame } = view;
  const card = byId("verdict");
  const over = frame.step >= day.slots;
  if (card.hidden === !over) return;
  card.hidden = !over;
  if (!over) return;
  byId("verdict-text").replaceChildren(
    ...policiesOf(day).map((policy, k) => html("li", {}, sentence(view, policy, k))),
  );
}

function sentence({ day, slots, frame }: View, policy: string, k: number): string {
  const last = slots[slots.length - 1];
  const money = (value: number) => `${decimal(value, 2)} ${day.currency}`;
  const captured = capturedSoFar(last, k);
  const of = captured === null ? "" : `, ${decimal(100 * captured, 0)} % of what was possible`;
  const saved = last.gridOnly.cost - last.outcomes[k].cost;
  const { saved: gains } = frame.homes[k];
  const losers = day.homes.filter((_, i) => gains[i] < -LEAST_GAIN).map(({ id }) => id);
  const winners = gains.filter((gain) => gain > LEAST_GAIN).length;
  const most = Math.max(...gains);
  const best = day.homes[gains.indexOf(most)].id;
  const { cost } = last.outcomes[k];
  return `${policy} ${cost < 0 ? "earned" : "cost"} ${money(Math.abs(cost))}, ` +
    `${money(Math.abs(saved))} ${saved < 0 ? "worse" : "better"} than the grid alone${of}. ` +
    `${winners === 0 ? "None" : winners} of ${day.homes.length} homes gained` +
    `${winners === 0 ? "" : `, ${best} the most (${money(most)})`}` +
    `${losers.length === 0 ? "; nobody lost." : `; ${losers.slice(0, 5).join(", ")} lost.`}`;
}
