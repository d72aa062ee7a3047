/**
 * One slot of a community's plan: its variables and constraints, named as in
 * {@link ./community_program.ts}.
 *
 * @module
 */

import type { Battery } from "../data/community.ts";
import type { Profiles } from "../data/profiles.ts";
import type { storageFloors } from "./linear_battery.ts";
import type { ProgramBuilder } from "./linear_program.ts";
import type { Outlook, Planner } from "./planner.ts";

/** What all slots of a program have in common. */
export interface ProgramFrame {
  /** Takes the columns and rows. */
  readonly builder: ProgramBuilder;
  /** Community, rules and scope. */
  readonly planner: Planner;
  /** What is to come. */
  readonly outlook: Outlook;
  /** Least energy of each battery. */
  readonly floors: readonly ReturnType<typeof storageFloors>[];
  /** Names of the settlement groups. */
  readonly groups: readonly string[];
  /** Group of a prosumer. */
  groupOf(prosumer: number): number;
  /** Whether homes exchange energy as groups of their own. */
  readonly exchanges: boolean;
  /** Whether a row per group says that a meter either imports or exports. */
  readonly meters: boolean;
  /** Fee of the buyer and of the seller of each kWh that homes exchange; 0 without exchange. */
  readonly feePerKwh: number;
  /** Column of the highest net import; `null` where it costs nothing. */
  readonly peak: number | null;
}

/** The columns of a slot. */
export interface SlotColumns {
  /** Charging power. `[batteries]` [kW] */
  readonly charge: readonly number[];
  /** Discharging power. `[batteries]` [kW] */
  readonly discharge: readonly number[];
  /** Stored energy at the end. `[batteries]` [kWh] */
  readonly stored: readonly number[];
  /** From the grid. `[groups]` [kW] */
  readonly imported: readonly number[];
  /** To the grid. `[groups]` [kW] */
  readonly exported: readonly number[];
  /** From other homes, where they exchange. `[groups]` [kW] */
  readonly bought: readonly number[];
  /** To other homes, where they exchange. `[groups]` [kW] */
  readonly sold: readonly number[];
  /** Load that the connection does not let in. [kW] */
  readonly unserved: number;
  /** PV that the connection does not let out. [kW] */
  readonly curtailed: number;
  /** Net import of all. [kW] */
  readonly net: number;
}

/** Load and PV of a slot by group, and what the connection lets through. [kW] */
interface SlotPowers {
  readonly load: Float64Array;
  readonly pv: Float64Array;
  readonly allLoad: number;
  readonly allPv: number;
  readonly importLimit: number;
  readonly exportLimit: number;
}

/** Adds the columns and rows of slot `t`, after those of the slot before. */
export function addSlot(frame: ProgramFrame, t: number, before: SlotColumns | null): SlotColumns {
  const powers = slotPowers(frame, t);
  const columns = {
    ...addBatteries(frame, t),
    ...addSettlement(frame, t),
    ...addConnection(frame, powers),
  };
  addBalances(frame, powers, columns);
  if (frame.meters) addMeters(frame, t, powers, columns);
  addStorage(frame, t, columns, before);
  addCommunityCosts(frame, t, columns.net, before);
  return columns;
}

function slotPowers({ planner, outlook, groups, groupOf }: ProgramFrame, t: number): SlotPowers {
  const { dataset: { community, profiles }, scope } = planner;
  const slot = outlook.firstSlot + t;
  const count = community.prosumers.length;
  const load = new Float64Array(groups.length), pv = new Float64Array(groups.length);
  for (let i = 0; i < count; i++) {
    load[groupOf(i)] += outlook.loadKw[t * count + i];
    pv[groupOf(i)] += outlook.pvKw[t * count + i];
  }
  return {
    load,
    pv,
    allLoad: sum(load),
    allPv: sum(pv),
    importLimit: scope.community ? profiles.gridImportLimitKw[slot] : Infinity,
    exportLimit: scope.community ? profiles.gridExportLimitKw[slot] : Infinity,
  };
}

function addBatteries({ builder, planner, outlook, floors }: ProgramFrame, t: number) {
  const { dataset: { community, profiles }, config, batteries } = planner;
  const wear = config.cost.wearPricePerKwh * profiles.grid.dtHours;
  const each = (what: string, cost: number, bounds: (b: number) => readonly [number, number]) =>
    batteries.map(({ prosumer }, b) =>
      builder.column(`${what} of ${community.prosumers[prosumer].id}`, cost, ...bounds(b))
    );
  return {
    charge: each("charging", 0, (b) => [0, batteries[b].maxChargeKw]),
    discharge: each("discharging", wear, (b) => [0, batteries[b].maxDischargeKw]),
    stored: each("stored energy", 0, (b) => {
      const { battery, prosumer } = batteries[b];
      return [floors[b].idleKwh[t], battery.socMax * outlook.capacityKwh[prosumer]];
    }),
  };
}

function addSettlement(
  { builder, planner, outlook, groups, exchanges, feePerKwh }: ProgramFrame,
  t: number,
) {
  const { dataset: { profiles }, config } = planner;
  const { dtHours } = profiles.grid;
  const slot = outlook.firstSlot + t;
  const price = profiles.importPricePerKwh[slot];
  const tariff = profiles.feedInTariffPerKwh[slot];
  const carbonPrice = config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  // No order can be placed where the fee of both sides exceeds the spread of the tariffs.
  const mostTrade = tariff + feePerKwh <= price - feePerKwh ? Infinity : 0;
  const traders = exchanges ? groups : [];
  const each = (what: string, of: readonly string[], pricePerKwh: number, most: number) =>
    of.map((group) => builder.column(`${what} of ${group}`, pricePerKwh * dtHours, 0, most));
  return {
    imported: each("import", groups, price + carbonPrice, Infinity),
    exported: each("export", groups, -tariff, Infinity),
    bought: each("purchase", traders, feePerKwh, mostTrade),
    sold: each("sale", traders, feePerKwh, mostTrade),
  };
}

function addConnection({ builder, planner }: ProgramFrame, powers: SlotPowers) {
  const { allLoad, allPv, importLimit, exportLimit } = powers;
  const { dataset: { profiles: { grid } }, config: { cost } } = planner;
  // The connection forces no more than this, whatever the batteries do.
  const mostUnserved = Math.max(0, allLoad - allPv - importLimit);
  const mostCurtailed = Math.max(0, allPv - allLoad - exportLimit);
  const lostPrice = cost.lostLoadPricePerKwh * grid.dtHours;
  return {
    unserved: builder.column("unserved load", lostPrice, 0, mostUnserved),
    curtailed: builder.column("curtailed PV", 0, 0, mostCurtailed),
    net: builder.column("net import", 0, -exportLimit, importLimit),
  };
}

/** The row whose dual is the price of energy comes first. */
function addBalances(
  { builder, planner, groups, groupOf, exchanges }: ProgramFrame,
  { load, pv, allLoad, allPv }: SlotPowers,
  columns: SlotColumns,
): void {
  const { row, entry } = builder;
  if (exchanges) {
    row("balance of trade", 0, 0);
    columns.sold.forEach((sold) => entry(sold, 1));
    columns.bought.forEach((bought) => entry(bought, -1));
  }
  groups.forEach((group, g) => {
    row(`energy balance of ${group}`, load[g] - pv[g], load[g] - pv[g]);
    entry(columns.imported[g], 1);
    entry(columns.exported[g], -1);
    if (exchanges) {
      entry(columns.bought[g], 1);
      entry(columns.sold[g], -1);
    }
    planner.batteries.forEach(({ prosumer }, b) => {
      if (groupOf(prosumer) !== g) return;
      entry(columns.charge[b], -1);
      entry(columns.discharge[b], 1);
    });
    // The connection sheds load and curtails PV pro rata.
    if (load[g] > 0) entry(columns.unserved, load[g] / allLoad);
    if (pv[g] > 0) entry(columns.curtailed, -pv[g] / allPv);
  });
  row("net import", 0, 0);
  entry(columns.net, 1);
  columns.imported.forEach((imported) => entry(imported, -1));
  columns.exported.forEach((exported) => entry(exported, 1));
}

/**
 * A meter imports or exports: the convex hull of either, which matters where doing both would pay. With
 * M and X the most of either, X·m + M·x ≤ M·X; a row that demands nothing elsewhere.
 */
function addMeters(
  { builder, planner, outlook, groups, groupOf }: ProgramFrame,
  t: number,
  { load, pv, allLoad, allPv, importLimit, exportLimit }: SlotPowers,
  { imported, exported }: SlotColumns,
): void {
  const { profiles } = planner.dataset;
  const slot = outlook.firstSlot + t;
  const carbonPrice = planner.config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  const pays = profiles.importPricePerKwh[slot] + carbonPrice < profiles.feedInTariffPerKwh[slot];
  // Where the connection forces nothing, all load is served and all sun is used.
  const isFree = allLoad - allPv <= importLimit && allPv - allLoad <= exportLimit;
  groups.forEach((group, g) => {
    let [charge, discharge] = [0, 0];
    for (const { prosumer, maxChargeKw, maxDischargeKw } of planner.batteries) {
      if (groupOf(prosumer) !== g) continue;
      charge += maxChargeKw;
      discharge += maxDischargeKw;
    }
    const mostImport = Math.max(0, load[g] + charge - (isFree ? pv[g] : 0));
    const mostExport = Math.max(0, pv[g] + discharge - (isFree ? load[g] : 0));
    builder.row(`meter of ${group}`, -Infinity, pays ? mostImport * mostExport : Infinity);
    builder.entry(imported[g], mostExport);
    builder.entry(exported[g], mostImport);
    builder.row(`most import of ${group}`, -Infinity, pays ? mostImport : Infinity);
    builder.entry(imported[g], 1);
    builder.row(`most export of ${group}`, -Infinity, pays ? mostExport : Infinity);
    builder.entry(exported[g], 1);
  });
}

function addStorage(
  { builder, planner, outlook, floors }: ProgramFrame,
  t: number,
  { charge, discharge, stored }: SlotColumns,
  before: SlotColumns | null,
): void {
  const { row, entry } = builder;
  const { dataset: { community }, batteries } = planner;
  batteries.forEach((each, b) => {
    const { battery, prosumer, maxDischargeKw, storedPerKw, drawnPerKw, relaxed } = each;
    const { id } = community.prosumers[prosumer];
    const carriedKwh = before === null ? battery.retention * outlook.energyKwh[prosumer] : 0;
    row(`storage of ${id}`, relaxed ? -Infinity : carriedKwh, carriedKwh);
    entry(stored[b], 1);
    if (before !== null) entry(before.stored[b], -battery.retention);
    entry(charge[b], -storedPerKw);
    entry(discharge[b], drawnPerKw);
    if (!decaysBelowReserve(battery)) return;
    // Linear between what idling leaves, without discharge, and the reserve, at full discharge.
    const idleKwh = floors[b].idleKwh[t];
    row(`reserve of ${id}`, maxDischargeKw * idleKwh, Infinity);
    entry(stored[b], maxDischargeKw);
    entry(discharge[b], idleKwh - floors[b].reserveKwh[t]);
  });
}

function addCommunityCosts(
  { builder, planner, outlook, peak }: ProgramFrame,
  t: number,
  net: number,
  before: SlotColumns | null,
): void {
  const { row, entry } = builder;
  if (peak !== null) {
    row("peak", 0, Infinity);
    entry(peak, 1);
    entry(net, -1);
  }
  const rampPrice = planner.scope.community ? planner.config.cost.rampPricePerKw : 0;
  if (rampPrice === 0) return;
  const isFree = t === 0 && outlook.lastNetKw === null;
  const lastNetKw = t === 0 ? outlook.lastNetKw ?? 0 : 0;
  const ramp = builder.column("ramp", rampPrice, 0, Infinity);
  for (const direction of [1, -1]) {
    row("ramp", isFree ? -Infinity : -direction * lastNetKw, Infinity);
    entry(ramp, 1);
    entry(net, -direction);
    if (before !== null) entry(before.net, direction);
  }
}

/** Whether exporting earns more than importing costs in a slot, so that no price suits both sides. */
export function isInverted(profiles: Profiles, slot: number): boolean {
  return profiles.importPricePerKwh[slot] < profiles.feedInTariffPerKwh[slot];
}

/** Whether self-discharge can take a battery where discharging cannot. */
function decaysBelowReserve({ socMin, selfDischargePerHour }: Battery): boolean {
  return socMin > 0 && selfDischargePerHour > 0;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
