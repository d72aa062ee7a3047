/**
 * Which series a row belongs to, in a table with a row for each reading: by the bytes of its names, so
 * that no text is made of each.
 *
 * @module
 */

import { basename } from "node:path";
import { quoted } from "../../text/shown.ts";
import { decoded } from "./dialect.ts";
import { Growing } from "./growing.ts";
import type { NameParts } from "./names.ts";
import type { Layout, ValueColumn } from "./layout.ts";
import { entityOf, registerOf } from "./row_names.ts";

/** A series that is being read. */
export interface Sink {
  readonly home: string;
  readonly column: ValueColumn;
  readonly stamps: Growing<Uint32Array>;
  readonly values: Growing<Float64Array>;
}

/** Where a cell begins and ends. */
export type Cell = readonly number[];

/** Series by the names of their homes and registers. */
export class SeriesIndex {
  readonly #path: string;
  readonly #layout: Layout;
  readonly #sinks: Sink[];
  /** Rows of registers that are not read, by the register. */
  readonly left = new Map<string, number>();
  readonly #byKey = new Map<
    number,
    { readonly key: Uint8Array; readonly sinks: Sink[]; readonly left: string | null }[]
  >();

  /** New series are added to `sinks`. */
  constructor(path: string, layout: Layout, sinks: Sink[]) {
    this.#path = path;
    this.#layout = layout;
    this.#sinks = sinks;
  }

  /** The series of a row in a table with a row for each reading, by the bytes of its names. */
  sinksOf(
    bytes: Uint8Array,
    [homeAt, homeEnd]: Cell,
    [registerAt, registerEnd]: Cell,
    row: number,
  ): Sink[] {
    let hash = 2166136261;
    for (let at = homeAt; at < homeEnd; at++) hash = Math.imul(hash ^ bytes[at], 16777619);
    hash = Math.imul(hash ^ 1, 16777619);
    for (let at = registerAt; at < registerEnd; at++) hash = Math.imul(hash ^ bytes[at], 16777619);
    const known = this.#byKey.get(hash);
    if (known !== undefined) {
      for (const { key, sinks, left } of known) {
        if (!isKey(key, bytes, homeAt, homeEnd, registerAt, registerEnd)) continue;
        if (left !== null) this.left.set(left, this.left.get(left)! + 1);
        return sinks;
      }
    }
    const name = (at: number, end: number) =>
      decoded(bytes.subarray(at, end), this.#layout.encoding).trim().replace(/^"(.*)"$/, "$1")
        .replaceAll('""', '"').trim();
    const { homeColumn, registerColumn, values } = this.#layout;
    const cell = homeColumn === null ? "" : name(homeAt, homeEnd);
    const entity = homeColumn === null ? null : entityOf(homeColumn, cell);
    const home = entity === null ? cell : entity.home;
    const register = registerColumn === null ? "" : name(registerAt, registerEnd);
    const said = registerColumn === null ? entity : this.#registerOf(register, row);
    const left = said === "other" ? register : null;
    if (left !== null) this.left.set(left, (this.left.get(left) ?? 0) + 1);
    const sinks = said === "other" ? [] : values.map((column): Sink => ({
      home: home || column.home || basename(this.#path).replace(/\.\w+$/, ""),
      column: said === null ? column : withRegister(column, said),
      stamps: new Growing(Uint32Array),
      values: new Growing(Float64Array),
    }));
    const key = new Uint8Array(homeEnd - homeAt + 1 + registerEnd - registerAt);
    key.set(bytes.subarray(homeAt, homeEnd));
    key.set(bytes.subarray(registerAt, registerEnd), homeEnd - homeAt + 1);
    this.#sinks.push(...sinks);
    this.#byKey.set(hash, [...known ?? [], { key, sinks, left }]);
    return sinks;
  }

  #registerOf(register: string, row: number): Exclude<ReturnType<typeof registerOf>, null> {
    const said = registerOf(register);
    if (said !== null) return said;
    throw new RangeError(
      `${this.#path} row ${row}, column ${this.#layout.registerColumn}: says neither import, ` +
        `export, load nor pv, nor an OBIS code of one, got ${quoted(register)}; remove these rows`,
    );
  }
}

/** A column of readings, with what its row says of them; a code names a register whatever the unit. */
function withRegister(column: ValueColumn, said: Omit<NameParts, "home">): ValueColumn {
  return {
    ...column,
    role: said.role ?? column.role,
    quantity: said.quantity ?? column.quantity,
    unit: said.unit ?? column.unit,
    ...(said.tariff !== undefined && { tariff: said.tariff }),
    ...(said.phase !== undefined && { phase: said.phase }),
  };
}

function isKey(
  key: Uint8Array,
  bytes: Uint8Array,
  homeAt: number,
  homeEnd: number,
  registerAt: number,
  registerEnd: number,
): boolean {
  const length = homeEnd - homeAt;
  if (key.length !== length + 1 + registerEnd - registerAt) return false;
  for (let k = 0; k < length; k++) if (key[k] !== bytes[homeAt + k]) return false;
  for (let k = 0; k < registerEnd - registerAt; k++) {
    if (key[length + 1 + k] !== bytes[registerAt + k]) return false;
  }
  return true;
}
