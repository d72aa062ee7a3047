/**
 * Tariffs of a data set: one for all homes, or one for each class of homes.
 *
 * @module
 */

import type { Dataset } from "./profiles.ts";

/** What the grid asks and pays, by slot. */
export interface Tariff {
  /** Retail price of imported energy. [currency/kWh] */
  readonly importPricePerKwh: Float64Array;
  /** Price paid for exported energy. [currency/kWh] */
  readonly feedInTariffPerKwh: Float64Array;
}

/** Tariffs and who has which. */
export interface Tariffs {
  /** At least one. */
  readonly classes: readonly Tariff[];
  /** Class of each home. `[homes]` */
  readonly classOf: Int32Array;
}

/** The tariffs of a data set, in the order in which its homes name them. */
export function tariffsOf({ community: { prosumers }, profiles, tariffs }: Dataset): Tariffs {
  const names: (string | undefined)[] = [];
  const classOf = Int32Array.from(prosumers, ({ tariffClass }) => {
    const known = names.indexOf(tariffClass);
    return known >= 0 ? known : names.push(tariffClass) - 1;
  });
  const classes = names.map((name) => name === undefined ? profiles : tariffs![name]);
  return { classes, classOf };
}

/** A copy in which every import price of every class is another one. */
export function withImportPrices(
  dataset: Dataset,
  change: (pricePerKwh: number, slot: number) => number,
): Dataset {
  const { profiles, tariffs } = dataset;
  const changed = <T extends Tariff>(tariff: T): T => ({
    ...tariff,
    importPricePerKwh: tariff.importPricePerKwh.map(change),
  });
  return {
    ...dataset,
    profiles: changed(profiles),
    ...(dataset.charges !== undefined && { charges: { ...dataset.charges, isPriceChanged: true } }),
    ...(tariffs !== undefined && {
      tariffs: Object.fromEntries(
        Object.entries(tariffs).map(([name, tariff]) => [name, changed(tariff)]),
      ),
    }),
  };
}
