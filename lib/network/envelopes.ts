/**
 * Operating envelopes: the most that each home may take and give in a slot, so that *every*
 * combination of what homes do within them keeps all voltages and lines within their limits.
 *
 * Around the metered load and sun of all homes there is headroom. It is shared by raising all homes
 * alike until a limit is reached or a home has what its stores can use at all; homes that burden a
 * limit that is reached stay, the others go on (max-min fairness; D. Bertsekas and R. Gallager, Data
 * Networks, 1992, section 6.5). Since taking more at any node lowers every voltage and raises every
 * flow towards the homes, the two corners, all at their most and all at their least, decide.
 *
 * Where load or sun alone break a limit, they are cut first ({@link ./fixed_cuts.ts}). Limits are those
 * of linear voltages and flows, tight enough that the true ones keep theirs ({@link ./kept_limits.ts}).
 *
 * @module
 */

import type { Feeder } from "./feeder.ts";
import { branchLimitKw, cutToLimits } from "./fixed_cuts.ts";
import { createKeepLimits } from "./kept_limits.ts";
import { createFlow, type Flow, linDistFlow } from "./lin_dist_flow.ts";

/** How headroom is shared: alike, or in proportion to what each home's stores could use. */
export const allocations = ["equal", "proportional"] as const;

/** How headroom is shared. */
export type Allocation = typeof allocations[number];

/** What is known of a slot. `[homes]` each where not said otherwise */
export interface Metered {
  /** Load. [kW] */
  readonly loadKw: Float64Array;
  /** Available sun. [kW] */
  readonly pvKw: Float64Array;
  /** Reactive power; `null` for none. [kvar] */
  readonly kvar: Float64Array | null;
  /** The most that the home's stores can take in the slot, whatever they hold. [kW] */
  readonly chargeKw: Float64Array;
  /** The most that they can give. [kW] */
  readonly dischargeKw: Float64Array;
  /** What the connection of all homes lets in; may be infinite. [kW] */
  readonly importLimitKw: number;
  /** What it lets out; may be infinite. [kW] */
  readonly exportLimitKw: number;
}

/** Works out envelopes: the most (`mostKw`) and least net power of each home, from `at` on. */
export type EnvelopeWriter = (
  metered: Metered,
  mostKw: Float64Array,
  leastKw: Float64Array,
  at: number,
) => void;

/** Part of the headroom that is left for rounding. */
const ROUNDING = 1e-12;

/** Each round leaves less; where it does not, so often, reactive power breaks a limit by itself. */
const MOST_ROUNDS = 40, MOST_STILL = 4;

/** Part of a limit that is no room. */
const NO_ROOM = 1e-9;

/**
 * Prepares envelopes of a feeder.
 *
 * @example
 * ```ts
 * import { createFeeder } from "./feeder.ts";
 * import { createEnvelopes } from "./envelopes.ts";
 * const feeder = createFeeder({
 *   nominalVoltageV: 400,
 *   slackVoltagePu: 1,
 *   band: { leastPu: 0.9, mostPu: 1.1 },
 *   marginPu: 0,
 *   transformer: {
 *     ratingKva: 20, resistanceOhm: 1e-3, reactanceOhm: 1e-3, tapPosition: 0, tapStepPercent: 0,
 *   },
 *   nodes: [{ id: "busbar", parent: null }],
 *   homes: { a: "busbar", b: "busbar" },
 * }, ["a", "b"]);
 * const most = new Float64Array(2), least = new Float64Array(2);
 * const metered = {
 *   loadKw: Float64Array.of(4, 0),
 *   pvKw: Float64Array.of(0, 0),
 *   kvar: null,
 *   chargeKw: Float64Array.of(11, 3),
 *   dischargeKw: Float64Array.of(5, 0),
 *   importLimitKw: Infinity,
 *   exportLimitKw: Infinity,
 * };
 * createEnvelopes(feeder, "equal")(metered, most, least, 0);
 * if (most.join() !== "15,3" || least.join() !== "-5,0") throw new Error("there is room for all");
 * ```
 */
export function createEnvelopes(feeder: Feeder, allocation: Allocation): EnvelopeWriter {
  const writeLinear = linearEnvelopes(feeder, allocation);
  const keepLimits = createKeepLimits(feeder), homes = feeder.nodeOf.length;
  return (metered, mostKw, leastKw, at) => {
    let limits = feeder, write = writeLinear, before = Infinity, still = 0;
    for (let round = 0; round < MOST_ROUNDS && still < MOST_STILL; round++) {
      write(metered, mostKw, leastKw, at);
      let size = 0;
      for (let i = at; i < at + homes; i++) size += Math.abs(mostKw[i]) + Math.abs(leastKw[i]);
      still = size < before ? 0 : still + 1;
      before = size;
      const tighter = keepLimits(limits, mostKw, metered.kvar, at) ??
        keepLimits(limits, leastKw, metered.kvar, at);
      if (tighter === null) return;
      limits = tighter;
      write = linearEnvelopes(limits, allocation);
    }
  };
}

/** Envelopes by linear voltages and flows alone. */
function linearEnvelopes(feeder: Feeder, allocation: Allocation): EnvelopeWriter {
  const homes = feeder.nodeOf.length;
  const byHome = () => new Float64Array(homes);
  const fixedKw = byHome(), wantedKw = byHome(), moreKw = byHome();
  const flow = createFlow(feeder);
  const filling = createFilling(feeder, allocation);

  /** Writes one side's corner: what is fixed, and what is shared beyond it. */
  function writeSide(
    { loadKw, pvKw, kvar, chargeKw, dischargeKw }: Metered,
    side: 1 | -1,
    intoKw: Float64Array,
    at: number,
  ): void {
    // A home may use all of its load, or curtail all of its sun, and run its stores at their most.
    for (let i = 0; i < homes; i++) {
      const end = side > 0 ? loadKw[i] + chargeKw[i] : pvKw[i] + dischargeKw[i];
      wantedKw[i] = Math.max(0, end - side * fixedKw[i]);
    }
    linDistFlow(feeder, fixedKw, kvar, 0, flow);
    filling(flow, fixedKw, kvar, wantedKw, side, moreKw);
    for (let i = 0; i < homes; i++) intoKw[at + i] = fixedKw[i] + side * moreKw[i];
  }

  return (metered, mostKw, leastKw, at) => {
    const { loadKw, pvKw, kvar, importLimitKw, exportLimitKw } = metered;
    for (let i = 0; i < homes; i++) fixedKw[i] = loadKw[i] - pvKw[i];
    cutToLimits(feeder, fixedKw, kvar, flow);
    writeSide(metered, 1, mostKw, at);
    writeSide(metered, -1, leastKw, at);
    // What all can take, or give, whatever their stores hold.
    let allMost = 0, allLeast = 0;
    for (let i = 0; i < homes; i++) {
      allMost += Math.min(mostKw[at + i], loadKw[i]);
      allLeast += Math.max(leastKw[at + i], -pvKw[i]);
    }
    if (allLeast <= importLimitKw && allMost >= -exportLimitKw) return;
    // Where the connection would contradict, nobody reckons with what others take and give.
    for (const side of [1, -1] as const) {
      for (let i = 0; i < homes; i++) {
        fixedKw[i] = side * Math.max(0, side * (loadKw[i] - pvKw[i]));
      }
      cutToLimits(feeder, fixedKw, kvar, flow);
      writeSide(metered, side, side > 0 ? mostKw : leastKw, at);
    }
  };
}

/** Shares the headroom on one side; `flow` is that of `fixedKw`, and changes. */
type Filling = (
  flow: Flow,
  fixedKw: Float64Array,
  kvar: Float64Array | null,
  wantedKw: Float64Array,
  side: 1 | -1,
  moreKw: Float64Array,
) => void;

function createFilling(feeder: Feeder, allocation: Allocation): Filling {
  const { parent, nodeOf, dropPerKw, leastSquaredPu, mostSquaredPu } = feeder;
  const homes = nodeOf.length, nodes = parent.length;
  const rateKw = new Float64Array(nodes), rateOf = new Float64Array(homes);
  const fall = new Float64Array(nodes), isFull = new Uint8Array(nodes);
  const sumKw = new Float64Array(homes);
  const limitKw = new Float64Array(nodes);

  /** How fast flows and voltages change as the homes that are not done are raised. */
  function writeRates(): void {
    rateKw.fill(0);
    for (let i = 0; i < homes; i++) rateKw[nodeOf[i]] += rateOf[i];
    for (let k = nodes - 1; k > 0; k--) rateKw[parent[k]] += rateKw[k];
    for (let k = 0; k < nodes; k++) {
      fall[k] = (k === 0 ? 0 : fall[parent[k]]) + dropPerKw[k] * rateKw[k];
    }
  }

  return (flow, fixedKw, kvar, wantedKw, side, moreKw) => {
    const { powerKw, squaredPu } = flow;
    // Mostly there is room for all that anybody can use.
    for (let i = 0; i < homes; i++) sumKw[i] = fixedKw[i] + side * wantedKw[i];
    for (let k = 0; k < nodes; k++) limitKw[k] = branchLimitKw(feeder, flow, k);
    linDistFlow(feeder, sumKw, kvar, 0, flow);
    const isRoom = powerKw.every((power, k) => side * power <= limitKw[k]) &&
      squaredPu.every((v) => side > 0 ? v >= leastSquaredPu : v <= mostSquaredPu);
    if (isRoom) return moreKw.set(wantedKw);
    linDistFlow(feeder, fixedKw, kvar, 0, flow);
    moreKw.fill(0);
    for (let i = 0; i < homes; i++) {
      rateOf[i] = wantedKw[i] > 0 ? (allocation === "equal" ? 1 : wantedKw[i]) : 0;
    }
    for (let round = 0; round < homes + nodes; round++) {
      writeRates();
      let step = Infinity;
      for (let i = 0; i < homes; i++) {
        if (rateOf[i] > 0) step = Math.min(step, (wantedKw[i] - moreKw[i]) / rateOf[i]);
      }
      if (step === Infinity) return;
      let low = Infinity;
      for (let k = 0; k < nodes; k++) {
        if (rateKw[k] > 0) {
          step = Math.min(step, Math.max(0, (limitKw[k] - side * powerKw[k]) / rateKw[k]));
        }
        if (fall[k] > 0) {
          const left = side > 0 ? squaredPu[k] - leastSquaredPu : mostSquaredPu - squaredPu[k];
          low = Math.min(low, Math.max(0, left / fall[k]));
        }
      }
      step = Math.min(step, low);
      const share = step * (1 - ROUNDING);
      for (let i = 0; i < homes; i++) moreKw[i] += share * rateOf[i];
      for (let k = 0; k < nodes; k++) {
        powerKw[k] += side * share * rateKw[k];
        squaredPu[k] -= side * share * fall[k];
      }
      // All homes are behind the transformer and burden every voltage.
      if (low <= step) return;
      for (let k = 0; k < nodes; k++) {
        const left = rateKw[k] > 0 ? limitKw[k] - side * powerKw[k] : Infinity;
        isFull[k] = Number(left <= NO_ROOM * limitKw[k] || (k > 0 && isFull[parent[k]] === 1));
      }
      for (let i = 0; i < homes; i++) {
        const isDone = moreKw[i] >= wantedKw[i] * (1 - NO_ROOM);
        if (isDone || isFull[nodeOf[i]] === 1) rateOf[i] = 0;
      }
    }
  };
}
