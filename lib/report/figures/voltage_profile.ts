/**
 * The voltage along a feeder at some moments, between the ends of its band.
 *
 * @module
 */

import type { Dataset } from "../../data/profiles.ts";
import type { Records } from "../../evaluation/records.ts";
import { createFeeder, resistanceTo } from "../../network/feeder.ts";
import { createFlow, linDistFlow, withLosses } from "../../network/lin_dist_flow.ts";
import type { Figure } from "../figure.ts";
import { type Line, lines } from "./lines.ts";

/** A slot to show. */
export interface VoltageMoment {
  /** The books that it is in. */
  readonly records: Records;
  /** Episode of the books. */
  readonly episode: number;
  /** Slot of the episode. */
  readonly step: number;
  /** What it is called. */
  readonly label: string;
  /** What it is drawn in. */
  readonly colour: string;
}

/**
 * Voltages of all nodes by their electrical distance, the resistance from the transformer on.
 *
 * @throws {RangeError} If the data set has no network.
 */
export function voltageProfile(
  { community, profiles, network }: Dataset,
  moments: readonly VoltageMoment[],
  texts: Pick<Figure, "title" | "subtitle">,
): Figure {
  if (network === undefined) throw new RangeError("the data set has no network to be drawn");
  const { dtHours, slots } = profiles.grid;
  const feeder = createFeeder(network, community.prosumers.map(({ id }) => id));
  const linear = createFlow(feeder), flow = createFlow(feeder);
  const distance = resistanceTo(feeder, network);
  const lineAt = ({ records, episode, step, label, colour }: VoltageMoment): Line => {
    const { homes, home, slotsPerEpisode, firstSlots } = records;
    const slot = firstSlots[episode] + step;
    const row = (episode * slotsPerEpisode + step) * homes;
    const kw = home.netKwh.slice(row, row + homes).map((kwh) => kwh / dtHours);
    const kvar = kw.map((_, i) => profiles.reactiveKvar?.[i * slots + slot] ?? 0);
    linDistFlow(feeder, kw, kvar, 0, linear);
    withLosses(feeder, linear, flow);
    return {
      label,
      style: { colour, width: 2 },
      shape: "dots",
      points: distance.map((x, k) => ({ x, y: Math.sqrt(Math.max(0, flow.squaredPu[k])) })),
    };
  };
  const { leastPu, mostPu } = network.band;
  const drawn = moments.map(lineAt);
  return lines([{
    lines: drawn,
    y: { label: "voltage [pu]", domain: voltageDomain(drawn, [leastPu, mostPu]) },
    rules: [leastPu, mostPu],
    height: 300,
  }], {
    ...texts,
    description: `Voltages of ${feeder.ids.length} nodes by distance from the transformer: ` +
      `${moments.map(({ label }) => label).join(", ")}; the band is ${leastPu} to ${mostPu}.`,
    x: { label: "resistance from the transformer [ohm]" },
  });
}

/** Ends of an axis that shows all voltages, and the band with some air. [pu] */
export function voltageDomain(
  drawn: readonly Line[],
  [leastPu, mostPu]: readonly [number, number],
): [number, number] {
  const voltages = drawn.flatMap(({ points }) => points.map(({ y }) => y!));
  return [
    voltages.reduce((a, b) => Math.min(a, b), leastPu) - 0.005,
    voltages.reduce((a, b) => Math.max(a, b), mostPu) + 0.005,
  ];
}
