/**
 * One slot of a community's plan: its variables and constraints, named as in
 * {@link ./community_program.ts}.
 *
 * @module
 */

import { decaysBelowReserve, energyPerKw, type EnergyRange, powerBounds } from "./linear_store.ts";
import type { ProgramBuilder } from "./linear_program.ts";
import { columnSlot, type Outlook } from "./outlook.ts";
import type { Planner } from "./planner.ts";

/** What all slots of a program have in common. */
export interface ProgramFrame {
  /** Takes the columns and rows. */
  readonly builder: ProgramBuilder;
  /** Community, rules and scope. */
  readonly planner: Planner;
  /** What is to come. */
  readonly outlook: Outlook;
  /** Between which energies each store can be. */
  readonly ranges: readonly EnergyRange[];
  /** Names of the settlement groups. */
  readonly groups: readonly string[];
  /** Group of a home. */
  groupOf(home: number): number;
  /** What sheds load and curtails sun by itself: groups, or homes where meters have limits. */
  readonly parts: readonly string[];
  /** Group of a part. */
  groupOfPart(part: number): number;
  /** Whether groups exchange energy, each kWh for the fee of both sides. */
  readonly exchanges: boolean;
  /** Columns of the highest imports of the month in which a slot lies. */
  peaksAt(t: number): PeakColumns;
  /** What the plan costs in any case. */
  readonly constant: { cost: number };
}

/** Columns of the highest imports of a month, or of an episode. */
export interface PeakColumns {
  /** Of all together; `null` where it costs nothing. */
  readonly community: number | null;
  /** Of each home; empty where it costs nothing. */
  readonly homes: readonly number[];
}

/** The columns of a slot. */
export interface SlotColumns {
  /** Charging power. `[stores]` [kW] */
  readonly charge: readonly number[];
  /** Discharging power. `[stores]` [kW] */
  readonly discharge: readonly number[];
  /** Stored energy at the end. `[stores]` [kWh] */
  readonly stored: readonly number[];
  /** Supplied from outside, of stores with an unmet price; -1 for others. `[stores]` [kWh] */
  readonly unmet: readonly number[];
  /** From the grid. `[groups]` [kW] */
  readonly imported: readonly number[];
  /** To the grid. `[groups]` [kW] */
  readonly exported: readonly number[];
  /** From other groups, where they exchange. `[groups]` [kW] */
  readonly bought: readonly number[];
  /** To other groups, where they exchange. `[groups]` [kW] */
  readonly sold: readonly number[];
  /** Load that is not served, of each part or of all together. [kW] */
  readonly unserved: readonly number[];
  /** Sun that is not used, of each part or of all together. [kW] */
  readonly curtailed: readonly number[];
  /** Net import of all. [kW] */
  readonly net: number;
}

/** Load and sun of a slot by group, and what the connection lets through. [kW] */
interface SlotPowers {
  readonly load: Float64Array;
  readonly pv: Float64Array;
  readonly partLoad: Float64Array;
  readonly partPv: Float64Array;
  readonly allLoad: number;
  readonly allPv: number;
  readonly importLimit: number;
  readonly exportLimit: number;
}

/** Adds the columns and rows of slot `t`, after those of the slot before. */
export function addSlot(frame: ProgramFrame, t: number, before: SlotColumns | null): SlotColumns {
  const powers = slotPowers(frame, t);
  const columns = {
    ...addStores(frame, t),
    ...addSettlement(frame, t, powers),
    ...addConnection(frame, powers),
  };
  addBalances(frame, powers, columns);
  addStorage(frame, t, columns, before);
  addCommunityCosts(frame, t, columns.net, before);
  addHomePeaks(frame, t, columns);
  return columns;
}

function slotPowers(
  { planner, outlook, groups, groupOf, parts }: ProgramFrame,
  t: number,
): SlotPowers {
  const { world: { dataset: { profiles }, homes }, scope } = planner;
  const slot = outlook.firstSlot + t;
  const load = new Float64Array(groups.length), pv = new Float64Array(groups.length);
  for (let i = 0; i < homes; i++) {
    load[groupOf(i)] += outlook.loadKw[t * homes + i];
    pv[groupOf(i)] += outlook.pvKw[t * homes + i];
  }
  const byHome = (values: Float64Array) => values.subarray(t * homes, (t + 1) * homes);
  const isByGroup = parts.length === groups.length;
  return {
    load,
    pv,
    partLoad: isByGroup ? load : byHome(outlook.loadKw),
    partPv: isByGroup ? pv : byHome(outlook.pvKw),
    allLoad: sum(load),
    allPv: sum(pv),
    importLimit: scope.community ? profiles.gridImportLimitKw[slot] : Infinity,
    exportLimit: scope.community ? profiles.gridExportLimitKw[slot] : Infinity,
  };
}

function addStores({ builder, planner, outlook, ranges }: ProgramFrame, t: number) {
  const { world: { config, dataset: { profiles } }, stores, names } = planner;
  const wear = config.cost.wearPricePerKwh * profiles.grid.dtHours;
  const boundsOf = (s: number) => powerBounds(stores[s], columnSlot(outlook, s, t));
  const each = (what: string, cost: number, bounds: (s: number) => readonly [number, number]) =>
    stores.map((_, s) => builder.column(`${what} of ${names[s]}`, cost, ...bounds(s)));
  return {
    charge: each("charging", 0, (s) => [0, boundsOf(s).chargeKw]),
    discharge: each("discharging", wear, (s) => [0, boundsOf(s).dischargeKw]),
    stored: each("stored energy", 0, (s) => [ranges[s].idleKwh[t], ranges[s].mostKwh[t]]),
    unmet: stores.map(({ store: { unmetPricePerKwh } }, s) =>
      unmetPricePerKwh === null
        ? -1
        : builder.column(`unmet energy of ${names[s]}`, unmetPricePerKwh, 0, ranges[s].unmetKwh[t])
    ),
  };
}

function addSettlement(
  frame: ProgramFrame,
  t: number,
  powers: SlotPowers,
): Pick<SlotColumns, "imported" | "exported" | "bought" | "sold"> {
  const { builder, planner, outlook, groups, exchanges, constant } = frame;
  const { world: { config, dataset: { profiles } } } = planner;
  const { dtHours } = profiles.grid;
  const slot = outlook.firstSlot + t;
  const carbonPrice = config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  const prices = groups.map((_, g) => groupPrices(frame, g, slot, carbonPrice));
  const fee = planner.feePerKwh(slot);
  // Where importing costs less than exporting earns, nobody trades.
  const mostTrade = fee === null || prices.some(({ ceiling, feedIn }) => ceiling < feedIn)
    ? 0
    : Infinity;
  const traders = exchanges ? groups : [];
  const columns = (
    what: string,
    of: readonly string[],
    price: (g: number) => number,
    most: (g: number) => number,
  ) => of.map((group, g) => builder.column(`${what} of ${group}`, price(g) * dtHours, 0, most(g)));
  const chords = prices.map((price, g) => chordOf(frame, price, g, t, powers));
  for (const { offset } of chords) constant.cost += offset * dtHours;
  return {
    imported: columns("import", groups, (g) => chords[g].importPrice, (g) => chords[g].mostImport),
    exported: columns("export", groups, (g) => -chords[g].exportPrice, (g) => chords[g].mostExport),
    bought: columns("purchase", traders, () => fee ?? 0, () => mostTrade),
    sold: columns("sale", traders, () => fee ?? 0, () => mostTrade),
  };
}

/** What the grid asks and pays a group. [currency/kWh] */
interface GroupPrices {
  /** Import price and carbon price. */
  readonly ceiling: number;
  /** Feed-in tariff. */
  readonly feedIn: number;
}

function groupPrices(
  { planner: { world: { tariffs } }, groups }: ProgramFrame,
  group: number,
  slot: number,
  carbonPrice: number,
): GroupPrices {
  const home = groups.length === 1 ? 0 : group;
  const { importPricePerKwh, feedInTariffPerKwh } = tariffs.classes[tariffs.classOf[home]];
  return { ceiling: importPricePerKwh[slot] + carbonPrice, feedIn: feedInTariffPerKwh[slot] };
}

/** Prices and bounds of a group's dealings with the grid. */
interface Chord {
  readonly importPrice: number;
  readonly exportPrice: number;
  readonly mostImport: number;
  readonly mostExport: number;
  readonly offset: number;
}

/**
 * A meter either imports or exports. Where importing costs less than exporting earns, its cost is
 * concave in what it takes, and a program takes the chord between the most that it can take and give:
 * never more than the cost, and equal to it at both ends.
 */
function chordOf(
  { planner: { stores }, outlook, groupOf }: ProgramFrame,
  { ceiling, feedIn }: GroupPrices,
  group: number,
  t: number,
  { load, pv }: SlotPowers,
): Chord {
  if (ceiling >= feedIn) {
    return {
      importPrice: ceiling,
      exportPrice: feedIn,
      mostImport: Infinity,
      mostExport: Infinity,
      offset: 0,
    };
  }
  let most = load[group], least = -pv[group];
  stores.forEach((linear, s) => {
    if (groupOf(linear.store.owner) !== group) return;
    const { chargeKw, dischargeKw } = powerBounds(linear, columnSlot(outlook, s, t));
    most += chargeKw;
    least -= dischargeKw;
  });
  const slope = most > least ? (ceiling * most - feedIn * least) / (most - least) : 0;
  return {
    importPrice: slope,
    exportPrice: slope,
    mostImport: most,
    mostExport: -least,
    offset: (ceiling - slope) * most,
  };
}

function addConnection(
  { builder, planner, parts }: ProgramFrame,
  { partLoad, partPv, allLoad, allPv, importLimit, exportLimit }: SlotPowers,
): Pick<SlotColumns, "unserved" | "curtailed" | "net"> {
  const { world: { config: { cost, market }, dataset: { profiles: { grid } } } } = planner;
  const lostPrice = cost.lostLoadPricePerKwh * grid.dtHours;
  const curtailmentPrice = cost.curtailmentPricePerKwh * grid.dtHours;
  if (market.orders === "inelastic") {
    // The connection forces no more than this, whatever the stores do, and sheds pro rata.
    const mostUnserved = Math.max(0, allLoad - allPv - importLimit);
    const mostCurtailed = Math.max(0, allPv - allLoad - exportLimit);
    return {
      unserved: [builder.column("unserved load", lostPrice, 0, mostUnserved)],
      curtailed: [builder.column("curtailed sun", curtailmentPrice, 0, mostCurtailed)],
      net: builder.column("net import", 0, -exportLimit, importLimit),
    };
  }
  const each = (what: string, price: number, most: Float64Array) =>
    parts.map((part, p) => builder.column(`${what} of ${part}`, price, 0, most[p]));
  return {
    unserved: each("unserved load", lostPrice, partLoad),
    curtailed: each("curtailed sun", curtailmentPrice, partPv),
    net: builder.column("net import", 0, -exportLimit, importLimit),
  };
}

/** The row whose dual is the price of energy comes first. */
function addBalances(
  { builder, planner, groups, groupOf, parts, groupOfPart, exchanges }: ProgramFrame,
  { load, pv, allLoad, allPv }: SlotPowers,
  columns: SlotColumns,
): void {
  const { row, entry } = builder;
  const { stores, world: { tariffs, config } } = planner;
  if (exchanges) {
    row("balance of trade", 0, 0);
    columns.sold.forEach((sold) => entry(sold, 1));
    columns.bought.forEach((bought) => entry(bought, -1));
  }
  const proRata = config.market.orders === "inelastic";
  groups.forEach((group, g) => {
    row(`energy balance of ${group}`, load[g] - pv[g], load[g] - pv[g]);
    entry(columns.imported[g], 1);
    entry(columns.exported[g], -1);
    if (exchanges) {
      entry(columns.bought[g], 1);
      entry(columns.sold[g], -1);
    }
    stores.forEach(({ store }, s) => {
      if (groupOf(store.owner) !== g) return;
      entry(columns.charge[s], -1);
      entry(columns.discharge[s], 1);
    });
    if (!proRata) {
      parts.forEach((_, p) => {
        if (groupOfPart(p) !== g) return;
        entry(columns.unserved[p], 1);
        entry(columns.curtailed[p], -1);
      });
      return;
    }
    if (load[g] > 0) entry(columns.unserved[0], load[g] / allLoad);
    if (pv[g] > 0) entry(columns.curtailed[0], -pv[g] / allPv);
  });
  row("net import", 0, 0);
  entry(columns.net, 1);
  columns.imported.forEach((imported) => entry(imported, -1));
  columns.exported.forEach((exported) => entry(exported, 1));
  if (tariffs.classes.length === 1 || !exchanges) return;
  // Who imports at a low ceiling of its own must not sell that on at the price of others.
  groups.forEach((group, g) => {
    row(`import of ${group} for itself`, -Infinity, load[g]);
    entry(columns.imported[g], 1);
    if (!proRata) entry(columns.unserved[g], 1);
    stores.forEach(({ store }, s) => {
      if (groupOf(store.owner) === g) entry(columns.charge[s], -1);
    });
  });
}

function addStorage(
  { builder, planner, outlook, ranges }: ProgramFrame,
  t: number,
  { charge, discharge, stored, unmet }: SlotColumns,
  before: SlotColumns | null,
): void {
  const { row, entry } = builder;
  const { stores, names } = planner;
  stores.forEach((linear, s) => {
    const { store } = linear;
    const slot = columnSlot(outlook, s, t);
    const perKw = energyPerKw(linear, slot);
    const carriedKwh = (before === null ? store.retention * outlook.energyKwh[s] : 0) -
      store.drainKwh[slot * store.stride];
    row(`storage of ${names[s]}`, linear.relaxed ? -Infinity : carriedKwh, carriedKwh);
    entry(stored[s], 1);
    if (before !== null) entry(before.stored[s], -store.retention);
    entry(charge[s], -perKw.stored);
    entry(discharge[s], perKw.drawn);
    if (unmet[s] >= 0) entry(unmet[s], -1);
    if (!decaysBelowReserve(linear)) return;
    // Linear between what idling leaves, without discharge, and the reserve, at full discharge.
    const idleKwh = ranges[s].idleKwh[t];
    const { dischargeKw } = powerBounds(linear, slot);
    row(`reserve of ${names[s]}`, dischargeKw * idleKwh, Infinity);
    entry(stored[s], dischargeKw);
    entry(discharge[s], idleKwh - ranges[s].reserveKwh[t]);
  });
}

function addCommunityCosts(
  { builder, planner, outlook, peaksAt }: ProgramFrame,
  t: number,
  net: number,
  before: SlotColumns | null,
): void {
  const { row, entry } = builder;
  const { community: peak } = peaksAt(t);
  if (peak !== null) {
    row("peak", 0, Infinity);
    entry(peak, 1);
    entry(net, -1);
  }
  const rampPrice = planner.scope.community ? planner.world.config.cost.rampPricePerKw : 0;
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

/** Homes that are charged for peaks of their own are groups of their own. */
function addHomePeaks(
  { builder: { row, entry }, peaksAt, exchanges }: ProgramFrame,
  t: number,
  { imported, exported, bought, sold }: SlotColumns,
): void {
  peaksAt(t).homes.forEach((peak, i) => {
    row("peak of a home", 0, Infinity);
    entry(peak, 1);
    entry(imported[i], -1);
    entry(exported[i], 1);
    if (!exchanges) return;
    entry(bought[i], -1);
    entry(sold[i], 1);
  });
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
