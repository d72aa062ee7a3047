/**
 * The rules of the game for bills: those of a file, or the reference set-up without a price of CO2,
 * which no bill holds.
 *
 * @module
 */

import { readJson } from "../data/bounded_file.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { parseExperiment } from "../ppo/experiment.ts";

/**
 * Reads the rules. A price of CO2 counts where the file names one.
 *
 * @param file JSON as for `--config`; the reference set-up if left out.
 * @throws {RangeError} Naming the file and the field that is wrong.
 */
export async function boardConfig(file: string | undefined): Promise<EnvironmentConfig> {
  const input = file === undefined ? {} : await readJson(file);
  const { environment } = parseExperiment(input, file ?? "defaults");
  const named = (input as { environment?: { cost?: { carbonPricePerKg?: number } } })
    .environment?.cost?.carbonPricePerKg;
  requireCurves(environment, file);
  return { ...environment, cost: { ...environment.cost, carbonPricePerKg: named ?? 0 } };
}

/**
 * Bills are compared under all rules of sharing, which need curves.
 *
 * @throws {RangeError} Where orders are inelastic.
 */
export function requireCurves({ market }: EnvironmentConfig, file: string = "the run"): void {
  if (market.orders === "curves") return;
  throw new RangeError(
    `${file}: market.orders must be "curves" for a comparison of bills under every rule, got ` +
      `"${market.orders}"`,
  );
}
