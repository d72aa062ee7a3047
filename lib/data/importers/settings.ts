/**
 * `import.json`: everything that an import was told and found, so that the next one repeats it. Paths
 * are relative to the folder that it lies in.
 *
 * @module
 */

import { z } from "zod";
import { parseJson } from "../json.ts";
import { encodings, separators } from "./dialect.ts";
import { quantities, roles, units } from "./names.ts";
import { dateOrders } from "./stamps.ts";

const valueColumn = z.strictObject({
  column: z.string(),
  home: z.string().exactOptional(),
  role: z.enum(roles),
  quantity: z.enum(quantities),
  unit: z.enum(units),
  tariff: z.int().min(0).max(255).exactOptional(),
  phase: z.int().min(1).max(3).exactOptional(),
});

/** What may be said of a file of meters. */
const file = z.strictObject({
  file: z.string(),
  separator: z.enum(separators).exactOptional(),
  decimal: z.enum([".", ","]).exactOptional(),
  encoding: z.enum(encodings).exactOptional(),
  headerRow: z.int().min(1).exactOptional(),
  hasUnitRow: z.boolean().exactOptional(),
  time: z.array(z.string()).min(1).max(2).exactOptional(),
  dateOrder: z.enum(dateOrders).exactOptional(),
  label: z.enum(["start", "end"]).exactOptional(),
  timeZone: z.string().nullable().exactOptional(),
  homeColumn: z.string().nullable().exactOptional(),
  registerColumn: z.string().nullable().exactOptional(),
  statusColumn: z.string().nullable().exactOptional(),
  values: z.array(valueColumn).exactOptional(),
  unused: z.array(z.string()).exactOptional(),
  unit: z.enum(units).exactOptional(),
  quantity: z.enum(quantities).exactOptional(),
  role: z.enum(roles).exactOptional(),
});

const rules = z.strictObject({
  timeZone: z.string().exactOptional(),
  resolutionMinutes: z.literal([5, 15, 30, 60]).exactOptional(),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  without: z.array(z.string()).exactOptional(),
  fillHours: z.number().min(0).max(168).exactOptional(),
  connectionKw: z.number().positive().exactOptional(),
  currency: z.string().regex(/^[A-Z]{3}$/).exactOptional(),
  importPricePerKwh: z.number().exactOptional(),
  feedInTariffPerKwh: z.number().exactOptional(),
  carbonKgPerKwh: z.number().min(0).exactOptional(),
  surchargePerKwh: z.number().exactOptional(),
  vat: z.number().min(0).max(1).exactOptional(),
  area: z.string().exactOptional(),
  name: z.string().min(1).max(200).exactOptional(),
  seed: z.int().exactOptional(),
});

const schema = z.strictObject({
  version: z.literal(1),
  notes: z.array(z.string()).exactOptional(),
  ...rules.shape,
  files: z.array(file).min(1),
});

/** What an import may be told as a whole. */
export type ImportRules = z.infer<typeof rules>;

/** What an import may be told of a file. */
export type FileSettings = z.infer<typeof file>;

/** What `import.json` holds; its notes are what the import said, for people and for pages. */
export type ImportSettings = z.infer<typeof schema>;

/** File that repeats an import. */
export const SETTINGS_FILE = "import.json";

/**
 * Reads an `import.json`.
 *
 * @throws {RangeError} Naming the file and the field.
 */
export function parseSettings(text: string, path: string): ImportSettings {
  return parseJson(text, schema, path);
}
