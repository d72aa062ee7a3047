/**
 * A laboratory for peer-to-peer energy trading with multi-agent reinforcement learning.
 *
 * | what you want | where to begin |
 * | --- | --- |
 * | a community | {@linkcode synthesize}, {@linkcode readDataset}, {@linkcode importCityLearn} |
 * | days to learn from and to be judged on | {@linkcode splitDays} |
 * | a policy of your own | {@linkcode Policy}, {@linkcode decidePower} |
 * | the policies that are there | {@linkcode createPolicy}, {@linkcode loadModel} |
 * | a comparison | {@linkcode evaluate}, {@linkcode planOptimum} |
 * | to train | {@linkcode learn}, {@linkcode createTrainer} |
 * | a reward of your own | {@linkcode RewardFunction} |
 * | a learner of your own | {@linkcode MarketTrainingEnvironment}, {@linkcode EnergyMarketEnv} |
 * | only the market | {@linkcode createMarketBook}, {@linkcode clearOrders}, {@linkcode certify} |
 * | a day slot by slot | {@linkcode LiveDay} |
 * | charts | `lib/report/mod.ts` |
 *
 * `docs/your-own.md` shows each at work.
 *
 * @example
 * ```ts
 * import { defaultEnvironmentConfig, evaluate, rulePolicy, synthesize } from "./mod.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 4, days: 10, dtHours: 1 });
 * const { summary } = await evaluate(
 *   { dataset, config: defaultEnvironmentConfig, firstSlots: [0], seed: 42 },
 *   [rulePolicy("grid-only"), rulePolicy("trade-only")],
 * );
 * if (summary[1].costPerDay > summary[0].costPerDay) throw new Error("trade harms nobody");
 * ```
 *
 * @module
 */

// Units and seeded randomness.
export * from "./units.ts";
export * from "./random.ts";

// Data: communities, profiles, days, what befalls them.
export * from "./data/community.ts";
export * from "./data/device.ts";
export * from "./data/devices/home_device.ts";
export * from "./data/devices/car.ts";
export * from "./data/devices/heat_pump.ts";
export * from "./data/devices/appliance.ts";
export type { DevicePlace, Span } from "./data/devices/check.ts";
export * from "./data/profiles.ts";
export { type BesideName, type DatasetFormat, readDataset, writeDataset } from "./data/dataset.ts";
export { datasetHash } from "./data/hash.ts";
export {
  synthesize,
  SYNTHETIC_START,
  type SyntheticOptions,
  type SyntheticTariff,
  syntheticTariffs,
} from "./data/synthetic.ts";
export type { DeviceCounts } from "./data/synthetic/home_devices.ts";
export { drawFeeder, type FeederKind, feederKinds } from "./data/synthetic/feeder.ts";
export { type CityLearnFiles, type CityLearnOptions, importCityLearn } from "./data/citylearn.ts";
export type { Cells, ColumnType, Table } from "./data/columns.ts";
export * from "./data/composed.ts";
export type { LoadsBySlot } from "./data/loads_by_slot.ts";
export * from "./data/scenarios.ts";
export * from "./data/interventions.ts";
export * from "./data/split.ts";
export * from "./data/variants.ts";
export { type Charges, priced } from "./data/priced.ts";
export {
  type EnergyPrice,
  type PriceWindow,
  type TariffClass,
  type TariffConfig,
} from "./data/tariff_config.ts";
export type { Tariff, Tariffs } from "./data/tariffs.ts";
export type { BillingCalendar, BillingPeriod } from "./env/billing.ts";
export type { Network, NetworkNode, Transformer } from "./network/network.ts";
export { validateNetwork } from "./network/network.ts";
export { createFeeder, type Feeder } from "./network/feeder.ts";
export type { FeeRefund, HomeDistances } from "./network/fee_refund.ts";
export {
  createFlow,
  type Flow,
  linDistFlow,
  loadingOf,
  withLosses,
} from "./network/lin_dist_flow.ts";
export {
  type Allocation,
  allocations,
  createEnvelopes,
  type EnvelopeWriter,
  type Metered,
} from "./network/envelopes.ts";
export type { ForecastConfig } from "./data/forecasts/config.ts";
export type { Forecaster } from "./data/forecasts/forecaster.ts";

// Stores: everything that can move energy in time.
export * from "./stores/store.ts";
export * from "./stores/stores.ts";
export * from "./stores/battery.ts";
export * from "./stores/device.ts";
export * from "./stores/car.ts";
export * from "./stores/heat_pump.ts";
export * from "./stores/appliance.ts";
export * from "./stores/citylearn_battery.ts";

// The market: meter curves, one price, mechanisms and their certificates; and plain limit orders.
export * from "./market/market_book.ts";
export * from "./market/book_orders.ts";
export * from "./market/price_setter.ts";
export * from "./market/mechanism.ts";
export { mechanismNamed, mechanisms } from "./market/mechanisms/mod.ts";
export * from "./market/auction.ts";
export * from "./market/limit_orders.ts";
export * from "./market/order_book.ts";
export * from "./market/certificate.ts";

// The environment: what agents see and say, and what comes of it.
export {
  type CostConfig,
  defaultEnvironmentConfig,
  type EnvironmentConfig,
  type MarketConfig,
  type NetworkConfig,
} from "./env/config.ts";
export * from "./env/energy_market_env.ts";
export * from "./env/continue_on.ts";
export * from "./env/columns.ts";
export * from "./env/spaces.ts";
export { decideCurve, decidePower, type Decision, type ValueCurves } from "./env/decision.ts";
export type { Observation } from "./env/observe.ts";
export { type Ahead, aheadHours } from "./env/ahead.ts";
export type { FeatureTable } from "./env/published.ts";
export { Reason } from "./env/reasons.ts";
export { endValuePerKwh } from "./env/settle.ts";
export type { World } from "./env/world.ts";
export type { Grid, SlotLoads } from "./env/grid.ts";

// Policies: the interface, those that are there, and what own ones are made of.
export * from "./policies/policy.ts";
export * from "./policies/set_points.ts";
export * from "./policies/catalog.ts";
export * from "./policies/rule_based.ts";
export * from "./policies/at_once.ts";
export * from "./policies/zero_intelligence.ts";
export * from "./policies/mpc.ts";
export {
  type Optimum,
  type OptimumOptions,
  optimumPolicy,
  planOptimum,
} from "./policies/optimum.ts";
export * from "./policies/solver.ts";
export type {
  Basis,
  LinearModel,
  LinearProgram,
  LinearSolution,
} from "./policies/linear_program.ts";
export * from "./policies/learned.ts";
export { loadModel } from "./experiments/trained_model.ts";
export { readPolicyFile } from "./experiments/policy_file.ts";
export type { FilePolicy } from "./experiments/python_policy.ts";

// Learning: a training in a line, or its parts.
export { type ExperimentConfig, parseExperiment, type TrainingConfig } from "./ppo/experiment.ts";
export { type BackendName, defaultPpoConfig, type PpoConfig } from "./ppo/ppo_config.ts";
export * from "./ppo/market_environment.ts";
export * from "./ppo/training_reward.ts";
export { marketShards } from "./ppo/market_shards.ts";
export * from "./ppo/vector_environment.ts";
export * from "./ppo/algorithm.ts";
export * from "./ppo/ppo.ts";
export type { IterationMetrics } from "./ppo/metrics.ts";
export type { UpdateMetrics } from "./ppo/update.ts";
export type { AdamState } from "./ppo/adam.ts";
export type { LayerSizes } from "./ppo/mlp.ts";
export { generalizedAdvantages, type Trajectories } from "./ppo/gae.ts";
export type { NormalizerState } from "./ppo/normalizer.ts";
export type { NetworkSizes } from "./ppo/parameters.ts";
export type { EnvRunnerState } from "./ppo/env_runner.ts";
export type { TrainerState } from "./ppo/trainer_state.ts";
export type { Blocks } from "./ppo/blocks.ts";
export * from "./ppo/actor.ts";
export type { MarkUnfamiliar } from "./ppo/unfamiliar.ts";
export * from "./ppo/actor_weights.ts";
export * from "./ppo/checkpoint.ts";
export * from "./ppo/learn.ts";

// Evaluation: books, audit, indicators, bounds and statistics.
export * from "./evaluation/audit.ts";
export * from "./evaluation/prosumer_bills.ts";
export * from "./evaluation/device_bills.ts";
export * from "./evaluation/flexibility.ts";
export * from "./evaluation/bound.ts";
export * from "./evaluation/captured_share.ts";
export * from "./evaluation/community_results.ts";
export * from "./evaluation/energy_day.ts";
export * from "./evaluation/evaluate.ts";
export type { Exploitability, MisreportRow } from "./evaluation/exploitability.ts";
export * from "./evaluation/kpis.ts";
export * from "./evaluation/ladder.ts";
export * from "./evaluation/misreports.ts";
export * from "./evaluation/price_indicators.ts";
export * from "./evaluation/records.ts";
export * from "./evaluation/statistics.ts";

// Reference set-ups.
export type { DatasetSource } from "./experiments/dataset_source.ts";
export * from "./experiments/setups.ts";
export * from "./experiments/targets.ts";
export * from "./experiments/trade_offs.ts";

// A city: communities by the thousand.
export * from "./experiments/city.ts";

// Days that are played live.
export type { EpisodeOptions } from "./live/episode.ts";
export * from "./live/live_day.ts";
export * from "./live/savings.ts";
export * from "./live/notable.ts";
export * from "./live/slot_report.ts";
