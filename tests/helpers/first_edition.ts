/**
 * The rules of the first edition (commit c017517), which stay for comparison.
 *
 * @module
 */

import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";

/** The first edition's reference set-up with other costs and market rules on top. */
export function firstEdition(
  { cost = {}, market = {} }: {
    readonly cost?: Readonly<Record<string, number>>;
    readonly market?: Readonly<Record<string, number>>;
  } = {},
): EnvironmentConfig {
  return environmentConfigSchema.parse({
    episodeDays: 1,
    endValue: "first-edition",
    forecast: { model: "independent", error: 0.2, currentSlot: "measured" },
    market: { orders: "inelastic", ...market },
    cost,
  });
}
