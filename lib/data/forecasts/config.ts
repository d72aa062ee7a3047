/**
 * How forecasts of load and sun come about and err.
 *
 * @module
 */

import { z } from "zod";

/** How forecasts come about and err; see the modules of the same names. */
export interface ForecastConfig {
  /**
   * Where forecasts of loads come from: the past alone (`historical`), the truth and an error that
   * evolves as real ones do (`martingale`), or an error drawn afresh at every issue (`independent`,
   * the first edition's). Sun is always the truth with an error: evolving, or drawn afresh.
   */
  readonly model: "historical" | "martingale" | "independent";
  /** Standard deviation of the relative error at long lead; 0 forecasts the truth. */
  readonly error: number;
  /** Correlation of the error between target slots one hour apart, in [0, 1). */
  readonly correlationPerHour: number;
  /** Whether the current slot is measured or is itself a forecast, the harder option. */
  readonly currentSlot: "measured" | "forecast";
}

/** Schema of a {@linkcode ForecastConfig}; parsing fills in the reference set-up. */
export const forecastConfigSchema: z.ZodType<ForecastConfig> = z.strictObject({
  model: z.enum(["historical", "martingale", "independent"]).default("historical"),
  error: z.number().min(0).max(2).default(0.2),
  correlationPerHour: z.number().min(0).lt(1).default(0.8),
  currentSlot: z.enum(["measured", "forecast"]).default("measured"),
}).prefault({});
