/**
 * The data set of a reference set-up, as the tasks can load it again.
 *
 * @module
 */

import { join } from "node:path";
import { importCityLearn } from "../data/citylearn.ts";
import { SCHEMA_FILE } from "../data/citylearn_schema.ts";
import { folderFiles, readDataset, writeDataset } from "../data/dataset.ts";
import { datasetHash } from "../data/hash.ts";
import type { Dataset } from "../data/profiles.ts";
import { urlFiles } from "../data/url_files.ts";
import { asR2, R2_FEED_IN_TARIFF_PER_KWH, R2_HOMES, type Setup } from "./setups.ts";
import type { DatasetSource } from "./dataset_source.ts";
import { exists } from "../disk/exists.ts";

/** Where R2's homes are looked for unless another place is named. */
export const R2_FOLDER = "data/citylearn-2022";

/**
 * Makes the data set ready: the homes of R2 are converted into a folder of the results.
 *
 * @param data Where the homes are: a data set folder, or a CityLearn folder or address; by default
 * {@linkcode R2_FOLDER}, or where they were converted before.
 * @param folder Where the results are.
 * @throws {Error} If the homes are not there, or not those of the set-up.
 */
export async function prepareSetup(
  { name, source }: Setup,
  data: string | undefined,
  folder: string,
): Promise<DatasetSource> {
  if (source !== null) return source;
  const converted = `${folder}/data`;
  const place = data ??
    (await exists(R2_FOLDER) || !await exists(converted) ? R2_FOLDER : converted);
  const dataset = asR2(await readHomes(place));
  const homes = dataset.community.prosumers.length;
  if (homes !== R2_HOMES) {
    throw new Error(
      `the set-up ${name} has ${R2_HOMES} homes, but ${place} has ${homes}; name the ` +
        "data of the CityLearn challenge 2022, phase all",
    );
  }
  if (!await holds(converted, dataset)) await writeDataset(dataset, converted);
  return { data: converted };
}

async function readHomes(place: string): Promise<Dataset> {
  const options = { name: "citylearn-2022", feedInTariffPerKwh: R2_FEED_IN_TARIFF_PER_KWH };
  if (/^https?:/.test(place)) return await importCityLearn(urlFiles(place), options);
  if (await exists(join(place, SCHEMA_FILE))) {
    return await importCityLearn(folderFiles(place), options);
  }
  if (await exists(place)) return await readDataset(place);
  throw new Error(
    `there is no ${place}: the homes of R2 are no part of this repository; import them with ` +
      `"deno task data import-citylearn FOLDER_OR_URL ${R2_FOLDER}", or name where they are ` +
      "with --data",
  );
}

/** Whether a folder already holds this very data set. */
async function holds(folder: string, dataset: Dataset): Promise<boolean> {
  if (!await exists(folder)) return false;
  return await datasetHash(await readDataset(folder)) === await datasetHash(dataset);
}
