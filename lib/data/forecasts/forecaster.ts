/**
 * What every home can know of its load and sun to come: the one source of forecasts that agents,
 * rules and planners read.
 *
 * @module
 */

/** Forecasts of one data set, a pure function of seed, home, slot of issue and lead. */
export interface Forecaster {
  /**
   * Writes what a home is thought to do.
   *
   * @param seed Seed of the episode's errors.
   * @param home Index of the home.
   * @param issueSlot Slot in which the forecast is made; its own slot is lead 0.
   * @param leads Slots to write, the current one included.
   * @param loadKw Receives load by lead. [kW]
   * @param pvKw Receives available sun by lead. [kW]
   * @param at Where in both arrays lead 0 goes; 0 if absent.
   */
  write(
    seed: number,
    home: number,
    issueSlot: number,
    leads: number,
    loadKw: Float64Array,
    pvKw: Float64Array,
    at?: number,
  ): void;
}
