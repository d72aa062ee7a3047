/**
 * `network.csv` and `network_day.csv`, what an evaluation says of the network by node and by time of day,
 * read again for their figures.
 *
 * @module
 */

import { type CellKind, readTable } from "./checked_table.ts";
import type { NetworkHour, NodeIndicators } from "./network_indicators.ts";

/** A row per policy and node. */
export const NETWORK_FILE = "network.csv";

/** A row per policy and time of day. */
export const NETWORK_DAY_FILE = "network_day.csv";

/** What is read of a node. */
export type NodeVoltages = Pick<
  NodeIndicators,
  "policy" | "node" | "resistanceOhm" | "lowestVoltagePu" | "highestVoltagePu"
>;

const NODES: Readonly<Record<keyof NodeVoltages, CellKind>> = {
  policy: "text",
  node: "text",
  resistanceOhm: "number",
  lowestVoltagePu: "number",
  highestVoltagePu: "number",
};

const HOURS: Readonly<Record<keyof NetworkHour, CellKind>> = {
  policy: "text",
  hourOfDay: "number",
  lowestVoltagePu: "number",
  highestVoltagePu: "number",
  meanTransformerLoading: "number",
  highestTransformerLoading: "number",
  bandLeastPu: "number",
  bandMostPu: "number",
};

const REMEDY = 'write it again with "deno task evaluate"';

/**
 * Reads `network.csv`.
 *
 * @throws {RangeError} Naming file, row and column of what is no such table.
 */
export async function readNetworkNodes(path: string): Promise<NodeVoltages[]> {
  return (await readTable(path, NODES, REMEDY)).toRecords() as unknown as NodeVoltages[];
}

/**
 * Reads `network_day.csv`.
 *
 * @throws {RangeError} Naming file, row and column of what is no such table.
 */
export async function readNetworkDay(path: string): Promise<NetworkHour[]> {
  return (await readTable(path, HOURS, REMEDY)).toRecords() as unknown as NetworkHour[];
}
