/**
 * The plan of a community as a linear program: the batteries' powers over some slots at least cost.
 *
 * For slot t of length Δ, battery k and settlement group g, with import price p, feed-in tariff f,
 * carbon price κ, carbon intensity c, network fee φ, wear δ and value of lost load ν:
 *
 *     minimise  Σ [(p + κc)·m − f·x + φ·(q⁺ + q⁻)]Δ + δ·b⁻Δ + ν·uΔ
 *               + peak price·P + ramp price·Σ R + final price·Σ shortfall
 *     balance   m − x + q⁺ − q⁻ − Σ(b⁺ − b⁻) + u − w = L − G          (per group)
 *     exchange  Σ (q⁻ − q⁺) = 0
 *     storage   E = r·E₋₁ + h·(ηc·b⁺ − b⁻/ηd)                          (≤ if relaxed)
 *     reserve   E ≥ what idling leaves, and at full discharge ≥ socMin·C
 *     net       n = Σ (m − x),   −export limit ≤ n ≤ import limit
 *     meter     m/M + x/X ≤ 1                    (where p + κc < f; M, X the most of either)
 *     peak      P ≥ n,   ramp  R ≥ |n − n₋₁|,   shortfall ≥ initial energy − final energy
 *
 * The community is one group where trade is free: payments among its members cancel out, and only
 * what they import and export together costs anything. With a network fee, or without trade, every
 * home is a group of its own, and homes exchange q for the fee, or nothing. (Between homes, energy
 * that is not traded still flows behind the common connection, so that the limits hold for n.)
 *
 * A meter either imports or exports. Where importing costs less than exporting earns, nobody trades,
 * and what a home pays is concave in what it takes, which no linear program can hold: `meter` is its
 * convex hull, the chord between the most that the home can import and export. With such slots every
 * home is a group of its own.
 *
 * Everything that the environment allows is allowed here, so that the least cost is a bound. What
 * the environment rules out and a linear program cannot: charging and discharging at once, choosing
 * to shed load or sun beyond what the connection forces, and dipping into the reserve of a battery
 * that discharges itself. None of that pays, and the bound is reached, while
 *
 * - no tariff is negative and no import price below its feed-in tariff, ramps cost nothing and lost load costs more than any energy;
 * - batteries are linear, with a reserve or self-discharge but not both;
 * - with a fee or without trade, the connection's limits do not bind. (Where they do, they curtail
 *   and shed every home alike, also the one whose own sun meets its own load.)
 *
 * @module
 */

import { timestamp } from "../units.ts";
import { storageFloors } from "./linear_battery.ts";
import { createProgramBuilder, type LinearProgram } from "./linear_program.ts";
import type { Outlook, Planner } from "./planner.ts";
import { addSlot, isInverted, type SlotColumns } from "./slot_program.ts";

/** A plan as a linear program; all its slots look alike. */
export interface CommunityProgram extends LinearProgram {
  /** Columns that come before those of the slots. */
  readonly headColumns: number;
  /** Columns of a slot: all batteries' charging, their discharging, their energy, and the rest. */
  readonly columnsPerSlot: number;
  /** Rows of a slot; the dual of the first, by Δ, is the price of energy where homes trade. */
  readonly rowsPerSlot: number;
}

/** The program of a plan. */
export function communityProgram(planner: Planner, outlook: Outlook): CommunityProgram {
  const { dataset: { community, profiles }, config, scope, batteries } = planner;
  const { firstSlot, slots } = outlook;
  const ids = community.prosumers.map(({ id }) => id);
  const fee = scope.trades ? config.market.networkFeePerKwh : 0;
  const marketCloses = Array.from({ length: slots }, (_, t) => isInverted(profiles, firstSlot + t))
    .includes(true);
  const pooled = scope.trades && fee === 0 && !marketCloses;
  const builder = createProgramBuilder();

  const shortfalls = batteries.map(({ prosumer }) =>
    builder.column(`shortfall of ${ids[prosumer]}`, outlook.finalPricePerKwh, 0, Infinity)
  );
  const peakPrice = scope.community ? config.cost.peakPricePerKw : 0;
  const peak = peakPrice > 0 ? builder.column("peak", peakPrice, outlook.peakKw, Infinity) : null;
  const headColumns = builder.columnLabels.length;
  const frame = {
    builder,
    planner,
    outlook,
    floors: batteries.map((each) =>
      storageFloors(
        each,
        outlook.energyKwh[each.prosumer],
        outlook.capacityKwh[each.prosumer],
        slots,
      )
    ),
    groups: pooled ? ["the community"] : ids,
    groupOf: (prosumer: number) => pooled ? 0 : prosumer,
    exchanges: scope.trades && !pooled,
    meters: marketCloses,
    feePerKwh: fee,
    peak,
  };
  let last: SlotColumns | null = null;
  for (let t = 0; t < slots; t++) last = addSlot(frame, t, last);
  const columnsPerSlot = (builder.columnLabels.length - headColumns) / slots;
  const rowsPerSlot = builder.rowLabels.length / slots;
  batteries.forEach(({ prosumer }, b) => {
    builder.row(`final energy of ${ids[prosumer]}`, outlook.initialEnergyKwh[prosumer], Infinity);
    builder.entry(shortfalls[b], 1);
    builder.entry(last!.stored[b], 1);
  });

  const slotName = (index: number, perSlot: number) => {
    const t = Math.floor(index / perSlot);
    return t >= 0 && t < slots ? ` at ${timestamp(profiles.grid, firstSlot + t)}` : "";
  };
  return {
    subject: `the plan of ${community.name} from ${timestamp(profiles.grid, firstSlot)}`,
    model: builder.model(),
    columnName: (index) =>
      builder.columnLabels[index] + slotName(index - headColumns, columnsPerSlot),
    rowName: (index) => builder.rowLabels[index] + slotName(index, rowsPerSlot),
    headColumns,
    columnsPerSlot,
    rowsPerSlot,
  };
}
