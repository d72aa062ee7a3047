/**
 * The feeder of a SimBench low-voltage grid: closed switches make one node of what they connect, one
 * transformer feeds the rest by lines that must form a tree.
 *
 * @module
 */

import { DEFAULT_MARGIN_PU, type Network, type NetworkNode } from "../../network/network.ts";
import { quoted, shown } from "../../text/shown.ts";
import type { SimBenchTable, SimBenchTables } from "./tables.ts";

/** A feeder, before its homes are known. */
export interface SimBenchGrid {
  /** The network, without homes. */
  readonly network: Network;
  /** The node of the feeder that a node of the files is part of; `undefined` where nothing feeds it. */
  nodeOf(node: string): string | undefined;
  /** What was taken otherwise than it is written. */
  readonly notes: readonly string[];
}

interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly line: Pick<NetworkNode, "resistanceOhm" | "reactanceOhm" | "ratingA">;
}

/**
 * Reads the feeder.
 *
 * @param tap Whether the transformer's tap position is applied.
 * @throws {RangeError} If there are several transformers or connections, or the lines form a mesh.
 */
export async function simBenchGrid(tables: SimBenchTables, tap: boolean): Promise<SimBenchGrid> {
  const [nodes, transformers, kinds, external, switches] = [
    await tables.read("Node"),
    await tables.read("Transformer"),
    await tables.read("TransformerType"),
    await tables.read("ExternalNet"),
    await tables.readIfAny("Switch"),
  ];
  requireOne(transformers, "Transformer.csv", "transformer");
  requireOne(external, "ExternalNet.csv", "connection to the grid above");
  const same = joined(switches);
  const rows = new Map(Array.from({ length: nodes.rows }, (_, k) => [nodes.text("id", k), k]));
  const rowOf = (id: string) => {
    const row = rows.get(id);
    if (row === undefined) throw new RangeError(`Node.csv: there is no node ${quoted(id)}`);
    return row;
  };
  const root = same(transformers.text("nodeLV", 0));
  const slackNode = external.text("node", 0);
  if (same(transformers.text("nodeHV", 0)) !== same(slackNode)) {
    throw new RangeError(
      `Transformer.csv: nodeHV must be the node of ExternalNet.csv, ${quoted(slackNode)}; only a ` +
        "low-voltage grid behind one transformer can be imported",
    );
  }
  const nominalKv = nodes.number("vmR", rowOf(transformers.text("nodeLV", 0)));
  const { transformer, notes } = transformerOf(transformers, kinds, tap);
  const tree = treeOf(root, await linesOf(tables, same, (node) => rows.has(node)));
  const inTree = new Set(tree.map(({ id }) => id));
  const fed = [...rows].filter(([id]) => inTree.has(same(id))).map(([, row]) => row);
  return {
    network: {
      nominalVoltageV: 1000 * nominalKv,
      slackVoltagePu: nodes.number("vmSetp", rowOf(slackNode)),
      band: {
        leastPu: Math.max(...fed.map((row) => nodes.number("vmMin", row))),
        mostPu: Math.min(...fed.map((row) => nodes.number("vmMax", row))),
      },
      marginPu: DEFAULT_MARGIN_PU,
      transformer,
      nodes: tree,
      homes: {},
    },
    nodeOf: (node) => inTree.has(same(node)) ? same(node) : undefined,
    notes,
  };
}

function requireOne({ rows }: SimBenchTable, file: string, what: string): void {
  if (rows === 1) return;
  throw new RangeError(
    `${file}: must hold one ${what}, got ${rows}; only a low-voltage grid behind one transformer ` +
      "can be imported",
  );
}

/** Names each node by the first that closed switches connect it with, busbars before others. */
function joined(switches: SimBenchTable): (node: string) => string {
  const leader = new Map<string, string>();
  const find = (node: string): string => {
    let at = node;
    for (let next = leader.get(at); next !== undefined; next = leader.get(at)) at = next;
    return at;
  };
  for (let k = 0; k < switches.rows; k++) {
    if (switches.number("cond", k) !== 1) continue;
    const [a, b] = [find(switches.text("nodeA", k)), find(switches.text("nodeB", k))];
    // An auxiliary node is named after its busbar with a number behind it.
    if (a !== b) a.length <= b.length ? leader.set(b, a) : leader.set(a, b);
  }
  return find;
}

function transformerOf(
  table: SimBenchTable,
  kinds: SimBenchTable,
  tap: boolean,
): { transformer: Network["transformer"]; notes: string[] } {
  const type = table.text("type", 0);
  const k = Array.from({ length: kinds.rows }, (_, row) => kinds.text("id", row)).indexOf(type);
  if (k < 0) {
    throw new RangeError(
      `${table.place("type", 0)}: ${quoted(type)} is not in TransformerType.csv`,
    );
  }
  const ratedMva = positive(kinds, "sR", k);
  const baseOhm = kinds.number("vmLV", k) ** 2 / ratedMva;
  const impedanceOhm = baseOhm * kinds.number("vmImp", k) / 100;
  const resistanceOhm = baseOhm * kinds.number("pCu", k) / 1000 / ratedMva;
  const position = table.number("tappos", 0) - kinds.number("tapNeutr", k, 0);
  const side = kinds.text("tapside", k) === "LV" ? -1 : 1;
  const notes = [
    `the transformer ${quoted(type)} is ${
      Math.round(1000 * ratedMva)
    } kVA; its no-load losses are ` +
    `left out (pFe ${kinds.number("pFe", k)} kW)`,
  ];
  if (position !== 0 && !tap) {
    notes.push(
      `the transformer's tap position ${position} is not applied, as power flows of SimBench by ` +
        "pandapower 3 do not either (--tap applies it)",
    );
  }
  return {
    notes,
    transformer: {
      ratingKva: 1000 * ratedMva * positive(table, "loadingMax", 0, 100) / 100,
      resistanceOhm,
      reactanceOhm: Math.sqrt(Math.max(0, impedanceOhm ** 2 - resistanceOhm ** 2)),
      tapPosition: tap ? side * position : 0,
      tapStepPercent: kinds.number("dVm", k, 0),
    },
  };
}

async function linesOf(
  tables: SimBenchTables,
  same: (node: string) => string,
  isNode: (name: string) => boolean,
): Promise<readonly Line[]> {
  const [lines, kinds] = [await tables.read("Line"), await tables.read("LineType")];
  const types = new Map(Array.from({ length: kinds.rows }, (_, k) => [kinds.text("id", k), k]));
  const ids = new Set<string>();
  const end = (column: "nodeA" | "nodeB", row: number) => {
    const node = lines.text(column, row);
    if (isNode(node)) return same(node);
    throw new RangeError(`${lines.place(column, row)}: ${quoted(node)} is not in Node.csv`);
  };
  return Array.from({ length: lines.rows }, (_, row) => {
    const id = lines.text("id", row);
    if (ids.has(id)) {
      throw new RangeError(
        `${lines.place("id", row)}: ${quoted(id)} comes twice; remove one, or name it otherwise`,
      );
    }
    ids.add(id);
    const type = types.get(lines.text("type", row));
    if (type === undefined) {
      throw new RangeError(
        `${lines.place("type", row)}: ${quoted(lines.text("type", row))} is not in LineType.csv`,
      );
    }
    const length = positive(lines, "length", row);
    return {
      id,
      from: end("nodeA", row),
      to: end("nodeB", row),
      line: {
        resistanceOhm: length * positive(kinds, "r", type),
        reactanceOhm: length * positive(kinds, "x", type),
        ratingA: positive(kinds, "iMax", type) * positive(lines, "loadingMax", row, 100) / 100,
      },
    };
  });
}

function positive(table: SimBenchTable, column: string, row: number, otherwise?: number): number {
  const value = table.number(column, row, otherwise);
  if (value > 0) return value;
  throw new RangeError(`${table.place(column, row)}: must be positive, got ${value}`);
}

/** The nodes that lines reach from the transformer. */
function treeOf(root: string, lines: readonly Line[]): NetworkNode[] {
  const at = new Map<string, Line[]>();
  for (const line of lines) {
    for (const end of [line.from, line.to]) at.set(end, [...at.get(end) ?? [], line]);
  }
  const nodes: NetworkNode[] = [{ id: root, parent: null }];
  const feeds = new Map<string, string>([[root, ""]]);
  for (let k = 0; k < nodes.length; k++) {
    const { id } = nodes[k];
    for (const line of at.get(id) ?? []) {
      if (line.id === feeds.get(id)) continue;
      const to = line.from === id ? line.to : line.from;
      if (feeds.has(to)) {
        throw new RangeError(
          `Line.csv: ${quoted(line.id)} closes a ring at node ${
            quoted(to)
          }; only radial grids can ` +
            `be imported: open a switch of ${shown([feeds.get(to), line.id].join(" or "), 100)}`,
        );
      }
      feeds.set(to, line.id);
      nodes.push({ id: to, parent: id, ...line.line });
    }
  }
  return nodes;
}
