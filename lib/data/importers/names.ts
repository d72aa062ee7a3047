/**
 * What the words in a header say: which home, what is measured, in which unit.
 *
 * @module
 */

import { obisOf, withoutObis } from "./obis.ts";

/** What a column or a register measures. */
export const roles = ["load", "import", "export", "pv"] as const;
/** What a column or a register measures: use of the home, what its meter takes in or gives, or its sun. */
export type Role = typeof roles[number];

/** Units of readings. */
export const units = ["kWh", "Wh", "MWh", "kW", "W", "MW"] as const;
/** Unit of a reading. */
export type Unit = typeof units[number];

/** How a reading counts: energy of its interval, mean power over it, or energy since a meter began. */
export const quantities = ["energy", "power", "register"] as const;
/** How a reading counts. */
export type Quantity = typeof quantities[number];

/** kW or kWh per unit. */
export const kiloPerUnit: Readonly<Record<Unit, number>> = {
  ...{ kWh: 1, Wh: 1e-3, MWh: 1e3 },
  ...{ kW: 1, W: 1e-3, MW: 1e3 },
};

/** What a name says; what it does not say is absent. */
export interface NameParts {
  /** The rest: the home, or nothing. */
  readonly home: string;
  /** What is measured. */
  readonly role?: Role;
  /** In which unit. */
  readonly unit?: Unit;
  /** How it counts. */
  readonly quantity?: Quantity;
  /** Whether the time stamp is that of the end. */
  readonly isEnd?: boolean;
  /** Which of several registers by tariff, whose sum is 0; absent where there is one. */
  readonly tariff?: number;
  /** Which phase, 1 to 3; absent for their sum. */
  readonly phase?: number;
}

const UNIT_WORDS: Readonly<Record<string, Unit>> = {
  ...{ kwh: "kWh", wh: "Wh", mwh: "MWh", kw: "kW", w: "W", mw: "MW", watt: "W", watts: "W" },
  ...{ kilowatt: "kW", kilowatts: "kW", kilowattstunden: "kWh", kilowatthours: "kWh" },
  ...{ kwatt: "kW", kwatts: "kW", kwhs: "kWh", wattstunden: "Wh", watthours: "Wh" },
};

const words = (text: string) => text.split(/\s+/);
const ROLE_WORDS: readonly (readonly [Role, readonly string[]])[] = [
  [
    "import",
    words(
      "import imported bezug netzbezug wirkbezug bezogen entnahme delivered purchase purchased taken " +
        "soutirage afname levering prelievo prelevata gridimport",
    ),
  ],
  [
    "export",
    words(
      "export exported einspeisung netzeinspeisung eingespeist lieferung rückspeisung abgabe received " +
        "feedin injection injectie injeção injecao teruglevering immissione immessa vertida excedente " +
        "returned surplus gridexport überschuss",
    ),
  ],
  [
    "pv",
    words(
      "pv solar generation production erzeugung generated photovoltaik photovoltaic panels sun " +
        "produktion gesamterzeugung stromerzeugung solarerzeugung solarproduktion produced opwekking wechselrichter inverter",
    ),
  ],
  [
    "load",
    words(
      "load consumption verbrauch demand last use usage haushaltsverbrauch lastgang gesamtverbrauch stromverbrauch hausverbrauch consumed " +
        "consommation consumo verbruik forbrug forbruk förbrukning strombezug",
    ),
  ],
];
const REGISTER_WORDS = words(
  "reading zählerstand zaehlerstand stand register cumulative kumuliert index counter total_reading " +
    "meterstand ablesung odometer",
);
const FILLER_WORDS = words(
  "energy energie power leistung wirkleistung wirkenergie active value wert measured measurement " +
    "messwert interval quarter hour per viertelstunde je mean avg average mittelwert arbeit wirkarbeit " +
    "kwhh profile profil amount quantity menge from to aus ins grid netz in electricity strom el " +
    "gemessener gemessene gemessen medido medida mittelwerte system energia " +
    "vom zum nach dem actief mængde",
);

/**
 * Takes a name apart.
 *
 * @example
 * ```ts
 * import { nameParts } from "./names.ts";
 * const { home, role, unit } = nameParts("Haus01_import_kWh");
 * if (`${home} ${role} ${unit}` !== "Haus01 import kWh") throw new Error(home);
 * ```
 */
export function nameParts(name: string): NameParts {
  const obis = obisOf(name);
  const text = withoutObis(name.normalize("NFC").trim())
    .replace(/\bfrom[ _]grid\b/i, "import").replace(/\bto[ _]grid\b/i, "export");
  // Words of letters; what stands between them is kept, as the home's name needs it.
  const pieces = text.split(/([\s_\-./()[\]:;,]+)/).flatMap((piece) =>
    /^[a-zäöü]+[A-Z]/.test(piece) && wordOf(piece) === undefined ? camel(piece) : [piece]
  );
  const found: {
    -readonly [K in keyof NameParts as K extends "home" ? never : K]?: NameParts[K];
  } = obis === "other" ? {} : { ...obis };
  let isReading = false;
  const isBetween = (piece: string) => /^[\s_\-./()[\]:;,]+$/.test(piece);
  // With a word that says something goes what stood before it.
  const kept = pieces.reduce((name, piece, k) => {
    const said = isBetween(piece) ? undefined : wordOf(piece);
    if (said === undefined) return piece === "" ? name : name + piece;
    if (said.unit !== undefined && found.unit === undefined) found.unit = said.unit;
    if (said.role !== undefined && found.role === undefined) found.role = said.role;
    if (said.isReading) isReading = true;
    if (said.isEnd) found.isEnd = true;
    return isBetween(pieces[k - 1] ?? "")
      ? name.slice(0, name.length - pieces[k - 1].length)
      : name;
  }, "");
  const home = kept.replaceAll(/^[\s_\-./()[\]:;,]+|[\s_\-./()[\]:;,]+$/g, "");
  // A tariff has a direction; a home may be called so too.
  const byTariff = found.role === undefined ? null : /^T([1-4])$/.exec(home);
  if (byTariff !== null) {
    return { ...found, home: "", tariff: Number(byTariff[1]), ...quantityOf(found, isReading) };
  }
  return { home, ...found, ...quantityOf(found, isReading) };
}

/** How a reading counts, by what its name says of it. */
function quantityOf(
  { quantity, unit }: Partial<NameParts>,
  isReading: boolean,
): { quantity?: Quantity } {
  if (quantity !== undefined) return { quantity };
  if (isReading) return { quantity: "register" };
  return unit === undefined ? {} : { quantity: unit.endsWith("h") ? "energy" : "power" };
}

function camel(piece: string): string[] {
  const parts = piece.split(/(?<=[a-zäöü])(?=[A-Z])/);
  return parts.some((part) => wordOf(part) !== undefined) ? parts : [piece];
}

function wordOf(
  piece: string,
): { unit?: Unit; role?: Role; isReading?: boolean; isEnd?: boolean } | undefined {
  const word = piece.toLowerCase();
  if (Object.hasOwn(UNIT_WORDS, word)) return { unit: UNIT_WORDS[word] };
  const role = ROLE_WORDS.find(([, all]) => all.includes(word))?.[0];
  if (role !== undefined) return { role };
  if (REGISTER_WORDS.includes(word)) return { isReading: true };
  if (word === "end" || word === "ende") return { isEnd: true };
  return FILLER_WORDS.includes(word) ? {} : undefined;
}

/** Unit that a text such as a title line or a file's name mentions. */
export function unitIn(text: string): Unit | undefined {
  const found = /(?:^|[^A-Za-z0-9])(kWh|KWH|kwh|MWh|MWH|Wh|WH|kW|KW|MW|Watt|W)(?:$|[^A-Za-z0-9])/
    .exec(text)?.[1];
  return found === undefined ? undefined : UNIT_WORDS[found.toLowerCase()];
}

/** Role that a text such as a file's name mentions: sun, or nothing. */
export function roleIn(text: string): Role | undefined {
  return text.toLowerCase().split(/[^\p{L}]+/u).flatMap((word) => wordOf(word)?.role ?? [])[0];
}

/** Names of prosumers for the names that files have: what an id may not hold becomes `-`. */
export function idsFor(names: readonly string[]): Map<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    const plain = name.normalize("NFC").replaceAll(/[^\p{L}\p{M}\p{N}_-]+/gu, "-")
      .replaceAll(/^-+|-+$/g, "") || "home";
    let id = plain;
    for (let k = 2; taken.has(id); k++) id = `${plain}-${k}`;
    taken.add(id);
    ids.set(name, id);
  }
  return ids;
}
