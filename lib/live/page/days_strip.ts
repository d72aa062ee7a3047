/**
 * The days before, where a run goes on from day to day: a bar per day and policy, and in words what they
 * came to.
 *
 * @module
 */

/// <reference lib="dom" />

import { byId, decimal, setAttributes, setText, svg } from "./dom.ts";
import { policiesOf, type View } from "./view.ts";

const HEIGHT = 54, PITCH = 24, ZERO = 0.82;
const COLOURS = ["var(--policy-a)", "var(--policy-b)"];

let key = "";

/** Writes strip and words; nothing on the first day. */
export function writeDays({ day }: View): void {
  const { past, currency } = day;
  const wanted = `${day.run} ${day.epoch} ${past.count}`;
  if (wanted === key) return;
  key = wanted;
  byId("days").hidden = past.count === 0;
  if (past.count === 0) return;
  const policies = policiesOf(day);
  const { known } = past;
  const onDays = known.count < past.count ? ` on ${known.count} of them` : "";
  const words = policies.map((policy, k) => {
    const captured = known.possible > 0
      ? `, ${decimal(100 * known.saved[k] / known.possible, 0)} % of what was possible${onDays}`
      : "";
    const wins = policies.length > 1 ? `, the cheapest on ${past.wins[k]}` : "";
    return `${policy} saved ${
      decimal(past.saved[k] / past.count, 2)
    } ${currency} a day${captured}${wins}`;
  });
  setText(
    byId("days-text"),
    `${past.count} ${past.count === 1 ? "day" : "days"} before: ${words.join("; ")}.`,
  );
  const most = Math.max(1e-9, ...past.days.flatMap(({ saved }) => saved.map(Math.abs)));
  const width = (PITCH - 6) / policies.length;
  const strip = byId("days-strip");
  setAttributes(strip, { viewBox: `0 0 ${Math.max(7, past.days.length) * PITCH} ${HEIGHT}` });
  const zero = ZERO * HEIGHT;
  strip.replaceChildren(
    svg("path", { d: `M0 ${zero}H${past.days.length * PITCH}`, stroke: "var(--axis)" }),
    ...past.days.flatMap(({ day, saved, captured }, d) =>
      saved.map((value, k) => {
        const height = Math.abs(value) / most * (value < 0 ? HEIGHT - zero : zero);
        const bar = svg("rect", {
          x: (d * PITCH + 3 + k * width).toFixed(2),
          y: (value < 0 ? zero : zero - height).toFixed(2),
          width: (width - 1).toFixed(2),
          height: height.toFixed(2),
          fill: COLOURS[k],
        });
        const share = captured[k] === null ? "" : `, ${decimal(100 * captured[k], 0)} % captured`;
        bar.append(
          svg(
            "title",
            {},
            `${day}, ${policies[k]}: ${decimal(value, 2)} ${currency} saved${share}`,
          ),
        );
        return bar;
      })
    ),
  );
}
