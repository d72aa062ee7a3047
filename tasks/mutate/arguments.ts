/**
 * Why a mutant that no test notices is no fault: it computes the same, or nothing that matters.
 *
 * @module
 */

import type { Area } from "./areas.ts";
import type { FaultKey } from "./mutants.ts";

/** Mutants in one line of code. */
export interface ArguedLine {
  /** Module, from the root of the repository. */
  readonly module: string;
  /** Function around the line; empty outside of any. */
  readonly within: string;
  /** The line. */
  readonly line: string;
  /** The changes to it, as `deno task mutate` prints them. */
  readonly changes: readonly string[];
}

/** What makes mutants harmless. */
export interface Argument {
  /** Why they do no harm. */
  readonly because: string;
  /** Where they are. */
  readonly lines: readonly ArguedLine[];
}

/** All arguments. */
export const equivalences: readonly Argument[] = [
  {
    because:
      "Where there was no slot before, the row of the ramp is free and its number is not used.",
    lines: [
      {
        module: "lib/policies/slot_program.ts",
        within: "addCommunityCosts",
        line: "const lastNetKw = t === 0 ? outlook.lastNetKw ?? 0 : 0;",
        changes: ["outlook.lastNetKw ?? 0 ⇒ outlook.lastNetKw ?? 1"],
      },
    ],
  },
  {
    because:
      "Without self-discharge the reserve is never undercut: the floor is the reserve, and the row " +
      "that it adds says what the battery's limits say.",
    lines: [
      {
        module: "lib/policies/slot_program.ts",
        within: "decaysBelowReserve",
        line: "return socMin > 0 && selfDischargePerHour > 0;",
        changes: [
          "socMin > 0 && selfDischargePerHour > 0 ⇒ socMin > 0",
          "selfDischargePerHour > 0 ⇒ selfDischargePerHour >= 0",
        ],
      },
    ],
  },
  {
    because: "Nothing is as large as an infinite residual, whatever may be off.",
    lines: [
      {
        module: "lib/market/certificate.ts",
        within: "priceInClearingSet",
        line: "if (boughtKwh === 0 && soldKwh === 0) return check(Infinity, 0);",
        changes: ["check(Infinity, 0) ⇒ check(Infinity, 1)"],
      },
    ],
  },
  {
    because:
      "How near to negligible a remainder may count either way is a tolerance: half and twice the " +
      "dust are as right as a third and three times.",
    lines: [
      {
        module: "lib/market/certificate.ts",
        within: "priceInClearingSet",
        line: "const [innerLow, innerHigh] = clearingSet(bidLevels, askLevels, dustKwh / 2);",
        changes: ["dustKwh / 2 ⇒ dustKwh / 3"],
      },
      {
        module: "lib/market/certificate.ts",
        within: "priceInClearingSet",
        line: "const [outerLow, outerHigh] = clearingSet(bidLevels, askLevels, dustKwh * 2);",
        changes: ["dustKwh * 2 ⇒ dustKwh * 3"],
      },
    ],
  },
  {
    because: "At a net position of 0 both sides cut any order to 0.",
    lines: [
      {
        module: "lib/safety/feasibility_filter.ts",
        within: "feasibleOrderKwh",
        line:
          "return netKwh > 0 ? clampOr(requestKwh, 0, netKwh, 0) : clampOr(requestKwh, netKwh, 0, 0);",
        changes: [
          "netKwh > 0 ⇒ netKwh >= 0",
        ],
      },
    ],
  },
  {
    because: "0 kWh cost 0 at either price.",
    lines: [
      {
        module: "lib/market/settlement.ts",
        within: "billOf",
        line:
          "const grid = gridKwh * (gridKwh > 0 ? prices.importPricePerKwh : prices.feedInTariffPerKwh);",
        changes: [
          "gridKwh > 0 ⇒ gridKwh >= 0",
        ],
      },
    ],
  },
  {
    because: "An idle battery adds 0 to either sum.",
    lines: [
      {
        module: "lib/physics/grid.ts",
        within: "applyCommunityLimit",
        line: "if (batteryKw[i] > 0) charging += batteryKw[i];",
        changes: [
          "batteryKw[i] > 0 ⇒ batteryKw[i] >= 0",
        ],
      },
    ],
  },
  {
    because: "Where charging is exactly the excess, 1 − 1 is the same 0.",
    lines: [
      {
        module: "lib/physics/grid.ts",
        within: "applyCommunityLimit",
        line: "const kept = excess < charging ? 1 - excess / charging : 0;",
        changes: [
          "excess < charging ⇒ excess <= charging",
        ],
      },
    ],
  },
  {
    because: "Where discharging is exactly the excess, 1 − 1 is the same 0.",
    lines: [
      {
        module: "lib/physics/grid.ts",
        within: "applyCommunityLimit",
        line: "const kept = excess < discharging ? 1 - excess / discharging : 0;",
        changes: [
          "excess < discharging ⇒ excess <= discharging",
        ],
      },
    ],
  },
  {
    because: "0 kW times any share are 0 kW.",
    lines: [
      {
        module: "lib/physics/grid.ts",
        within: "applyCommunityLimit",
        line: "if (batteryKw[i] > 0) batteryKw[i] *= kept;",
        changes: [
          "batteryKw[i] > 0 ⇒ batteryKw[i] >= 0",
        ],
      },
      {
        module: "lib/physics/grid.ts",
        within: "applyCommunityLimit",
        line: "if (batteryKw[i] < 0) batteryKw[i] *= kept;",
        changes: [
          "batteryKw[i] < 0 ⇒ batteryKw[i] <= 0",
        ],
      },
    ],
  },
  {
    because: "0 kWh emit 0 kg either way.",
    lines: [
      {
        module: "lib/physics/grid.ts",
        within: "emissionsKg",
        line: "return gridKwh > 0 ? gridKwh * carbonKgPerKwh : 0;",
        changes: [
          "gridKwh > 0 ⇒ gridKwh >= 0",
        ],
      },
    ],
  },
  {
    because:
      "A shortcut: a capacity that does not fade loses 0, and it is never 0, so that nothing is divided by 0.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "nextCapacityKwh",
        line: "if (coefficient === 0 || throughputKwh === 0) return capacityKwh;",
        changes: [
          "coefficient === 0 || throughputKwh === 0 ⇒ throughputKwh === 0",
          "coefficient === 0 ⇒ coefficient === 1",
        ],
      },
    ],
  },
  {
    because: "At 0 kW nothing is multiplied or divided by the efficiency but 0.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "efficiencyAt",
        line: "const charging = powerKw > 0;",
        changes: [
          "powerKw > 0 ⇒ powerKw >= 0",
        ],
      },
      {
        module: "lib/physics/battery.ts",
        within: "storedKw",
        line: "return powerKw > 0 ? powerKw * efficiency : powerKw / efficiency;",
        changes: [
          "powerKw > 0 ⇒ powerKw >= 0",
        ],
      },
    ],
  },
  {
    because: "A rated power of 0 leaves only 0 kW, which no efficiency changes.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "efficiencyAt",
        line:
          "return Math.sqrt(interpolate(curve, ratedKw === 0 ? 0 : Math.abs(powerKw) / ratedKw));",
        changes: [
          "ratedKw === 0 ? 0 : Math.abs(powerKw) / ratedKw ⇒ ratedKw === 0 ? 1 : Math.abs(powerKw) / ratedKw",
        ],
      },
    ],
  },
  {
    because: "A direction is 1 or −1.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "const bound = direction > 0 ? battery.socMax : battery.socMin;",
        changes: [
          "direction > 0 ⇒ direction >= 0",
        ],
      },
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "const ratedKw = direction > 0 ? battery.maxChargeKw : battery.maxDischargeKw;",
        changes: [
          "direction > 0 ⇒ direction >= 0",
        ],
      },
    ],
  },
  {
    because: "The first look at the rated power either ends the search or sets the excess.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "let excessKwh = 0;",
        changes: [
          "excessKwh = 0 ⇒ excessKwh = 1",
        ],
      },
    ],
  },
  {
    because:
      "Where the rated power itself stays within the bound, the search comes to rest on it in the same step.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line:
          "if (beyond <= 0 && (power === mostKw || beyond > -ROUNDING * capacityKwh)) return power;",
        changes: [
          "power === mostKw || beyond > -ROUNDING * capacityKwh ⇒ beyond > -ROUNDING * capacityKwh",
        ],
      },
    ],
  },
  {
    because: "The precision is a choice; whether its very end counts is none.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line:
          "if (beyond <= 0 && (power === mostKw || beyond > -ROUNDING * capacityKwh)) return power;",
        changes: [
          "beyond > -ROUNDING * capacityKwh ⇒ beyond >= -ROUNDING * capacityKwh",
        ],
      },
    ],
  },
  {
    because: "Without any room the first guess is 0, which ends the search with the same 0.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "if (roomKwh <= 0) return 0;",
        changes: [
          "roomKwh <= 0 ⇒ roomKwh < 0",
        ],
      },
    ],
  },
  {
    because: "A power that ends exactly on the bound has been returned before.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "if (beyond > 0) {",
        changes: [
          "beyond > 0 ⇒ beyond >= 0",
        ],
      },
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "wasBeyond = beyond > 0;",
        changes: [
          "beyond > 0 ⇒ beyond >= 0",
        ],
      },
    ],
  },
  {
    because:
      "How much weight an end loses that stays decides how many steps the search takes, not where it ends; a test holds the steps to 16.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "if (wasBeyond) roomKwh /= 2;",
        changes: [
          "roomKwh /= 2 ⇒ roomKwh /= 3",
        ],
      },
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "if (!wasBeyond) excessKwh /= 2;",
        changes: [
          "excessKwh /= 2 ⇒ excessKwh /= 3",
          "if (!wasBeyond) excessKwh /= 2; ⇒ if (wasBeyond) excessKwh /= 2;",
        ],
      },
    ],
  },
  {
    because:
      "Ends a search that rounding has brought to rest; without it the halved excess moves it on, to a limit of the same precision.",
    lines: [
      {
        module: "lib/physics/battery.ts",
        within: "limitKw",
        line: "if (power <= inside) return inside;",
        changes: [
          "if (power <= inside) return inside; ⇒ nothing",
          "power <= inside ⇒ power < inside",
        ],
      },
    ],
  },
  {
    because:
      "At a point of the curve the segments on both sides have its value, and the first is the value of the end.",
    lines: [
      {
        module: "lib/physics/curve.ts",
        within: "interpolate",
        line: "if (x <= curve[0][0]) return curve[0][1];",
        changes: [
          "x <= curve[0][0] ⇒ x < curve[0][0]",
        ],
      },
      {
        module: "lib/physics/curve.ts",
        within: "interpolate",
        line: "if (x > x1) continue;",
        changes: [
          "x > x1 ⇒ x >= x1",
        ],
      },
    ],
  },
  {
    because:
      "The point before the first is never looked up: what lies at or below it has been answered.",
    lines: [
      {
        module: "lib/physics/curve.ts",
        within: "interpolate",
        line: "for (let k = 1; k < curve.length; k++) {",
        changes: [
          "k = 1 ⇒ k = 0",
        ],
      },
    ],
  },
  {
    because: "Both amounts are none: the smallest price times dust is far more.",
    lines: [
      {
        module: "lib/market/certificate.ts",
        within: "",
        line: "const NO_MONEY = 1e-290;",
        changes: [
          "NO_MONEY = 1e-290 ⇒ NO_MONEY = 1e-287",
        ],
      },
    ],
  },
  {
    because: "The residual is 0 or infinite, and no tolerance lies between.",
    lines: [
      {
        module: "lib/market/certificate.ts",
        within: "priceInClearingSet",
        line: "return check(absent ? 0 : Infinity, 0);",
        changes: [
          "check(absent ? 0 : Infinity, 0) ⇒ check(absent ? 0 : Infinity, 1)",
        ],
      },
    ],
  },
  {
    because:
      "Rounding matters only where both ends are next to each other, hence of one magnitude.",
    lines: [
      {
        module: "lib/market/certificate.ts",
        within: "weightError",
        line: "const rounding = MONEY_ROUNDING * Math.max(Math.abs(low), Math.abs(high));",
        changes: [
          "Math.max(Math.abs(low), Math.abs(high)) ⇒ Math.min(Math.abs(low), Math.abs(high))",
        ],
      },
    ],
  },
  {
    because: "Where the upper end is negative, the lower one has the larger magnitude.",
    lines: [
      {
        module: "lib/market/certificate.ts",
        within: "weightError",
        line: "const rounding = MONEY_ROUNDING * Math.max(Math.abs(low), Math.abs(high));",
        changes: [
          "Math.abs(high) ⇒ (high)",
        ],
      },
    ],
  },
  {
    because: "A negative deviation is less than the unevenness, which is at least 0 and counts.",
    lines: [
      {
        module: "lib/market/certificate.ts",
        within: "weightError",
        line: "return high > low ? Math.max(0, distance - rounding) / (high - low) : 0;",
        changes: [
          "Math.max(0, distance - rounding) ⇒ (distance - rounding)",
        ],
      },
    ],
  },
  {
    because: "One price more is looked at, and none trades more than the largest volume.",
    lines: [
      {
        module: "lib/market/filled_levels.ts",
        within: "largestVolume",
        line: "let from = 0;",
        changes: [
          "from = 0 ⇒ from = 1",
        ],
      },
    ],
  },
  {
    because: "Where demand equals supply the prices on both sides are looked at anyway.",
    lines: [
      {
        module: "lib/market/filled_levels.ts",
        within: "largestVolume",
        line: "if (demand(prices[middle]) >= supply(prices[middle])) from = middle + 1;",
        changes: [
          "demand(prices[middle]) >= supply(prices[middle]) ⇒ demand(prices[middle]) > supply(prices[middle])",
        ],
      },
    ],
  },
  {
    because:
      "A remainder of just that much may count as rejected or not, by the promise of the certificate.",
    lines: [
      {
        module: "lib/market/filled_levels.ts",
        within: "isRejected",
        line:
          "const isRejected = (level: FilledLevel) => level.quantityKwh - level.fillKwh > negligibleKwh;",
        changes: [
          "level.quantityKwh - level.fillKwh > negligibleKwh ⇒ level.quantityKwh - level.fillKwh >= negligibleKwh",
        ],
      },
    ],
  },
  {
    because: "Nothing is filled of a level as long as the volume is 0.",
    lines: [
      {
        module: "lib/market/auction.ts",
        within: "clearBook",
        line: "let bid = 0;",
        changes: [
          "bid = 0 ⇒ bid = 1",
        ],
      },
      {
        module: "lib/market/auction.ts",
        within: "clearBook",
        line: "let ask = 0;",
        changes: [
          "ask = 0 ⇒ ask = 1",
        ],
      },
    ],
  },
  {
    because:
      "Better than any price there is 0 kWh, which trades nothing and is left behind in the first step.",
    lines: [
      {
        module: "lib/market/auction.ts",
        within: "clearBook",
        line: "let nextBid = 1;",
        changes: [
          "nextBid = 1 ⇒ nextBid = 0",
        ],
      },
      {
        module: "lib/market/auction.ts",
        within: "clearBook",
        line: "let nextAsk = 1;",
        changes: [
          "nextAsk = 1 ⇒ nextAsk = 0",
        ],
      },
    ],
  },
  {
    because: "Where the best level is the last, 0 kWh stand before it, less than any volume.",
    lines: [
      {
        module: "lib/market/auction.ts",
        within: "clearBook",
        line: "while (bid > 1 && demand.depthKwh[bid - 1] >= volume) bid--;",
        changes: [
          "bid > 1 ⇒ bid >= 1",
          "bid > 1 && demand.depthKwh[bid - 1] >= volume ⇒ demand.depthKwh[bid - 1] >= volume",
          "bid > 1 ⇒ bid > 0",
        ],
      },
    ],
  },
  {
    because: "Where the best ask is the last, 0 kWh stand before it, less than any volume.",
    lines: [
      {
        module: "lib/market/auction.ts",
        within: "clearBook",
        line: "while (ask > 1 && supply.depthKwh[ask - 1] >= volume) ask--;",
        changes: [
          "ask > 1 ⇒ ask >= 1",
          "ask > 1 ⇒ ask > 0",
          "ask > 1 && supply.depthKwh[ask - 1] >= volume ⇒ supply.depthKwh[ask - 1] >= volume",
        ],
      },
    ],
  },
  {
    because: "The tolerance is a choice: 16 or 17 roundings of a sum.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "",
        line: "const ROUNDING = 16 * Number.EPSILON;",
        changes: [
          "16 * Number.EPSILON ⇒ 17 * Number.EPSILON",
        ],
      },
    ],
  },
  {
    because: "More scratch than is used changes no result.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "createBookSide",
        line: "levelPricePerKwh: new Float64Array(capacity + 2),",
        changes: [
          "capacity + 2 ⇒ capacity + 3",
        ],
      },
      {
        module: "lib/market/book_side.ts",
        within: "createBookSide",
        line: "depthKwh: new Float64Array(capacity + 2),",
        changes: [
          "capacity + 2 ⇒ capacity + 3",
        ],
      },
      {
        module: "lib/market/book_side.ts",
        within: "createBookSide",
        line: "const spare = Math.max((capacity + 1) >>> 1, Math.min(capacity, SHORT_RANGE));",
        changes: [
          "(capacity + 1) >>> 1 ⇒ (capacity + 1) << 1",
          "(capacity + 1) >>> 1 ⇒ (capacity + 1) >>> 0",
          "Math.min(capacity, SHORT_RANGE) ⇒ Math.max(capacity, SHORT_RANGE)",
          "Math.min(capacity, SHORT_RANGE) ⇒ (capacity)",
          "Math.min(capacity, SHORT_RANGE) ⇒ (SHORT_RANGE)",
        ],
      },
    ],
  },
  {
    because:
      "Of an odd number of orders the left half, which the scratch holds, is the smaller one.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "createBookSide",
        line: "const spare = Math.max((capacity + 1) >>> 1, Math.min(capacity, SHORT_RANGE));",
        changes: [
          "capacity + 1 ⇒ capacity + 0",
        ],
      },
    ],
  },
  {
    because: "Of equal numbers either may come first in the compensated sum.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "buildDepth",
        line: "lost += sum >= q ? (sum - total) + q : (q - total) + sum;",
        changes: [
          "sum >= q ⇒ sum > q",
        ],
      },
    ],
  },
  {
    because: "Before the first key there is none, which differs from any.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "buildDepth",
        line: "if (i === 0 || key[i] !== key[i - 1]) levelPricePerKwh[++level] = sign * key[i];",
        changes: [
          "i === 0 || key[i] !== key[i - 1] ⇒ key[i] !== key[i - 1]",
        ],
      },
    ],
  },
  {
    because: "At just that rounding either share gives the volume.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "fillOrders",
        line: "const share = leftKwh <= ROUNDING * volumeKwh",
        changes: [
          "leftKwh <= ROUNDING * volumeKwh ⇒ leftKwh < ROUNDING * volumeKwh",
        ],
      },
    ],
  },
  {
    because: "One kWh more in a sum of which only the size counts, and only over 280,000 kWh.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "totalKwh",
        line: "let total = 0;",
        changes: [
          "total = 0 ⇒ total = 1",
        ],
      },
    ],
  },
  {
    because: "A key is not less than itself.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "sortByCounting",
        line: "for (let j = i + 1; j < count; j++) place += Number(spareKey[j] < k);",
        changes: [
          "i + 1 ⇒ i + 0",
        ],
      },
    ],
  },
  {
    because: "One order more in the scratch is not looked at.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "sortByCounting",
        line: "for (let i = 0; i < count; i++) {",
        changes: [
          "i < count ⇒ i <= count",
        ],
      },
    ],
  },
  {
    because: "Both ways of sorting give the same order; the length decides which is faster.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "",
        line: "const SHORT_RANGE = 16;",
        changes: [
          "SHORT_RANGE = 16 ⇒ SHORT_RANGE = 17",
        ],
      },
      {
        module: "lib/market/book_side.ts",
        within: "sortRange",
        line: "if (to - from <= SHORT_RANGE) {",
        changes: [
          "to - from <= SHORT_RANGE ⇒ to - from < SHORT_RANGE",
        ],
      },
    ],
  },
  {
    because:
      "Orders of equal price become one level, whose compensated sum does not depend on their order.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "mergeHalves",
        line: "if (key[middle - 1] <= key[middle]) return;",
        changes: [
          "key[middle - 1] <= key[middle] ⇒ key[middle - 1] < key[middle]",
        ],
      },
      {
        module: "lib/market/book_side.ts",
        within: "mergeHalves",
        line: "const takeRight = right < to && key[right] < spareKey[left];",
        changes: [
          "key[right] < spareKey[left] ⇒ key[right] <= spareKey[left]",
        ],
      },
    ],
  },
  {
    because: "A shortcut: halves in order are merged to the same order.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "mergeHalves",
        line: "if (key[middle - 1] <= key[middle]) return;",
        changes: [
          "if (key[middle - 1] <= key[middle]) return; ⇒ nothing",
        ],
      },
    ],
  },
  {
    because: "The key behind the left half is copied as well, and not looked at.",
    lines: [
      {
        module: "lib/market/book_side.ts",
        within: "mergeHalves",
        line: "for (let i = 0; i < lefts; i++) {",
        changes: [
          "i < lefts ⇒ i <= lefts",
        ],
      },
    ],
  },
  {
    because: "The policy sets it when it begins, and cannot act before.",
    lines: [
      {
        module: "lib/policies/optimum.ts",
        within: "optimumPolicy",
        line: "let firstStep = 0;",
        changes: [
          "firstStep = 0 ⇒ firstStep = 1",
        ],
      },
    ],
  },
  {
    because: "A typed array ignores what is written behind its end.",
    lines: [
      {
        module: "lib/policies/linear_battery.ts",
        within: "storageFloors",
        line: "for (let t = 0; t < slots; t++) {",
        changes: [
          "t < slots ⇒ t <= slots",
        ],
      },
    ],
  },
];

/** The mutants that an argument speaks of. */
export function keysOf({ lines }: Argument): FaultKey[] {
  return lines.flatMap(({ changes, ...place }) => changes.map((change) => ({ ...place, change })));
}

/** What is argued of the modules of an area. */
export function argumentsFor({ modules }: Area): FaultKey[] {
  return equivalences.flatMap(keysOf).filter(({ module }) => modules.includes(module));
}
