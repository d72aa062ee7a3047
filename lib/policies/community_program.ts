/**
 * The plan of a community as a linear program: the stores' powers over some slots at least cost.
 *
 * For slot t of length Δ, store s and settlement group g, with ceiling C (import price and carbon
 * price), feed-in tariff f, network fee φ, wear δ, value of lost load ν, cost of curtailment γ and a
 * store's unmet price μ:
 *
 *     minimise  Σ [C·m − f·x + φ·(q⁺ + q⁻)]Δ + δ·b⁻Δ + ν·lΔ + γ·cΔ + μ·u
 *               + peak price·P + ramp price·Σ R + end value·Σ (initial energy − final energy)
 *     balance   m − x + q⁺ − q⁻ − Σ(b⁺ − b⁻) + l − c = L − G          (per group)
 *     exchange  Σ (q⁻ − q⁺) = 0
 *     storage   E = r·E₋₁ + h·(ηc·b⁺ − b⁻/ηd) − drain + u             (≤ if relaxed)
 *     reserve   E ≥ what idling leaves, and at full discharge ≥ the least
 *     net       n = Σ (m − x),   −export limit ≤ n ≤ import limit
 *     peak      P ≥ n,   ramp  R ≥ |n − n₋₁|,   and Pᵢ ≥ m − x + q⁺ − q⁻ where homes pay for peaks
 *
 * The community is one group where trade is free and all have one tariff: payments among its members
 * cancel out, and only what they import and export together costs anything. With a network fee, own
 * tariffs or without trade, every home is a group of its own, and homes exchange q for the fee, or
 * nothing. In the first edition's end value only a shortfall of energy counts.
 *
 * On a network each home's net power lies within its operating envelope; or, for what coordination
 * could reach, voltages and flows within their limits ({@link ./network_program.ts}).
 *
 * Everything that the environment allows is allowed here, so that the least cost is a bound. It is
 * reached, while
 *
 * - no store would be paid for burning energy (negative prices), and ramps cost nothing;
 * - stores are linear, with a reserve or self-discharge but not both;
 * - no store would give what it needs for a departure, as where a shortage makes energy dearer than
 *   missing it: the filter keeps it, the program gives it;
 * - importing costs at least what exporting earns: elsewhere a meter's cost is concave, and the
 *   program takes its chord;
 * - homes have one tariff: elsewhere a home may not buy and sell in one slot, and the program only
 *   holds it to importing for itself;
 * - where orders are inelastic, the connection's limits do not bind while homes are groups. (They
 *   then shed every home alike, also the one whose own sun meets its own load.)
 *
 * @module
 */

import { hasCommunityPeak, hasOwnPeaks } from "../env/billing.ts";
import { timestamp } from "../units.ts";
import { energyRange } from "./linear_store.ts";
import { createProgramBuilder, type LinearProgram } from "./linear_program.ts";
import { columnSlot, type Outlook } from "./outlook.ts";
import type { Planner } from "./planner.ts";
import { addEnvelopes, addFlows, networkScope } from "./network_program.ts";
import { addSlot, type PeakColumns, type SlotColumns } from "./slot_program.ts";

/** A plan as a linear program; all its slots look alike. */
export interface CommunityProgram extends LinearProgram {
  /** Columns that come before those of the slots. */
  readonly headColumns: number;
  /** Slots that are planned. */
  readonly slots: number;
  /** Columns of a slot: all stores' charging, their discharging, their energy, and the rest. */
  readonly columnsPerSlot: number;
  /** Rows of a slot; the dual of the first, by Δ, is the price of energy where homes trade. */
  readonly rowsPerSlot: number;
  /** What the plan costs beside the program's objective. [currency] */
  readonly constantCost: number;
  /** Row of a slot at which the storage of each store stands. `[stores]` */
  readonly storageRows: readonly number[];
}

/** The program of a plan. */
export function communityProgram(planner: Planner, outlook: Outlook): CommunityProgram {
  const { world, scope, stores, names } = planner;
  const { dataset: { community, profiles }, config } = world;
  const { firstSlot, slots } = outlook;
  const ids = community.prosumers.map(({ id }) => id);
  const pooled = scope.trades && config.market.networkFeePerKwh === 0 &&
    world.tariffs.classes.length === 1 && !hasOwnPeaks(world.dataset) &&
    !planner.hasInvertedSlot(firstSlot, slots);
  const builder = createProgramBuilder();
  const endValues = stores.map(({ store }) => planner.endValuePerKwh(store, outlook));

  const shortfalls = config.endValue === "first-edition"
    ? stores.map((_, s) => builder.column(`shortfall of ${names[s]}`, endValues[s], 0, Infinity))
    : [];
  const peaksAt = addPeaks(builder, planner, outlook);
  const headColumns = builder.columnLabels.length;
  const constant = { cost: standingCost(world, outlook) };
  const network = world.grid === null ? null : networkScope(world.grid, scope);
  const frame = {
    builder,
    planner,
    outlook,
    ranges: stores.map((each, s) =>
      energyRange(
        each,
        outlook.energyKwh[s],
        outlook.capacityKwh[s],
        (t) => columnSlot(outlook, s, t),
        slots,
      )
    ),
    groups: pooled ? ["the community"] : ids,
    groupOf: (home: number) => pooled ? 0 : home,
    parts: pooled && network === null ? ["the community"] : ids,
    groupOfPart: (part: number) => pooled ? 0 : part,
    exchanges: scope.trades && !pooled,
    peaksAt,
    constant,
  };
  let last: SlotColumns | null = null;
  const columns: SlotColumns[] = [];
  for (let t = 0; t < slots; t++) columns.push(last = addSlot(frame, t, last));
  const columnsPerSlot = (builder.columnLabels.length - headColumns) / slots;
  const rowsPerSlot = builder.rowLabels.length / slots;
  const storageRows = names.map((name) => builder.rowLabels.indexOf(`storage of ${name}`));
  stores.forEach((_, s) => {
    if (shortfalls.length === 0) {
      constant.cost += endValues[s] * outlook.initialEnergyKwh[s];
      return;
    }
    builder.row(`final energy of ${names[s]}`, outlook.initialEnergyKwh[s], Infinity);
    builder.entry(shortfalls[s], 1);
    builder.entry(last!.stored[s], 1);
  });
  if (network === "envelopes") addEnvelopes(frame, columns);
  if (network === "flows") addFlows(frame, columns);
  const model = builder.model();
  if (shortfalls.length === 0) {
    last!.stored.forEach((column, s) => model.cost[column] -= endValues[s]);
  }

  const slotName = (index: number, perSlot: number) => {
    const t = Math.floor(index / perSlot);
    return t >= 0 && t < slots ? ` at ${timestamp(profiles.grid, firstSlot + t)}` : "";
  };
  return {
    subject: `the plan of ${community.name} from ${timestamp(profiles.grid, firstSlot)}`,
    model,
    constantCost: constant.cost,
    columnName: (index) =>
      builder.columnLabels[index] + slotName(index - headColumns, columnsPerSlot),
    rowName: (index) => builder.rowLabels[index] + slotName(index, rowsPerSlot),
    headColumns,
    slots,
    columnsPerSlot,
    rowsPerSlot,
    storageRows,
  };
}

/** What is charged by the month in the slots of a plan, whatever it does. [currency] */
function standingCost(
  { dataset: { charges }, billing }: Planner["world"],
  { firstSlot, slots, episodeFirstSlot }: Outlook,
): number {
  if (charges === undefined) return 0;
  const perMonth = charges.standingPerMonth.reduce((sum, charge) => sum + charge, 0);
  let cost = 0;
  for (let t = 0; t < slots; t++) {
    const { first, months } = billing(episodeFirstSlot, firstSlot + t);
    if (first === firstSlot + t) cost += perMonth * months;
  }
  return cost;
}

/** Adds columns for the highest imports of every month that a plan reaches into. */
function addPeaks(
  builder: ReturnType<typeof createProgramBuilder>,
  { world, scope }: Planner,
  { firstSlot, slots, episodeFirstSlot, peakKw, homePeakKw }: Outlook,
): (t: number) => PeakColumns {
  const { config, dataset, billing } = world;
  const { charges } = dataset;
  const column = (price: number, soFarKw: number) =>
    builder.column("peak", price, soFarKw, Infinity);
  const isCharged = scope.community && hasCommunityPeak(dataset, config);
  // A charge on the episode's highest import knows no months.
  const whole = isCharged && config.cost.peakPricePerKw > 0
    ? column(config.cost.peakPricePerKw, peakKw)
    : null;
  const byMonth = new Map<number, PeakColumns>();
  const monthAt = (t: number) =>
    charges === undefined ? 0 : billing(episodeFirstSlot, firstSlot + t).first;
  for (let t = 0; t < slots; t++) {
    if (byMonth.has(monthAt(t))) continue;
    const { months } = billing(episodeFirstSlot, firstSlot + t);
    const isPresent = t === 0;
    byMonth.set(monthAt(t), {
      community: !isCharged || whole !== null
        ? whole
        : column(charges!.communityCapacityPerKwMonth * months, isPresent ? peakKw : 0),
      homes: hasOwnPeaks(dataset)
        ? charges!.capacityPerKwMonth.map((price, i) =>
          column(price * months, isPresent ? homePeakKw[i] : 0)
        )
        : [],
    });
  }
  return (t) => byMonth.get(monthAt(t))!;
}
