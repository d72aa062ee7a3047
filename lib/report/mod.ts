/**
 * Figures of results, as data, as SVG and as PNG. Apart from the rest of the library because drawing
 * needs a renderer in native code.
 *
 * @module
 */

export * from "./draw.ts";
export * from "./figure.ts";
export * from "./palette.ts";
export { pinned } from "./pinned.ts";
export * from "./render.ts";
export * from "./show.ts";
export * from "./ladder_file.ts";
export * from "./ladder_verdict.ts";
export * from "./words.ts";
export * from "./exploitation_file.ts";
export { type TextTable } from "./html.ts";
export * from "./figures/bars.ts";
export * from "./figures/battery_soc.ts";
export * from "./figures/captured.ts";
export * from "./figures/charging.ts";
export * from "./figures/cleared_book.ts";
export * from "./figures/energy_day.ts";
export * from "./figures/exploitation.ts";
export * from "./figures/feasible_set.ts";
export * from "./figures/feeder_day.ts";
export * from "./figures/feeder_profile.ts";
export * from "./figures/grid_flow.ts";
export * from "./figures/grid_seasons.ts";
export * from "./figures/learning_curve.ts";
export * from "./figures/lines.ts";
export * from "./figures/market_prices.ts";
export * from "./figures/mechanisms.ts";
export * from "./figures/meter_curves.ts";
export * from "./figures/pareto.ts";
export * from "./figures/price_fan.ts";
export * from "./figures/store_bids.ts";
export * from "./figures/voltage_profile.ts";
export type { FigureOptions } from "./figures/common.ts";
export type { MechanismBill } from "../experiments/mechanism_benchmark.ts";
export type { ResponseRow } from "../experiments/best_responses.ts";
export type { MarketRow } from "../experiments/selfish_markets.ts";
export type { HomeCurve, HomePiece, Piece } from "../market/certified_curves.ts";
export * from "../evaluation/by_hour.ts";
export * from "../evaluation/charging_reasons.ts";
export * from "../evaluation/learning_curve.ts";
export type { NetworkHour, NodeIndicators } from "../evaluation/network_indicators.ts";
export type { NodeVoltages } from "../evaluation/network_files.ts";
export * from "../evaluation/results.ts";
export type { CellKind } from "../evaluation/checked_table.ts";
