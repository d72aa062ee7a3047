/**
 * The rows by which one network acts for homes with any mix of stores.
 *
 * A row sees its home and one store of each kind, and says the numbers of these: a home with two cars has
 * two rows, of which the first sees the first car, the second the second, and both the battery. So the
 * stores of a kind share all weights, whichever home they are in and however many it has; exchanging two
 * of a home's cars exchanges what is said of them. A kind that a home has none of is zeros. Where no home
 * has two of a kind, a row is a home.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { tariffsOf } from "../data/tariffs.ts";
import { storesOf } from "../stores/stores.ts";
import { hasOwnPeaks } from "./billing.ts";
import type { EnvironmentConfig } from "./config.ts";
import { hasEnvelopes } from "./grid.ts";
import { createSpaces, featuresOf, type Spaces, storeFeatures, waitingFeatures } from "./spaces.ts";
import type { World } from "./world.ts";

/** Rows of a network for an environment. */
export interface AgentRows {
  /** Rows of each home. */
  readonly perHome: number;
  /** Own features of a row, in order. */
  readonly own: readonly string[];
  /** Numbers that a row says, in order. */
  readonly numbers: readonly string[];
  /** Own features of all rows from those of all homes; the same array where a row is a home. */
  spread(own: Float64Array): Float64Array;
  /** Numbers of all homes from those of all rows. */
  gather(rowNumbers: Float64Array, numbers: Float64Array): void;
  /** Numbers of all rows from those of all homes; NaN where a row's number says nothing. */
  scatter(numbers: Float64Array, rowNumbers: Float64Array): void;
}

/**
 * Rows for the homes of a world.
 *
 * @param kinds Kinds of stores that the network knows, in alphabetical order; those of the world if absent.
 * @throws {RangeError} If the world has a kind that the network does not know.
 */
export function agentRows(
  { spaces, stores, homes, communities }: Pick<
    World,
    "spaces" | "stores" | "homes" | "communities"
  >,
  kinds: readonly string[] = kindsOf(spaces),
): AgentRows {
  const { observation: { own: shown, storeSlots }, action: { names } } = spaces;
  const stranger = storeSlots.find(({ kind }) => !kinds.includes(kind));
  if (stranger !== undefined) {
    const known = kinds.length === 0 ? "no stores at all" : `${kinds.join(", ")} alone`;
    throw new RangeError(
      `the model was trained with ${known}, and this community has stores of kind ${stranger.kind}; ` +
        "train a model on a community that has some",
    );
  }
  const own = [...homeFeatures(spaces), ...kinds.flatMap(storeNames)];
  const numbers = numberNames(spaces.action.orders, kinds);
  const perHome = Math.max(1, ...kinds.map((kind) => slotsOf(spaces, kind).length));
  const isHome = perHome === 1 && own.length === shown.length;
  const common = shown.length - storeSlots.reduce((n, { kind }) => n + featuresOf(kind).length, 0);
  const rows = communities * homes * perHome;
  const spreadOwn = isHome ? new Float64Array() : new Float64Array(rows * own.length);
  /** Where in a home's features those of the store lie that a row shows, −1 for none; by home, row, kind. */
  const shownAt = new Int32Array(isHome ? 0 : homes * perHome * kinds.length).fill(-1);
  if (!isHome) {
    for (let home = 0; home < homes; home++) {
      kinds.forEach((kind, j) => {
        const places = stores.flatMap((store, s) =>
          store.owner === home && store.kind === kind ? [storeSlots[spaces.slotOfStore[s]].at] : []
        ).sort((a, b) => a - b);
        for (let row = 0; row < perHome && places.length > 0; row++) {
          shownAt[(home * perHome + row) * kinds.length + j] =
            places[Math.min(row, places.length - 1)];
        }
      });
    }
  }
  const sources = numberSources(spaces, numbers);

  return {
    perHome,
    own,
    numbers,
    spread(homesOwn) {
      if (isHome) return homesOwn;
      for (let row = 0, to = 0; row < rows; row++) {
        const home = Math.floor(row / perHome), from = home * shown.length;
        const place = ((home % homes) * perHome + row % perHome) * kinds.length;
        for (let k = 0; k < common; k++) spreadOwn[to++] = homesOwn[from + k];
        for (let j = 0; j < kinds.length; j++) {
          const at = shownAt[place + j], size = featuresOf(kinds[j]).length;
          for (let k = 0; k < size; k++) spreadOwn[to++] = at < 0 ? 0 : homesOwn[from + at + k];
        }
      }
      return spreadOwn;
    },
    gather(rowNumbers, homeNumbers) {
      for (let home = 0, to = 0; home < communities * homes; home++) {
        const first = home * perHome;
        for (const { row, at } of sources) {
          homeNumbers[to++] = rowNumbers[(first + row) * numbers.length + at];
        }
      }
    },
    scatter(homeNumbers, rowNumbers) {
      rowNumbers.fill(NaN);
      for (let home = 0, from = 0; home < communities * homes; home++) {
        const first = home * perHome;
        for (const { row, at } of sources) {
          rowNumbers[(first + row) * numbers.length + at] = homeNumbers[from++];
        }
      }
    },
  };

  function numberSources({ observation: { storeSlots } }: Spaces, rowNames: readonly string[]) {
    return names.map((name) => {
      const [prefix, what] = name.split(".");
      const slot = storeSlots.find((each) => each.name === prefix && what !== undefined);
      if (slot === undefined) return { row: 0, at: rowNames.indexOf(name) };
      const row = slotsOf(spaces, slot.kind).indexOf(slot);
      return { row, at: rowNames.indexOf(`${slot.kind}.${what}`) };
    });
  }
}

/** What a network sees of the homes of a data set, feature by feature: the common block before the own one. */
export function observationNames(
  dataset: Dataset,
  config: EnvironmentConfig,
): readonly string[] {
  const shown = {
    ownTariffs: tariffsOf(dataset).classes.length > 1,
    ownPeaks: hasOwnPeaks(dataset),
    envelopes: hasEnvelopes(dataset, config),
  };
  const spaces = createSpaces(storesOf(dataset), shown, config.market.orders);
  const kinds = kindsOf(spaces);
  return [...spaces.observation.common, ...homeFeatures(spaces), ...kinds.flatMap(storeNames)];
}

/** Kinds of stores among the features that a network sees. */
export function kindsAmong(features: readonly string[]): string[] {
  const ends: ReadonlySet<string> = new Set([...storeFeatures, ...waitingFeatures]);
  return [
    ...new Set(features.flatMap((name) => {
      const [kind, what] = name.split(".");
      return what !== undefined && ends.has(what) ? [kind] : [];
    })),
  ];
}

const kindsOf = ({ observation: { storeSlots } }: Spaces) => [
  ...new Set(storeSlots.map(({ kind }) => kind)),
];

const slotsOf = ({ observation: { storeSlots } }: Spaces, kind: string) =>
  storeSlots.filter((slot) => slot.kind === kind);

const storeNames = (kind: string) => featuresOf(kind).map((each) => `${kind}.${each}`);

function homeFeatures({ observation: { own, storeSlots } }: Spaces): readonly string[] {
  return own.slice(0, storeSlots[0]?.at ?? own.length);
}

/** Numbers that a row says where a network knows these kinds of stores, in order. */
export function numberNames(
  orders: Spaces["action"]["orders"],
  kinds: readonly string[],
): readonly string[] {
  return orders === "curves"
    ? kinds.flatMap((kind) => [`${kind}.value`, `${kind}.fall`])
    : [...kinds.map((kind) => `${kind}.power`), "share", "price"];
}
