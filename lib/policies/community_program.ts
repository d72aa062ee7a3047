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
 *     peak      P ≥ n,   ramp  R ≥ |n − n₋₁|,   shortfall ≥ initial energy − final energy
 *
 * The community is one group where trade is free: payments among its members cancel out, and only
 * what they import and export together costs anything. With a network fee, or without trade, every
 * home is a group of its own, and homes exchange q for the fee, or nothing. (Between homes, energy
 * that is not traded still flows behind the common connection, so that the limits hold for n.)
 *
 * Everything that the environment allows is allowed here, so that the least cost is a bound. What
 * the environment rules out and a linear program cannot: charging and discharging at once, choosing
 * to shed load or sun beyond what the connection forces, and dipping into the reserve of a battery
 * that discharges itself. None of that pays, and the bound is reached, while
 *
 * - no tariff is negative, ramps cost nothing and lost load costs more than any energy;
 * - batteries are linear, with a reserve or self-discharge but not both;
 * - with a fee or without trade, the connection's limits do not bind. (Where they do, they curtail
 *   and shed every home alike, also the one whose own sun meets its own load.)
 *
 * @module
 */

import type { Battery } from "../data/community.ts";
import { timestamp } from "../units.ts";
import { storageFloors } from "./linear_battery.ts";
import { type Basis, createProgramBuilder, type LinearProgram } from "./linear_program.ts";
import type { Outlook, Planner } from "./plan.ts";

/** A plan as a linear program; all its slots look alike. */
export interface CommunityProgram extends LinearProgram {
  /** Columns that come before those of the slots. */
  readonly headColumns: number;
  /** Columns of a slot: charging powers of all batteries, discharging powers, and the rest. */
  readonly columnsPerSlot: number;
  /** Rows of a slot; the dual of the first, by Δ, is the price of energy where homes trade. */
  readonly rowsPerSlot: number;
}

/** Columns of a slot that the next one refers to. */
interface SlotColumns {
  /** The first battery's stored energy; the others follow. */
  readonly stored: number;
  /** Net import. */
  readonly net: number;
}

/** The program of a plan. */
export function communityProgram(
  planner: Planner,
  outlook: Outlook,
  start?: Basis,
): CommunityProgram {
  const { dataset: { community, profiles }, config, scope, batteries } = planner;
  const { firstSlot, slots, loadKw, pvKw, energyKwh } = outlook;
  const { prosumers } = community;
  const { dtHours } = profiles.grid;
  const { cost } = config;
  const fee = scope.trades ? config.market.networkFeePerKwh : 0;
  const pooled = scope.trades && fee === 0;
  const groups = pooled ? ["the community"] : prosumers.map(({ id }) => id);
  const groupOf = (prosumer: number) => pooled ? 0 : prosumer;
  const peakPrice = scope.community ? cost.peakPricePerKw : 0;
  const rampPrice = scope.community ? cost.rampPricePerKw : 0;
  const ids = batteries.map(({ prosumer }) => prosumers[prosumer].id);
  const floors = batteries.map((each) =>
    storageFloors(each, energyKwh[each.prosumer], outlook.capacityKwh[each.prosumer], slots)
  );
  const builder = createProgramBuilder();
  const { column, row, entry } = builder;

  const shortfalls = ids.map((id) =>
    column(`shortfall of ${id}`, outlook.finalPricePerKwh, 0, Infinity)
  );
  const peak = peakPrice > 0 ? column("peak", peakPrice, outlook.peakKw, Infinity) : null;
  const headColumns = builder.columnLabels.length;
  let last: SlotColumns | null = null;
  for (let t = 0; t < slots; t++) last = addSlot(t, last);
  const columnsPerSlot = (builder.columnLabels.length - headColumns) / slots;
  const rowsPerSlot = builder.rowLabels.length / slots;
  batteries.forEach(({ prosumer }, b) => {
    row(`final energy of ${ids[b]}`, outlook.initialEnergyKwh[prosumer], Infinity);
    entry(shortfalls[b], 1);
    entry(last!.stored + b, 1);
  });

  /** Adds the columns and rows of slot `t` after those of the slot before. */
  function addSlot(t: number, before: SlotColumns | null): SlotColumns {
    const slot = firstSlot + t;
    const { importLimitKw, exportLimitKw } = limitsOf(slot);
    const load = groupSums(loadKw, t), pv = groupSums(pvKw, t);
    const allLoad = sum(load), allPv = sum(pv);

    const charge = batteries.map(({ maxChargeKw }, b) =>
      column(`charging of ${ids[b]}`, 0, 0, maxChargeKw)
    );
    const discharge = batteries.map(({ maxDischargeKw }, b) =>
      column(`discharging of ${ids[b]}`, cost.wearPricePerKwh * dtHours, 0, maxDischargeKw)
    );
    const stored = batteries.map(({ battery, prosumer }, b) =>
      column(
        `stored energy of ${ids[b]}`,
        0,
        floors[b].idleKwh[t],
        battery.socMax * outlook.capacityKwh[prosumer],
      )
    );
    const price = profiles.importPricePerKwh[slot];
    const tariff = profiles.feedInTariffPerKwh[slot];
    const priceWithCarbon = price + cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
    const imports = groups.map((group) =>
      column(`import of ${group}`, priceWithCarbon * dtHours, 0, Infinity)
    );
    const exports = groups.map((group) =>
      column(`export of ${group}`, -tariff * dtHours, 0, Infinity)
    );
    // No order can be placed where the fee of both sides exceeds the spread of the tariffs.
    const mostTrade = tariff + fee <= price - fee ? Infinity : 0;
    const exchanging = fee > 0 ? groups : [];
    const bought = exchanging.map((id) => column(`purchase of ${id}`, fee * dtHours, 0, mostTrade));
    const sold = exchanging.map((id) => column(`sale of ${id}`, fee * dtHours, 0, mostTrade));
    // The connection forces no more than this, whatever the batteries do.
    const mostUnserved = Math.max(0, allLoad - allPv - importLimitKw);
    const mostCurtailed = Math.max(0, allPv - allLoad - exportLimitKw);
    const lostPrice = cost.lostLoadPricePerKwh * dtHours;
    const unserved = column("unserved load", lostPrice, 0, mostUnserved);
    const curtailed = column("curtailed PV", 0, 0, mostCurtailed);
    const net = column("net import", 0, -exportLimitKw, importLimitKw);

    if (fee > 0) {
      row("balance of trade", 0, 0);
      sold.forEach((each) => entry(each, 1));
      bought.forEach((each) => entry(each, -1));
    }
    groups.forEach((group, g) => {
      row(`energy balance of ${group}`, load[g] - pv[g], load[g] - pv[g]);
      entry(imports[g], 1);
      entry(exports[g], -1);
      if (fee > 0) {
        entry(bought[g], 1);
        entry(sold[g], -1);
      }
      batteries.forEach(({ prosumer }, b) => {
        if (groupOf(prosumer) !== g) return;
        entry(charge[b], -1);
        entry(discharge[b], 1);
      });
      if (mostUnserved > 0) entry(unserved, load[g] / allLoad);
      if (mostCurtailed > 0) entry(curtailed, -pv[g] / allPv);
    });
    row("net import", 0, 0);
    entry(net, 1);
    groups.forEach((_, g) => {
      entry(imports[g], -1);
      entry(exports[g], 1);
    });
    batteries.forEach((each, b) => {
      const { battery, prosumer, maxDischargeKw, storedPerKw, drawnPerKw, relaxed } = each;
      const carriedKwh = before === null ? battery.retention * energyKwh[prosumer] : 0;
      row(`storage of ${ids[b]}`, relaxed ? -Infinity : carriedKwh, carriedKwh);
      entry(stored[b], 1);
      if (before !== null) entry(before.stored + b, -battery.retention);
      entry(charge[b], -storedPerKw);
      entry(discharge[b], drawnPerKw);
      if (!decaysBelowReserve(battery)) return;
      // Linear between what idling leaves, without discharge, and the reserve, at full discharge.
      const idleKwh = floors[b].idleKwh[t];
      row(`reserve of ${ids[b]}`, maxDischargeKw * idleKwh, Infinity);
      entry(stored[b], maxDischargeKw);
      entry(discharge[b], idleKwh - floors[b].reserveKwh[t]);
    });
    if (peak !== null) {
      row("peak", 0, Infinity);
      entry(peak, 1);
      entry(net, -1);
    }
    if (rampPrice > 0) addRamp(t, net, before);
    return { stored: stored[0], net };
  }

  function addRamp(t: number, net: number, before: SlotColumns | null): void {
    const free = t === 0 && outlook.lastNetKw === null;
    const lastNetKw = t === 0 ? outlook.lastNetKw ?? 0 : 0;
    const ramp = column("ramp", rampPrice, 0, Infinity);
    for (const direction of [1, -1]) {
      row("ramp", free ? -Infinity : -direction * lastNetKw, Infinity);
      entry(ramp, 1);
      entry(net, -direction);
      if (before !== null) entry(before.net, direction);
    }
  }

  function limitsOf(slot: number) {
    if (!scope.community) return { importLimitKw: Infinity, exportLimitKw: Infinity };
    return {
      importLimitKw: profiles.gridImportLimitKw[slot],
      exportLimitKw: profiles.gridExportLimitKw[slot],
    };
  }

  function groupSums(valuesKw: Float64Array, t: number): Float64Array {
    const sums = new Float64Array(groups.length);
    prosumers.forEach((_, i) => sums[groupOf(i)] += valuesKw[t * prosumers.length + i]);
    return sums;
  }

  const slotName = (index: number, perSlot: number) => {
    const t = Math.floor(index / perSlot);
    return t >= 0 && t < slots ? ` at ${timestamp(profiles.grid, firstSlot + t)}` : "";
  };
  return {
    subject: `the plan of ${community.name} from ${timestamp(profiles.grid, firstSlot)}`,
    model: builder.model(),
    ...(start === undefined ? {} : { start }),
    columnName: (index) =>
      builder.columnLabels[index] + slotName(index - headColumns, columnsPerSlot),
    rowName: (index) => builder.rowLabels[index] + slotName(index, rowsPerSlot),
    headColumns,
    columnsPerSlot,
    rowsPerSlot,
  };
}

/** Whether self-discharge can take a battery where discharging cannot. */
function decaysBelowReserve({ socMin, selfDischargePerHour }: Battery): boolean {
  return socMin > 0 && selfDischargePerHour > 0;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
