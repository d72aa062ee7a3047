/**
 * The low-voltage network under a community: a transformer and the radial feeder behind it.
 *
 * Electrically a network is balanced and three-phase; impedances are per phase and referred to the
 * nominal (line-to-line) voltage of the feeder. The transformer is one more line between the slack,
 * whose voltage is given, and the first node.
 *
 * @module
 */

import { quoted, shown } from "../text/shown.ts";

/** A node, and the line that feeds it. */
export interface NetworkNode {
  /** Names it; unique. */
  readonly id: string;
  /** The node that feeds it; `null` for the one behind the transformer, which has no line. */
  readonly parent: string | null;
  /** Resistance of its line, per phase. [ohm] */
  readonly resistanceOhm?: number;
  /** Reactance of its line, per phase. [ohm] */
  readonly reactanceOhm?: number;
  /** Current that its line carries for as long as one likes. [A] */
  readonly ratingA?: number;
}

/** A transformer between the slack and the first node. */
export interface Transformer {
  /** Rated apparent power. [kVA] */
  readonly ratingKva: number;
  /** Resistance, referred to the feeder's nominal voltage. [ohm] */
  readonly resistanceOhm: number;
  /** Reactance, referred to the feeder's nominal voltage. [ohm] */
  readonly reactanceOhm: number;
  /** Position of the tap changer on the high-voltage side; each step lowers the voltage. */
  readonly tapPosition: number;
  /** What a step of the tap changer changes of the number of turns. [%] */
  readonly tapStepPercent: number;
}

/** A network. */
export interface Network {
  /** Nominal line-to-line voltage of the feeder. [V] */
  readonly nominalVoltageV: number;
  /** Voltage on the high-voltage side of the transformer. [pu] */
  readonly slackVoltagePu: number;
  /** Voltages that the nodes must keep. [pu] */
  readonly band: { readonly leastPu: number; readonly mostPu: number };
  /** How far from the ends of the band the linear voltages are kept, for their error. [pu] */
  readonly marginPu: number;
  /** The transformer. */
  readonly transformer: Transformer;
  /** The nodes, in any order. */
  readonly nodes: readonly NetworkNode[];
  /** Node of each home, by the home's id. */
  readonly homes: Readonly<Record<string, string>>;
}

/** Margin against the error of linear voltages, see `docs/grid.md`. [pu] */
export const DEFAULT_MARGIN_PU = 0.003;

/** Voltage behind the transformer without any load. [pu] */
export function noLoadVoltagePu({ slackVoltagePu, transformer }: Network): number {
  return slackVoltagePu / (1 + transformer.tapPosition * transformer.tapStepPercent / 100);
}

/**
 * Checks that a network is radial, connected and physically possible, and that every home has a node.
 *
 * @param homes Ids of the homes.
 * @throws {RangeError} In one line that names node and field.
 */
export function validateNetwork(network: Network, homes: readonly string[]): void {
  const { nominalVoltageV, slackVoltagePu, band, marginPu, transformer } = network;
  demand(positive(nominalVoltageV), "nominalVoltageV", "positive", nominalVoltageV);
  demand(positive(slackVoltagePu), "slackVoltagePu", "positive", slackVoltagePu);
  demand(positive(band.leastPu), "band.leastPu", "positive", band.leastPu);
  demand(
    band.mostPu > band.leastPu && band.mostPu < Infinity,
    "band.mostPu",
    `above leastPu, ${band.leastPu}`,
    band.mostPu,
  );
  demand(marginPu >= 0 && marginPu < Infinity, "marginPu", "≥ 0", marginPu);
  for (const field of ["ratingKva", "resistanceOhm", "reactanceOhm"] as const) {
    const value = transformer[field];
    demand(positive(value), `transformer.${field}`, "positive", value);
  }
  const { tapPosition, tapStepPercent } = transformer;
  demand(
    Number.isFinite(tapPosition) && tapStepPercent >= 0 && tapPosition * tapStepPercent > -50 &&
      tapPosition * tapStepPercent < 50,
    "transformer.tapPosition",
    "a position that changes the voltage by less than 50 %",
    `${tapPosition} steps of ${tapStepPercent} %`,
  );
  const noLoadPu = noLoadVoltagePu(network);
  demand(
    noLoadPu >= band.leastPu + marginPu && noLoadPu <= band.mostPu - marginPu,
    "slackVoltagePu",
    `within the band (${band.leastPu} to ${band.mostPu}, margin ${marginPu}) behind the transformer`,
    `${slackVoltagePu}, which is ${noLoadPu.toFixed(4)} there`,
  );
  validateTree(network.nodes);
  const nodes = new Set(network.nodes.map(({ id }) => id));
  for (const home of homes) {
    if (!Object.hasOwn(network.homes, home)) {
      throw new RangeError(`homes: ${quoted(home)} is on no node; add it with the node it is on`);
    }
    const node = network.homes[home];
    demand(nodes.has(node), `homes.${shown(home)}`, "the id of a node", quoted(node));
  }
  const known = new Set(homes);
  const stranger = Object.keys(network.homes).find((home) => !known.has(home));
  if (stranger !== undefined) {
    throw new RangeError(`homes: ${quoted(stranger)} is no home of the community; remove it`);
  }
}

const lineFields = ["resistanceOhm", "reactanceOhm", "ratingA"] as const;

function validateTree(nodes: readonly NetworkNode[]): void {
  const byId = new Map<string, NetworkNode>();
  for (const node of nodes) {
    if (node.id === "") throw new RangeError(`nodes: id must be a name, got ""`);
    if (byId.has(node.id)) {
      throw new RangeError(
        `node ${quoted(node.id)}: id must be unique; a node that two lines feed is a mesh, and ` +
          "only radial networks can be read: open one of its lines",
      );
    }
    byId.set(node.id, node);
  }
  const roots = nodes.filter(({ parent }) => parent === null);
  if (roots.length !== 1) {
    throw new RangeError(
      `nodes: exactly one must have the parent null, the one behind the transformer, got ` +
        (roots.length === 0 ? "none" : roots.map(({ id }) => quoted(id)).slice(0, 4).join(", ")),
    );
  }
  for (const { id, parent, ...line } of nodes) {
    const given = lineFields.find((field) => line[field] !== undefined);
    if (parent === null && given !== undefined) {
      throw new RangeError(
        `node ${
          quoted(id)
        }: ${given} is of a line, and none feeds the node behind the transformer; ` +
          "remove it, or state it of the transformer",
      );
    }
    if (parent === null) continue;
    if (!byId.has(parent)) {
      throw new RangeError(
        `node ${quoted(id)}: parent must be the id of a node, got ${quoted(parent)}`,
      );
    }
    for (const field of lineFields) {
      const value = line[field];
      demand(positive(value), `node ${quoted(id)}: ${field}`, "positive", value);
    }
  }
  // Every node must lead to the transformer.
  const connected = new Set([roots[0].id]);
  for (const node of nodes) {
    const path = new Set<string>();
    let at: NetworkNode = node;
    while (!connected.has(at.id)) {
      if (path.has(at.id)) {
        const circle = [...path];
        throw new RangeError(
          `node ${quoted(at.id)}: parent leads back to itself (${
            shown(circle.slice(circle.indexOf(at.id)).join(" < "), 80)
          }): an island without a transformer; connect it`,
        );
      }
      path.add(at.id);
      at = byId.get(at.parent!)!;
    }
    for (const id of path) connected.add(id);
  }
}

function positive(value: number | undefined): value is number {
  return value !== undefined && value > 0 && value < Infinity;
}

function demand(holds: boolean, field: string, rule: string, value: unknown): void {
  if (holds) return;
  throw new RangeError(`${field} must be ${rule}, got ${shown(String(value ?? "nothing"))}`);
}
