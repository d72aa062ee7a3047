/**
 * A
 *
 * Every sum is in the order in which it stands in the documentation, one prosumer after the other;
 * two of them share the lanes of a vector, where each has its own numbers. No relaxed instructions:
 * the same bits on every processor.
 *
 * Addresses and strides are in bytes; arrays of a community begin at its first prosumer.
 */

/** The first free address. */
export function heapBase(): usize {
  return __heap_base;
}

/** Factors of a forecast, max(0, 1 + gain·error), of the leads up to `end`. */
export function factors(gain: usize, errors: usize, end: i32, out: usize): void {
  for (let lead: usize = 0; lead < <usize> end << 3; lead += 8) {
    store<f64>(out + lead, positive(1 + load<f64>(gain + lead) * load<f64>(errors + lead)));
  }
}

/**
 * Writes what each of `count` prosumers sees of its devices, its storage, its load and its PV now,
 * and adds up to `sums`: capacity, energy, charging limit, discharging limit, net load.
 *
 * @param devices PV capacity and rated charging and discharging power of each prosumer.
 */
export function own(
  devices: usize,
  capacityKwh: usize,
  energyKwh: usize,
  chargeLimitKw: usize,
  dischargeLimitKw: usize,
  loadKw: usize,
  pvKw: usize,
  count: i32,
  errors: usize,
  gain: usize,
  pvFactor: usize,
  out: usize,
  outStride: usize,
  sums: usize,
): void {
  const gainNow = load<f64>(gain), pvFactorNow = load<f64>(pvFactor);
  let allCapacity: f64 = 0, allEnergy: f64 = 0, allCharge: f64 = 0, allDischarge: f64 = 0;
  let allNet: f64 = 0;
  const end = <usize> count << 3;
  for (let i: usize = 0; i < end; i += 8) {
    const capacity = load<f64>(capacityKwh + i), energy = load<f64>(energyKwh + i);
    const charge = load<f64>(chargeLimitKw + i), discharge = load<f64>(dischargeLimitKw + i);
    const error = load<f64>(load<u32>(errors + (i >> 1)));
    const loadNow = load<f64>(loadKw + i) * positive(1 + gainNow * error);
    const pvNow = load<f64>(pvKw + i) * pvFactorNow;
    const netNow = loadNow - pvNow;
    const device = devices + 3 * i;
    store<f64>(out, load<f64>(device), 0);
    store<f64>(out, capacity, 8);
    store<f64>(out, load<f64>(device, 8), 16);
    store<f64>(out, load<f64>(device, 16), 24);
    store<f64>(out, capacity > 0 ? energy / capacity : 0, 32);
    store<f64>(out, charge, 40);
    store<f64>(out, discharge, 48);
    store<f64>(out, loadNow, 56);
    store<f64>(out, pvNow, 64);
    store<f64>(out, netNow, 72);
    allCapacity += capacity;
    allEnergy += energy;
    allCharge += charge;
    allDischarge += discharge;
    allNet += netNow;
    out += outStride;
  }
  store<f64>(sums, allCapacity, 0);
  store<f64>(sums, allEnergy, 8);
  store<f64>(sums, allCharge, 16);
  store<f64>(sums, allDischarge, 24);
  store<f64>(sums, allNet, 32);
}

/**
 * Writes the mean net load of blocks of slots ahead for each of `count` prosumers, and adds them up
 * to `sums`, one for each block. Slots from `end` on count as nothing.
 *
 * @param loadKw Load of the current slot; what follows by slots of `count` numbers each.
 * @param pvKw PV in the same order.
 * @param errors Where the errors of each prosumer's forecast begin.
 * @param pvFactor Factor of PV by lead.
 * @param blockEnds Ends of the blocks in slots ahead, the first one's beginning before them.
 * @param blockShare 1 ÷ slots of each block.
 */
export function ahead(
  loadKw: usize,
  pvKw: usize,
  count: i32,
  errors: usize,
  gain: usize,
  pvFactor: usize,
  end: i32,
  blockEnds: usize,
  blockShare: usize,
  blocks: i32,
  out: usize,
  outStride: usize,
  sums: usize,
): void {
  const one = f64x2.splat(1), zero = f64x2.splat(0);
  const slot = <usize> count << 3;
  const lastBlock = (<usize> blocks - 1) << 3;
  let row = out;
  for (let i = 0; i < count; i += 2) {
    // Of an odd number of prosumers, the last one's neighbour is worked out and not written.
    const paired = i + 1 < count;
    const first = <usize> load<u32>(errors, 0), second = <usize> load<u32>(errors, 4);
    let now = slot;
    let lead: usize = 8;
    let sum = zero;
    for (let block: usize = 0; block <= lastBlock; block += 8) {
      const before = sum;
      const blockEnd = <usize> min(load<i32>(blockEnds + (block >> 1), 4), end) << 3;
      for (; lead < blockEnd; lead += 8) {
        const error = f64x2.replace_lane(
          v128.load64_splat(first + lead),
          1,
          load<f64>(second + lead),
        );
        const gainThen = v128.load64_splat(gain + lead);
        const loadFactor = f64x2.pmax(zero, f64x2.add(one, f64x2.mul(gainThen, error)));
        const loadThen = f64x2.mul(v128.load(loadKw + now), loadFactor);
        const pvThen = f64x2.mul(v128.load(pvKw + now), v128.load64_splat(pvFactor + lead));
        sum = f64x2.add(sum, f64x2.sub(loadThen, pvThen));
        now += slot;
      }
      const mean = f64x2.mul(f64x2.sub(sum, before), v128.load64_splat(blockShare + block));
      v128.store64_lane(row + block, mean, 0);
      if (paired) v128.store64_lane(row + outStride + block, mean, 1);
    }
    loadKw += 16;
    pvKw += 16;
    errors += 8;
    row += outStride << 1;
  }
  for (let block: usize = 0; block <= lastBlock; block += 8) {
    let total: f64 = 0;
    for (let i = 0, at = out + block; i < count; i++, at += outStride) total += load<f64>(at);
    store<f64>(sums + block, total);
  }
}

/** Writes the same `width` numbers for each of `count` prosumers. */
export function spread(shared: usize, width: i32, count: i32, out: usize, outStride: usize): void {
  const end = <usize> width << 3;
  for (let i = 0; i < count; i++) {
    let at: usize = 0;
    for (; at + 32 <= end; at += 32) {
      v128.store(out + at, v128.load(shared + at));
      v128.store(out + at, v128.load(shared + at, 16), 16);
    }
    for (; at < end; at += 8) store<f64>(out + at, load<f64>(shared + at));
    out += outStride;
  }
}

/** Bits of `Reason` in `safety/feasibility_filter.ts`. */
const NOT_FINITE: i64 = 1, BATTERY: i64 = 2, ORDER: i64 = 4, PRICE: i64 = 8;

/** Bytes of an action. */
const ACTION: usize = 24;

/**
 * Filters the battery powers of `count` prosumers, whose action spans what is feasible, and puts
 * their load and PV into the books, as the first half of `dispatch.ts` does. Nothing is shed or
 * curtailed.
 *
 * @returns Whether the sum exceeds a limit of the community's connection.
 */
export function filterBatteries(
  actions: usize,
  chargeLimitKw: usize,
  dischargeLimitKw: usize,
  loadNowKw: usize,
  pvNowKw: usize,
  count: i32,
  importLimitKw: f64,
  exportLimitKw: f64,
  loadKw: usize,
  pvKw: usize,
  requestKw: usize,
  batteryKw: usize,
  unservedKw: usize,
  curtailedKw: usize,
  reasons: usize,
): bool {
  const zero = f64x2.splat(0), one = f64x2.splat(1), half = f64x2.splat(0.5);
  let allLoad: f64 = 0, allPv: f64 = 0, charging: f64 = 0, discharging: f64 = 0;
  const end = <usize> count << 3;
  for (let i: usize = 0; i < end; i += 16) {
    const paired = i + 8 < end;
    const raw = actionPair(actions + 3 * i, paired);
    const charge = loadPair(chargeLimitKw + i, paired);
    const discharge = loadPair(dischargeLimitKw + i, paired);
    const request = f64x2.mul(
      f64x2.sub(f64x2.mul(f64x2.add(one, raw), charge), f64x2.mul(f64x2.sub(one, raw), discharge)),
      half,
    );
    const finite = isFinitePair(request);
    const feasible = v128.and(clampPair(request, f64x2.neg(discharge), charge), finite);
    const load = loadPair(loadNowKw + i, paired), pv = loadPair(pvNowKw + i, paired);
    storePair(loadKw + i, load, paired);
    storePair(pvKw + i, pv, paired);
    storePair(requestKw + i, v128.and(request, finite), paired);
    storePair(batteryKw + i, feasible, paired);
    storePair(unservedKw + i, zero, paired);
    storePair(curtailedKw + i, zero, paired);
    const reason = reasonPair(request, feasible, finite, BATTERY);
    const chargingPair = v128.and(feasible, f64x2.gt(feasible, zero));
    const dischargingPair = v128.andnot(feasible, f64x2.gt(feasible, zero));
    store<u8>(reasons + (i >> 3), i64x2.extract_lane(reason, 0));
    allLoad += f64x2.extract_lane(load, 0);
    allPv += f64x2.extract_lane(pv, 0);
    charging += f64x2.extract_lane(chargingPair, 0);
    discharging -= f64x2.extract_lane(dischargingPair, 0);
    if (paired) {
      store<u8>(reasons + (i >> 3), i64x2.extract_lane(reason, 1), 1);
      allLoad += f64x2.extract_lane(load, 1);
      allPv += f64x2.extract_lane(pv, 1);
      charging += f64x2.extract_lane(chargingPair, 1);
      discharging -= f64x2.extract_lane(dischargingPair, 1);
    }
  }
  const netKw = allLoad - allPv + charging - discharging;
  return netKw > importLimitKw || -netKw > exportLimitKw;
}

/**
 * Works out the net positions of `count` prosumers and writes their filtered orders, as the second
 * half of `dispatch.ts` and `writeOrders` in `trade.ts` do.
 */
export function placeOrders(
  actions: usize,
  loadKw: usize,
  pvKw: usize,
  requestKw: usize,
  batteryKw: usize,
  unservedKw: usize,
  curtailedKw: usize,
  count: i32,
  dtHours: f64,
  lowestPrice: f64,
  highestPrice: f64,
  netKwh: usize,
  interventionKwh: usize,
  orderKwh: usize,
  orderPrice: usize,
  reasons: usize,
): void {
  const zero = f64x2.splat(0), one = f64x2.splat(1), half = f64x2.splat(0.5);
  const dt = f64x2.splat(dtHours);
  const lowest = f64x2.splat(lowestPrice), highest = f64x2.splat(highestPrice);
  const most = f64x2.splat(max(lowestPrice, highestPrice));
  const open = f64x2.le(lowest, highest);
  const end = <usize> count << 3;
  for (let i: usize = 0; i < end; i += 16) {
    const paired = i + 8 < end;
    const battery = loadPair(batteryKw + i, paired);
    const served = f64x2.sub(loadPair(loadKw + i, paired), loadPair(unservedKw + i, paired));
    const used = f64x2.sub(loadPair(pvKw + i, paired), loadPair(curtailedKw + i, paired));
    const net = f64x2.mul(f64x2.add(f64x2.sub(served, used), battery), dt);
    const change = f64x2.abs(f64x2.sub(loadPair(requestKw + i, paired), battery));
    storePair(netKwh + i, net, paired);
    storePair(interventionKwh + i, f64x2.mul(change, dt), paired);

    const share = actionPair(actions + 3 * i + 8, paired);
    const rawPrice = actionPair(actions + 3 * i + 16, paired);
    const requested = f64x2.mul(f64x2.mul(f64x2.add(one, share), half), net);
    const requestedPrice = f64x2.mul(
      f64x2.add(
        f64x2.mul(f64x2.sub(one, rawPrice), lowest),
        f64x2.mul(f64x2.add(one, rawPrice), highest),
      ),
      half,
    );
    const finite = isFinitePair(requested), finitePrice = isFinitePair(requestedPrice);
    const buys = f64x2.gt(net, zero);
    const within = clampPair(
      requested,
      v128.andnot(net, buys),
      v128.and(net, buys),
    );
    const quantity = v128.and(within, v128.and(finite, v128.and(finitePrice, open)));
    const price = v128.bitselect(clampPair(requestedPrice, lowest, most), lowest, finitePrice);
    storePair(orderKwh + i, quantity, paired);
    storePair(orderPrice + i, price, paired);
    const reason = v128.or(
      reasonPair(requested, quantity, finite, ORDER),
      reasonPair(requestedPrice, price, finitePrice, PRICE),
    );
    const at = reasons + (i >> 3);
    store<u8>(at, load<u8>(at) | <u8> i64x2.extract_lane(reason, 0));
    if (paired) store<u8>(at, load<u8>(at, 1) | <u8> i64x2.extract_lane(reason, 1), 1);
  }
}

/**
 * Settles the slot of `count` prosumers: energy from the grid, its CO2, the bill and the cost, as
 * `settle` in `account.ts` does.
 */
export function settle(
  batteryKw: usize,
  netKwh: usize,
  tradedKwh: usize,
  unservedKw: usize,
  count: i32,
  gridKwh: usize,
  emissionsKg: usize,
  bill: usize,
  cost: usize,
  dtHours: f64,
  carbonKgPerKwh: f64,
  importPrice: f64,
  feedInTariff: f64,
  networkFee: f64,
  clearingPrice: f64,
  carbonPrice: f64,
  wearPrice: f64,
  lostLoadPrice: f64,
): void {
  const zero = f64x2.splat(0), dt = f64x2.splat(dtHours);
  const end = <usize> count << 3;
  for (let i: usize = 0; i < end; i += 16) {
    const paired = i + 8 < end;
    const power = loadPair(batteryKw + i, paired), traded = loadPair(tradedKwh + i, paired);
    const grid = f64x2.sub(loadPair(netKwh + i, paired), traded);
    const imports = f64x2.gt(grid, zero);
    const emissions = v128.and(f64x2.mul(grid, f64x2.splat(carbonKgPerKwh)), imports);
    const price = v128.bitselect(f64x2.splat(importPrice), f64x2.splat(feedInTariff), imports);
    const gridBill = f64x2.mul(grid, price);
    const marketBill = f64x2.add(
      f64x2.add(gridBill, f64x2.mul(traded, f64x2.splat(clearingPrice))),
      f64x2.mul(f64x2.abs(traded), f64x2.splat(networkFee)),
    );
    const total = v128.bitselect(gridBill, marketBill, f64x2.eq(traded, zero));
    const discharged = v128.and(f64x2.mul(f64x2.neg(power), dt), f64x2.lt(power, zero));
    const unserved = f64x2.mul(
      f64x2.mul(f64x2.splat(lostLoadPrice), loadPair(unservedKw + i, paired)),
      dt,
    );
    const carbon = f64x2.mul(f64x2.splat(carbonPrice), emissions);
    const wear = f64x2.mul(f64x2.splat(wearPrice), discharged);
    storePair(gridKwh + i, grid, paired);
    storePair(emissionsKg + i, emissions, paired);
    storePair(bill + i, total, paired);
    storePair(
      cost + i,
      f64x2.add(f64x2.add(f64x2.add(total, carbon), wear), unserved),
      paired,
    );
  }
}

/** Share of the capacity within which a bound counts as reached, as in `physics/battery.ts`. */
const ROUNDING: f64 = 1e-14;

/**
 * Advances the batteries of `count` prosumers by a slot and works out their next limits, as
 * `physics/battery.ts` does for batteries whose efficiencies, power and capacity are constant.
 *
 * @param batteries Retention of each prosumer's battery, then effective hours, efficiencies of
 * charging and discharging, rated powers, least and largest state of charge, each `stride` apart.
 */
export function advance(
  batteries: usize,
  stride: usize,
  batteryKw: usize,
  count: i32,
  capacityKwh: usize,
  energyKwh: usize,
  chargeLimitKw: usize,
  dischargeLimitKw: usize,
  endEnergyKwh: usize,
): void {
  const zero = f64x2.splat(0);
  const end = <usize> count << 3;
  for (let i: usize = 0; i < end; i += 16) {
    const paired = i + 8 < end;
    let at = batteries + i;
    const retention = v128.load(at);
    const hours = v128.load(at += stride);
    const chargeEfficiency = v128.load(at += stride);
    const dischargeEfficiency = v128.load(at += stride);
    const mostCharge = v128.load(at += stride);
    const mostDischarge = v128.load(at += stride);
    const socMin = v128.load(at += stride);
    const socMax = v128.load(at += stride);
    const power = loadPair(batteryKw + i, paired);
    const capacity = loadPair(capacityKwh + i, paired);
    const stored = v128.bitselect(
      f64x2.mul(power, chargeEfficiency),
      f64x2.div(power, dischargeEfficiency),
      f64x2.gt(power, zero),
    );
    const energy = f64x2.add(
      f64x2.mul(retention, loadPair(energyKwh + i, paired)),
      f64x2.mul(hours, stored),
    );
    storePair(energyKwh + i, energy, paired);
    storePair(endEnergyKwh + i, energy, paired);
    const kept = f64x2.mul(retention, energy);
    const rounding = f64x2.mul(f64x2.splat(-ROUNDING), capacity);

    const full = f64x2.mul(socMax, capacity);
    const chargeRoom = f64x2.sub(full, kept);
    const chargeExcess = f64x2.sub(
      f64x2.add(kept, f64x2.mul(hours, f64x2.mul(mostCharge, chargeEfficiency))),
      full,
    );
    const chargeGuess = firstGuess(mostCharge, chargeRoom, chargeExcess);
    const chargeBeyond = f64x2.sub(
      f64x2.add(kept, f64x2.mul(hours, f64x2.mul(chargeGuess, chargeEfficiency))),
      full,
    );
    storePair(chargeLimitKw + i, chargeGuess, paired);
    const chargeFound = isFound(chargeGuess, mostCharge, chargeRoom, chargeBeyond, rounding);

    const empty = f64x2.mul(socMin, capacity);
    const dischargeRoom = f64x2.sub(kept, empty);
    const dischargeExcess = f64x2.sub(
      empty,
      f64x2.add(kept, f64x2.mul(hours, f64x2.div(f64x2.neg(mostDischarge), dischargeEfficiency))),
    );
    const dischargeGuess = firstGuess(mostDischarge, dischargeRoom, dischargeExcess);
    const dischargeBeyond = f64x2.sub(
      empty,
      f64x2.add(kept, f64x2.mul(hours, f64x2.div(f64x2.neg(dischargeGuess), dischargeEfficiency))),
    );
    storePair(dischargeLimitKw + i, dischargeGuess, paired);
    const dischargeFound = isFound(
      dischargeGuess,
      mostDischarge,
      dischargeRoom,
      dischargeBeyond,
      rounding,
    );

    if (i64x2.all_true(v128.and(chargeFound, dischargeFound))) continue;
    const lanes: usize = paired ? 16 : 8;
    for (let lane: usize = 0; lane < lanes; lane += 8) {
      const own = batteries + i + lane;
      const row = i + lane;
      const capacityNow = load<f64>(capacityKwh + row);
      const rest = load<f64>(own) * load<f64>(energyKwh + row);
      const effectiveHours = load<f64>(own + stride);
      store<f64>(
        chargeLimitKw + row,
        search(
          rest,
          effectiveHours,
          load<f64>(own + 2 * stride),
          load<f64>(own + 4 * stride),
          load<f64>(own + 7 * stride) * capacityNow,
          capacityNow,
          1,
        ),
      );
      store<f64>(
        dischargeLimitKw + row,
        search(
          rest,
          effectiveHours,
          load<f64>(own + 3 * stride),
          load<f64>(own + 5 * stride),
          load<f64>(own + 6 * stride) * capacityNow,
          capacityNow,
          -1,
        ),
      );
    }
  }
}

/** Rated power where that is not too much, nothing where there is no room, or else the share. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function firstGuess(most: v128, room: v128, excess: v128): v128 {
  const zero = f64x2.splat(0);
  const share = f64x2.mul(most, f64x2.div(room, f64x2.add(room, excess)));
  const within = v128.and(share, f64x2.gt(room, zero));
  return v128.bitselect(most, within, f64x2.le(excess, zero));
}

/** Whether a first guess is the answer. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function isFound(guess: v128, most: v128, room: v128, beyond: v128, rounding: v128): v128 {
  const zero = f64x2.splat(0);
  const close = v128.or(f64x2.eq(guess, most), f64x2.gt(beyond, rounding));
  return v128.or(f64x2.le(room, zero), v128.and(f64x2.le(beyond, zero), close));
}

/** The whole search of `limitKw` in `physics/battery.ts`, for one battery in one direction. */
function search(
  keptKwh: f64,
  hours: f64,
  efficiency: f64,
  mostKw: f64,
  boundKwh: f64,
  capacityKwh: f64,
  direction: f64,
): f64 {
  let inside: f64 = 0, outside = mostKw, power = mostKw;
  let roomKwh = direction * (boundKwh - keptKwh);
  let excessKwh: f64 = 0;
  let wasBeyond = false;
  do {
    const storedKw = direction > 0 ? power * efficiency : -power / efficiency;
    const beyond = direction * (keptKwh + hours * storedKw - boundKwh);
    if (beyond <= 0 && (power == mostKw || beyond > -ROUNDING * capacityKwh)) return power;
    if (roomKwh <= 0) return 0;
    if (beyond > 0) {
      outside = power;
      excessKwh = beyond;
      if (wasBeyond) roomKwh /= 2;
    } else {
      inside = power;
      roomKwh = -beyond;
      if (!wasBeyond) excessKwh /= 2;
    }
    wasBeyond = beyond > 0;
    power = inside + (outside - inside) * (roomKwh / (roomKwh + excessKwh));
  } while (power > inside);
  return inside;
}

/** `clampOr` of `safety/feasibility_filter.ts` for numbers that are finite. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function clampPair(value: v128, least: v128, most: v128): v128 {
  const atMost = v128.bitselect(most, value, f64x2.gt(value, most));
  return v128.bitselect(least, atMost, f64x2.lt(value, least));
}

/** Which of two numbers are neither infinite nor NaN. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function isFinitePair(value: v128): v128 {
  return f64x2.eq(f64x2.sub(value, value), f64x2.splat(0));
}

/** `reasonOf` of `safety/feasibility_filter.ts`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function reasonPair(requested: v128, feasible: v128, finite: v128, reason: i64): v128 {
  const changed = v128.bitselect(i64x2.splat(reason), i64x2.splat(NOT_FINITE), finite);
  return v128.and(changed, f64x2.ne(requested, feasible));
}

/** One number of the actions of two prosumers. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function actionPair(from: usize, paired: bool): v128 {
  const first = v128.load64_zero(from);
  return paired ? f64x2.replace_lane(first, 1, load<f64>(from + ACTION)) : first;
}

/** Two numbers, or the last of an odd number and a zero. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function loadPair(from: usize, paired: bool): v128 {
  return paired ? v128.load(from) : v128.load64_zero(from);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function storePair(to: usize, pair: v128, paired: bool): void {
  if (paired) v128.store(to, pair);
  else v128.store64_lane(to, pair, 0);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function positive(x: f64): f64 {
  return x > 0 ? x : 0;
}
