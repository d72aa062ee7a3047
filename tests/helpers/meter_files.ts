/** Meter files written as utilities do, of made-up energy whose truth is known. */

import { join } from "node:path";
import { stream } from "../../lib/random.ts";
import { importData, type Imported } from "../../lib/data/importers/import_data.ts";
import type { ImportRules } from "../../lib/data/importers/settings.ts";
import type { LayoutWishes } from "../../lib/data/importers/layout.ts";
import { inFolder } from "./two_homes.ts";

/** Energy of homes by intervals, from a moment on. */
export interface Truth {
  readonly startMs: number;
  readonly stepMinutes: number;
  /** By home. [kWh] */
  readonly energyKwh: Readonly<Record<string, readonly number[]>>;
}

/** Energy in whole watt-hours, so that a file holds it exactly. */
export function madeUp(
  seed: number,
  options: {
    readonly startMs: number;
    readonly stepMinutes: number;
    readonly intervals: number;
    readonly homes: readonly string[];
  },
): Truth {
  const random = stream(seed, "meters");
  const energyKwh = Object.fromEntries(
    options.homes.map((home) => [
      home,
      Array.from({ length: options.intervals }, () => random.below(900) / 1000),
    ]),
  );
  return { startMs: options.startMs, stepMinutes: options.stepMinutes, energyKwh };
}

/** A moment by the clock of a zone: `2025-10-26 02:15:00` and its offset. */
export function wallClock(epochMs: number, timeZone: string): { local: string; offset: string } {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    ...{ timeZone, dateStyle: "short", timeStyle: "medium" },
  }).format(epochMs);
  const minutes = Math.round((Date.parse(`${parts.replace(" ", "T")}Z`) - epochMs) / 60_000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return {
    local: parts,
    offset: `${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`,
  };
}

/** Shapes that {@linkcode written} makes. */
export const shapes = ["wide", "wide-comma", "long", "register", "epoch", "power", "end"] as const;

/** A file of one of the shapes; `missing` tells which intervals of which home have no row. */
export function written(
  truth: Truth,
  shape: typeof shapes[number],
  timeZone: string,
  missing: (home: string, k: number) => boolean = () => false,
): string {
  const homes = Object.keys(truth.energyKwh), stepMs = truth.stepMinutes * 60_000;
  const count = truth.energyKwh[homes[0]].length;
  const at = (k: number) => truth.startMs + k * stepMs;
  const all = Array.from({ length: count }, (_, k) => k);
  const value = (home: string, k: number) =>
    missing(home, k) ? "" : truth.energyKwh[home][k].toFixed(3);
  const rows = (cells: (k: number) => string[], separator: string) =>
    all.map((k) => cells(k).join(separator));
  const wide = (stamp: (k: number) => string, cell = value, separator = ",") =>
    rows((k) => [stamp(k), ...homes.map((home) => cell(home, k))], separator);
  switch (shape) {
    case "wide":
    case "end": {
      const shift = shape === "end" ? 1 : 0;
      const stamp = (k: number) => {
        const { local, offset } = wallClock(at(k + shift), timeZone);
        return `${local.replace(" ", "T")}${offset}`;
      };
      const time = shape === "end" ? "interval_end" : "timestamp";
      return [[time, ...homes.map((home) => `${home} [kWh]`)].join(","), ...wide(stamp)].join("\n");
    }
    case "wide-comma": {
      const stamp = (k: number) => {
        const [day, time] = wallClock(at(k), timeZone).local.split(" ");
        return `${day.split("-").reverse().join(".")};${time.slice(0, 5)}`;
      };
      const cell = (home: string, k: number) => value(home, k).replace(".", ",");
      return [
        "Werte in kWh je Intervall",
        ["Datum", "Uhrzeit", ...homes].join(";"),
        ...wide(stamp, cell, ";"),
      ].join("\r\n");
    }
    case "long": {
      const lines = all.flatMap((k) =>
        homes.filter((home) => !missing(home, k)).map((home) => {
          const { local } = wallClock(at(k), timeZone);
          return [home, local, value(home, k), "ok"].join("\t");
        })
      );
      return ["meter_id\ttime\tenergy_kWh\tquality", ...lines].join("\n");
    }
    case "register": {
      const lines = homes.flatMap((home) => {
        let reading = 1234.5;
        const first = `${home};1-0:1.8.0*255;${wallClock(at(0), timeZone).local};${reading}`;
        const others = all.flatMap((k) => {
          reading += truth.energyKwh[home][k];
          if (missing(home, k) && k < count - 1) return [];
          const { local } = wallClock(at(k + 1), timeZone);
          return [`${home};1-0:1.8.0*255;${local};${reading.toFixed(3)}`];
        });
        return [first, ...others];
      });
      return ["Zähler;OBIS;Zeit;Zählerstand_kWh", ...lines].join("\n");
    }
    case "epoch":
      return [
        ["epoch_time", ...homes.map((home) => `${home}_Wh`)].join(","),
        ...wide(
          (k) => String(at(k) / 1000),
          (home, k) =>
            missing(home, k) ? "NaN" : String(Math.round(truth.energyKwh[home][k] * 1000)),
        ),
      ].join("\n");
    case "power":
      return [
        ["timestamp", ...homes.map((home) => `"${home} W"`)].join(","),
        ...wide(
          (k) => `"${new Date(at(k)).toISOString()}"`,
          (home, k) =>
            missing(home, k)
              ? "null"
              : String(truth.energyKwh[home][k] * 1000 * 60 / truth.stepMinutes),
        ),
      ].join("\n");
  }
}

/** Imports texts as files of a folder of their own, by name. */
export async function imported(
  texts: Readonly<Record<string, string | Uint8Array>>,
  rules: ImportRules = {},
  wishes: LayoutWishes = {},
): Promise<Imported> {
  let result: Imported | undefined;
  await inFolder(async (folder) => {
    for (const [name, text] of Object.entries(texts)) {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      await Deno.writeFile(join(folder, name), bytes);
    }
    const files = Object.keys(texts).map((name) => ({ path: join(folder, name), wishes }));
    result = await importData(files, rules, "made-up");
  });
  return result!;
}

/** Load of a home by slots. [kWh] */
export function loadKwh({ dataset }: Imported, home: string): Float64Array {
  const { community: { prosumers }, profiles: { grid, loadKw } } = dataset;
  const i = prosumers.findIndex(({ id }) => id === home);
  return loadKw.slice(i * grid.slots, (i + 1) * grid.slots).map((power) => power * grid.dtHours);
}
