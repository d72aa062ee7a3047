/**
 * Faults that known systems have, or that somebody might think right, and that no operator makes.
 *
 * @module
 */

/** A fault in words and in text. */
export interface MeaningfulFault {
  /** Module, from the root of the repository. */
  readonly module: string;
  /** What is wrong with it. */
  readonly fault: string;
  /** A text that occurs once in the module. */
  readonly from: string;
  /** What stands there instead. */
  readonly to: string;
}

const inModule =
  (module: string) => (fault: string, from: string, to: string): MeaningfulFault => ({
    module,
    fault,
    from,
    to,
  });

const filter = inModule("lib/safety/feasibility_filter.ts");
const auction = inModule("lib/market/auction.ts");
const bookSide = inModule("lib/market/book_side.ts");
const certificate = inModule("lib/market/certificate.ts");
const settlement = inModule("lib/market/settlement.ts");
const battery = inModule("lib/physics/battery.ts");
const grid = inModule("lib/physics/grid.ts");
const gae = inModule("lib/ppo/gae.ts");
const optimum = inModule("lib/policies/optimum.ts");
const program = inModule("lib/policies/community_program.ts");
const slots = inModule("lib/policies/slot_program.ts");
const linearBattery = inModule("lib/policies/linear_battery.ts");

/** All of them. */
export const meaningfulFaults: readonly MeaningfulFault[] = [
  filter(
    "the order is cut to the net position without the battery",
    "(set.netLoadKw + batteryKw) * dtHours)",
    "set.netLoadKw * dtHours)",
  ),
  filter(
    "the order is cut to what the requested battery power would leave",
    "(set.netLoadKw + batteryKw) * dtHours)",
    "(set.netLoadKw + requested.batteryKw) * dtHours)",
  ),
  filter(
    "the net position is a power and not an energy",
    "(set.netLoadKw + batteryKw) * dtHours)",
    "(set.netLoadKw + batteryKw))",
  ),
  filter(
    "a seller may buy",
    ": clampOr(requestKwh, netKwh, 0, 0);",
    ": clampOr(requestKwh, netKwh, -netKwh, 0);",
  ),
  filter(
    "charging and discharging limits are mixed up",
    "clampOr(requestKw, -dischargeLimitKw, chargeLimitKw, 0)",
    "clampOr(requestKw, -chargeLimitKw, dischargeLimitKw, 0)",
  ),
  filter(
    "an infinite request is cut instead of becoming idle",
    "  if (!Number.isFinite(value)) return fallback;",
    "  if (Number.isNaN(value)) return fallback;",
  ),
  filter(
    "a price that is none becomes the highest",
    "Math.max(lowestPerKwh, highestPerKwh), lowestPerKwh);",
    "Math.max(lowestPerKwh, highestPerKwh), highestPerKwh);",
  ),
  auction(
    "buyers pay as bid: the price is that of the last accepted bid",
    "low + priceWeight * (high - low)) : NaN",
    "bidPrice[bid]) : NaN",
  ),
  auction(
    "the price is the middle of the last accepted pair",
    "low + priceWeight * (high - low)) : NaN",
    "(bidPrice[bid] + askPrice[ask]) / 2) : NaN",
  ),
  auction(
    "rejected orders do not narrow the interval",
    "const low = Math.max(askPrice[ask], bidPrice[nextBid]);\n" +
      "  const high = Math.min(bidPrice[bid], askPrice[nextAsk]);",
    "const low = askPrice[ask];\n  const high = bidPrice[bid];",
  ),
  auction(
    "the price is an invented one where nothing trades",
    "Math.min(high, low + priceWeight * (high - low)) : NaN",
    "Math.min(high, low + priceWeight * (high - low)) : 0",
  ),
  auction(
    "the price weight counts from the upper end",
    "low + priceWeight * (high - low)) : NaN",
    "high - priceWeight * (high - low)) : NaN",
  ),
  auction(
    "the volume is what all bids and asks come to",
    "volume = Math.min(demand.depthKwh[bid], supply.depthKwh[ask]);",
    "volume = Math.max(volume, Math.min(demand.depthKwh[bidCount], supply.depthKwh[askCount]));",
  ),
  auction(
    "a price beyond the interval is not cut",
    "Math.min(high, low + priceWeight * (high - low))",
    "low + priceWeight * (high - low)",
  ),
  auction(
    "an order's id may come again",
    "  if (fills.size < bids.length + asks.length) throw repeatedId(orders);\n",
    "",
  ),
  bookSide(
    "dust trades and sets a price",
    "    if (!(orderQuantityKwh[i] >= dustKwh)) continue;\n",
    "",
  ),
  bookSide(
    "who comes first is served first at the margin",
    "else orderFillKwh[i] = behind < 0 ? quantity : quantity * share;",
    "else if (behind < 0) orderFillKwh[i] = quantity;\n" +
      "    else {\n" +
      "      const leftKwh = Math.max(0, volumeKwh - depthKwh[level - 1]);\n" +
      "      orderFillKwh[i] = Math.min(quantity, leftKwh);\n" +
      "      volumeKwh -= orderFillKwh[i];\n" +
      "    }",
  ),
  bookSide(
    "equal prices at the margin share by heads and not by size",
    "quantity * share;",
    "Math.min(quantity, (volumeKwh - depthKwh[level - 1]) / 2);",
  ),
  bookSide(
    "the sum is not compensated",
    "depthKwh[level] = sum + lost;",
    "depthKwh[level] = sum;",
  ),
  certificate(
    "sellers may get less than buyers pay",
    "Math.abs(paid - received)",
    "Math.max(0, received - paid)",
  ),
  certificate(
    "only buyers are asked whether the price suits them",
    "    largest(asks.filter(isFilled), (ask) => ask.pricePerKwh - price),\n",
    "",
  ),
  certificate(
    "the margin is only looked at on the side of the bids",
    "largest([...bidLevels, ...askLevels], unevenness)",
    "largest([...bidLevels], unevenness)",
  ),
  settlement(
    "sellers are paid more than buyers pay",
    "tradedKwh * clearingPricePerKwh",
    "tradedKwh * (clearingPricePerKwh + (tradedKwh < 0 ? 0.01 : 0))",
  ),
  settlement(
    "sellers are spared the network fee",
    "Math.abs(tradedKwh) * prices.networkFeePerKwh",
    "Math.max(0, tradedKwh) * prices.networkFeePerKwh",
  ),
  settlement(
    "exports are paid the import price (net metering)",
    "gridKwh > 0 ? prices.importPricePerKwh : prices.feedInTariffPerKwh",
    "prices.importPricePerKwh",
  ),
  battery(
    "self-discharge is lost",
    "retention: Math.exp(-decay), effectiveHours",
    "retention: 1, effectiveHours",
  ),
  battery(
    "self-discharge by Euler's step instead of exactly",
    "retention: Math.exp(-decay), effectiveHours",
    "retention: 1 - decay, effectiveHours",
  ),
  battery(
    "what is charged during a slot does not discharge itself",
    "effectiveHours: share * dtHours",
    "effectiveHours: dtHours",
  ),
  battery(
    "efficiency is applied twice when charging",
    "powerKw * efficiency :",
    "powerKw * efficiency * efficiency :",
  ),
  battery(
    "the round trip's efficiency is applied in each direction",
    "return Math.sqrt(interpolate(curve, ratedKw === 0 ? 0 : Math.abs(powerKw) / ratedKw));",
    "return interpolate(curve, ratedKw === 0 ? 0 : Math.abs(powerKw) / ratedKw);",
  ),
  battery(
    "discharging is limited as if nothing were lost",
    "const endKwh = nextEnergyKwh(battery, energyKwh, direction * powerKw);",
    "const endKwh = direction > 0\n" +
      "    ? nextEnergyKwh(battery, energyKwh, powerKw)\n" +
      "    : battery.retention * energyKwh - powerKw * battery.dtHours;",
  ),
  battery(
    "the limit forgets that capacity fades in the slot",
    "bound * nextCapacityKwh(battery, capacityKwh, powerKw)",
    "bound * capacityKwh",
  ),
  battery(
    "power is limited by the state of charge of the new battery",
    "interpolate(curve, energyKwh / capacityKwh)",
    "interpolate(curve, energyKwh / battery.capacityKwh)",
  ),
  battery(
    "only charging wears the capacity",
    "Math.abs(powerKw) * battery.dtHours",
    "Math.max(0, powerKw) * battery.dtHours",
  ),
  grid(
    "load is shed before charging is reduced",
    "const kept = excess < charging ? 1 - excess / charging : 0;\n    const shed",
    "const kept = excess < load ? 1 : 0;\n    const shed",
  ),
  grid(
    "exports earn a credit of CO2",
    "gridKwh > 0 ? gridKwh * carbonKgPerKwh : 0",
    "gridKwh * carbonKgPerKwh",
  ),
  grid(
    "each home is limited by itself",
    "unservedKw[i] = loadKw[i] * shed;",
    "unservedKw[i] = Math.max(0, loadKw[i] - importLimitKw);",
  ),
  gae(
    "truncated is taken for terminated",
    "const successor = terminated[i] ? 0",
    "const successor = terminated[i] || truncated[i] ? 0",
  ),
  gae(
    "advantages run on over a truncation",
    "|| terminated[i] || truncated[i];",
    "|| terminated[i];",
  ),
  gae(
    "advantages run on over a termination",
    "|| terminated[i] || truncated[i];",
    "|| truncated[i];",
  ),
  gae(
    "the next row's value stands for the successor's",
    "terminated[i] ? 0 : nextValues[i]",
    "terminated[i] ? 0 : values[i + rows] ?? nextValues[i]",
  ),
  gae("lambda is forgotten", "discount * lambda * advantages", "discount * advantages"),
  gae("the discount is forgotten in the trace", "discount * lambda * adv", "lambda * adv"),
  optimum(
    "the final price is the mean and not the highest",
    "Math.max(...prices)",
    "prices.reduce((sum, price) => sum + price, 0) / prices.length",
  ),
  optimum(
    "the plan starts with full batteries",
    "energyKwh: rows(state.energyKwh),",
    "energyKwh: rows(state.capacityKwh),",
  ),
  program(
    "what is missing at the end costs nothing",
    "outlook.finalPricePerKwh, 0, Infinity)",
    "0, 0, Infinity)",
  ),
  program(
    "the initial energy need not be restored",
    "outlook.initialEnergyKwh[prosumer], Infinity);",
    "0, Infinity);",
  ),
  program(
    "homes trade without the network fee",
    "const fee = scope.trades ? config.market.networkFeePerKwh : 0;",
    "const fee = 0;",
  ),
  slots(
    "carbon costs nothing",
    "price + carbonPrice, Infinity)",
    "price, Infinity)",
  ),
  slots("wear costs nothing", 'each("discharging", wear,', 'each("discharging", 0,'),
  slots(
    "the optimum may store without losing what was stored",
    "entry(before.stored[b], -battery.retention)",
    "entry(before.stored[b], -1)",
  ),
  slots(
    "the connection has no limit",
    'builder.column("net import", 0, -exportLimit, importLimit)',
    'builder.column("net import", 0, -Infinity, Infinity)',
  ),
  linearBattery(
    "a battery with an efficiency curve is taken at its worst",
    "return Math.max(...curve.map(([, y]) => y));",
    "return Math.min(...curve.map(([, y]) => y));",
  ),
  linearBattery(
    "efficiency is forgotten in discharging",
    "battery.effectiveHours / (best ?? battery.dischargeEfficiency)",
    "battery.effectiveHours",
  ),
];
