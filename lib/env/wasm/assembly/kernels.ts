/**
 * What is done for every prosumer in a slot, as WebAssembly: see `phases.ts` and `observer.ts`, who
 * call these kernels, and the modules named there, whose numbers they repeat bit for bit.
 *
 * Two prosumers share the lanes of a vector, each with its own numbers; what they do differently is a
 * choice between two results, not a branch that no processor could foresee. Of an odd number the last
 * one has its vector to itself. Sums run over one prosumer after the other. No relaxed instructions:
 * the same bits on every processor.
 *
 * Arrays are known by their addresses, which `wasm/kernels.ts` writes into the variable of the same
 * name. Offsets and strides are in bytes.
 */

/** Load and available PV of the data set. `[slots × prosumers]` */
export let loads: usize = 0, pvs: usize = 0;

/** Prices, carbon intensity and limits of the data set. `[slots]` */
export let importPricePerKwh: usize = 0, feedInTariffPerKwh: usize = 0;
export let carbonKgPerKwh: usize = 0, gridImportLimitKw: usize = 0, gridExportLimitKw: usize = 0;

/** What is published of each slot: see `published.ts`. `[slots × publishedSize]` */
export let published: usize = 0;

/** What is known of the last slot, as in `state.ts`, and the slot that is seen. `[communities]` */
export let lastPriceShare: usize = 0, lastVolumeKwh: usize = 0, lastNetKw: usize = 0;
export let peakKw: usize = 0, seenSlots: usize = 0;

/** Slot in the books, clearing price, and whether a limit is exceeded. `[communities]` */
export let slots: usize = 0, clearingPricePerKwh: usize = 0, exceeds: usize = 0;

/** Raw actions. `[rows × 3]` */
export let actions: usize = 0;

/** The books of the slot, as in `ledger.ts`, and the requested battery power. `[rows]` */
export let loadKw: usize = 0, pvKw: usize = 0, requestKw: usize = 0, batteryKw: usize = 0;
export let curtailedKw: usize = 0, unservedKw: usize = 0, endEnergyKwh: usize = 0;
export let netKwh: usize = 0, orderKwh: usize = 0, orderPricePerKwh: usize = 0;
export let tradedKwh: usize = 0, gridKwh: usize = 0, bill: usize = 0, emissionsKg: usize = 0;
export let cost: usize = 0, interventionKwh: usize = 0, reasons: usize = 0;

/** What batteries hold and can do, as in `state.ts`. `[rows]` */
export let capacityKwh: usize = 0, energyKwh: usize = 0;
export let chargeLimitKw: usize = 0, dischargeLimitKw: usize = 0;

/**
 * Retention of each prosumer's battery, then effective hours, efficiencies of charging and
 * discharging, rated powers, least and largest state of charge. `[8 × (prosumers + 1)]`
 */
export let batteries: usize = 0;

/** PV capacity, rated charging and rated discharging power. `[prosumers × 3]` */
export let devices: usize = 0;

/** Errors of forecasts, and by lead how much they count. */
export let path: usize = 0, gain: usize = 0;

/** Addresses of the errors of each row's forecast, and of each community's PV forecast. */
export let errors: usize = 0, weather: usize = 0;

/** Factor of PV in the forecast of a community, by lead. */
export let pvFactor: usize = 0;

/**
 * Ends of the blocks of slots ahead, as far as they count, the beginning of the first before them; and
 * 1 ÷ slots of each. Blocks are even in number.
 */
export let blockEnds: usize = 0, blockShare: usize = 0;

/** Scratch: net load up to each lead, of two prosumers. `[2 × (horizon + 2)]` */
export let cumulative: usize = 0;

/** Sums over a community: see `sumNames`; and what all its prosumers see alike. */
export let sums: usize = 0, shared: usize = 0;

/** What every row sees. `[rows × observationSize]` */
export let observation: usize = 0;

/** Sizes: see `Settings` in `wasm/kernels.ts`. */
export let communities: i32 = 0, prosumers: i32 = 0, blocks: i32 = 0;
export let observationSize: i32 = 0, sharedSize: i32 = 0, publishedSize: i32 = 0;

/** Rules of the game: see `Settings` in `wasm/kernels.ts`. */
export let dtHours: f64 = 0, networkFeePerKwh: f64 = 0, carbonPricePerKg: f64 = 0;
export let wearPricePerKwh: f64 = 0, lostLoadPricePerKwh: f64 = 0;

/** Bytes of a number, of a vector and of an action. */
const NUMBER: usize = 8, VECTOR: usize = 16, ACTION: usize = 24;

/** Bits of `Reason` in `safety/feasibility_filter.ts`. */
const NOT_FINITE: i64 = 1, BATTERY: i64 = 2, ORDER: i64 = 4, PRICE: i64 = 8;

/** Share of the capacity within which a bound counts as reached, as in `physics/battery.ts`. */
const ROUNDING: f64 = 1e-14;

/** Features of a prosumer itself, now: they come before those ahead. */
const OWN_NOW: usize = 10;

/** Sums of what is now: they come before those ahead. */
const SUMS_NOW: usize = 5;

/** The first free address. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Filters the battery powers, where an action spans what is feasible, and puts load and PV into the
 * books: the first half of `dispatch.ts`. Nothing is shed or curtailed yet.
 *
 * @returns How many communities exceed a limit of their connection; `exceeds` says which.
 */
export function filterBatteries(): i32 {
  let count = 0;
  for (let c = 0; c < communities; c++) {
    const netKw = filterCommunity(c * prosumers, slotOf(c));
    const at = ofSlot(c);
    const isBeyond = netKw > load<f64>(gridImportLimitKw + at) ||
      -netKw > load<f64>(gridExportLimitKw + at);
    store<u8>(exceeds + c, isBeyond ? 1 : 0);
    count += isBeyond ? 1 : 0;
  }
  return count;
}

/** Filters a community and adds up its powers. [kW] */
function filterCommunity(row: i32, slot: i32): f64 {
  const zero = f64x2.splat(0), one = f64x2.splat(1), half = f64x2.splat(0.5);
  const loadNow = loads + slotOffset(slot), pvNow = pvs + slotOffset(slot);
  let allLoad: f64 = 0, allPv: f64 = 0, charging: f64 = 0, discharging: f64 = 0;
  const from = rowOffset(row), bytes = rowOffset(prosumers);
  for (let i: usize = 0; i < bytes; i += VECTOR) {
    const paired = i + NUMBER < bytes;
    const at = from + i;
    const raw = actionPair(actions + 3 * at, paired);
    const charge = loadPair(chargeLimitKw + at, paired);
    const discharge = loadPair(dischargeLimitKw + at, paired);
    const up = f64x2.mul(f64x2.add(one, raw), charge);
    const down = f64x2.mul(f64x2.sub(one, raw), discharge);
    const request = f64x2.mul(f64x2.sub(up, down), half);
    const finite = isFinitePair(request);
    const feasible = v128.and(clampPair(request, f64x2.neg(discharge), charge), finite);
    const loadPower = loadPair(loadNow + i, paired), pvPower = loadPair(pvNow + i, paired);
    storePair(loadKw + at, loadPower, paired);
    storePair(pvKw + at, pvPower, paired);
    storePair(requestKw + at, v128.and(request, finite), paired);
    storePair(batteryKw + at, feasible, paired);
    storePair(unservedKw + at, zero, paired);
    storePair(curtailedKw + at, zero, paired);
    const reason = reasonPair(request, feasible, finite, BATTERY);
    const charges = f64x2.gt(feasible, zero);
    const charged = v128.and(feasible, charges), discharged = v128.andnot(feasible, charges);
    const reasonAt = reasons + (at >> 3);
    store<u8>(reasonAt, i64x2.extract_lane(reason, 0));
    allLoad += f64x2.extract_lane(loadPower, 0);
    allPv += f64x2.extract_lane(pvPower, 0);
    charging += f64x2.extract_lane(charged, 0);
    discharging -= f64x2.extract_lane(discharged, 0);
    if (!paired) break;
    store<u8>(reasonAt, i64x2.extract_lane(reason, 1), 1);
    allLoad += f64x2.extract_lane(loadPower, 1);
    allPv += f64x2.extract_lane(pvPower, 1);
    charging += f64x2.extract_lane(charged, 1);
    discharging -= f64x2.extract_lane(discharged, 1);
  }
  return allLoad - allPv + charging - discharging;
}

/**
 * Works out the net positions and writes the filtered orders: the second half of `dispatch.ts`, and
 * `trade.ts` up to the auction.
 */
export function placeOrders(): void {
  for (let c = 0; c < communities; c++) {
    const lowest = load<f64>(feedInTariffPerKwh + ofSlot(c)) + networkFeePerKwh;
    const highest = load<f64>(importPricePerKwh + ofSlot(c)) - networkFeePerKwh;
    orderCommunity(c * prosumers, lowest, highest);
  }
}

function orderCommunity(row: i32, lowestPrice: f64, highestPrice: f64): void {
  const zero = f64x2.splat(0), one = f64x2.splat(1), half = f64x2.splat(0.5);
  const dt = f64x2.splat(dtHours);
  const lowest = f64x2.splat(lowestPrice), highest = f64x2.splat(highestPrice);
  const most = f64x2.splat(max(lowestPrice, highestPrice));
  const open = f64x2.le(lowest, highest);
  const from = rowOffset(row), end = rowOffset(row + prosumers);
  for (let at = from; at < end; at += VECTOR) {
    const paired = at + NUMBER < end;
    const battery = loadPair(batteryKw + at, paired);
    const served = f64x2.sub(loadPair(loadKw + at, paired), loadPair(unservedKw + at, paired));
    const used = f64x2.sub(loadPair(pvKw + at, paired), loadPair(curtailedKw + at, paired));
    const net = f64x2.mul(f64x2.add(f64x2.sub(served, used), battery), dt);
    const change = f64x2.abs(f64x2.sub(loadPair(requestKw + at, paired), battery));
    storePair(netKwh + at, net, paired);
    storePair(interventionKwh + at, f64x2.mul(change, dt), paired);

    const share = actionPair(actions + 3 * at + NUMBER, paired);
    const requested = f64x2.mul(f64x2.mul(f64x2.add(one, share), half), net);
    const rawPrice = actionPair(actions + 3 * at + VECTOR, paired);
    const low = f64x2.mul(f64x2.sub(one, rawPrice), lowest);
    const high = f64x2.mul(f64x2.add(one, rawPrice), highest);
    const requestedPrice = f64x2.mul(f64x2.add(low, high), half);
    const finite = isFinitePair(requested), finitePrice = isFinitePair(requestedPrice);
    const buys = f64x2.gt(net, zero);
    const within = clampPair(requested, v128.andnot(net, buys), v128.and(net, buys));
    const quantity = v128.and(within, v128.and(finite, v128.and(finitePrice, open)));
    const price = v128.bitselect(clampPair(requestedPrice, lowest, most), lowest, finitePrice);
    storePair(orderKwh + at, quantity, paired);
    storePair(orderPricePerKwh + at, price, paired);
    const reason = v128.or(
      reasonPair(requested, quantity, finite, ORDER),
      reasonPair(requestedPrice, price, finitePrice, PRICE),
    );
    const reasonAt = reasons + (at >> 3);
    addReason(reasonAt, i64x2.extract_lane(reason, 0));
    if (paired) addReason(reasonAt + 1, i64x2.extract_lane(reason, 1));
  }
}

/** Settles the slot: `settle` in `account.ts`. */
export function settle(): void {
  for (let c = 0; c < communities; c++) {
    settleCommunity(
      c * prosumers,
      load<f64>(carbonKgPerKwh + ofSlot(c)),
      load<f64>(importPricePerKwh + ofSlot(c)),
      load<f64>(feedInTariffPerKwh + ofSlot(c)),
      load<f64>(clearingPricePerKwh + rowOffset(c)),
    );
  }
}

function settleCommunity(
  row: i32,
  carbonNow: f64,
  importPriceNow: f64,
  tariffNow: f64,
  clearingPrice: f64,
): void {
  const zero = f64x2.splat(0), dt = f64x2.splat(dtHours);
  const carbonOf = f64x2.splat(carbonNow), clearing = f64x2.splat(clearingPrice);
  const importPrice = f64x2.splat(importPriceNow), tariff = f64x2.splat(tariffNow);
  const fee = f64x2.splat(networkFeePerKwh), carbonPrice = f64x2.splat(carbonPricePerKg);
  const wearPrice = f64x2.splat(wearPricePerKwh), lostLoad = f64x2.splat(lostLoadPricePerKwh);
  const from = rowOffset(row), end = rowOffset(row + prosumers);
  for (let at = from; at < end; at += VECTOR) {
    const paired = at + NUMBER < end;
    const power = loadPair(batteryKw + at, paired), traded = loadPair(tradedKwh + at, paired);
    const grid = f64x2.sub(loadPair(netKwh + at, paired), traded);
    const imports = f64x2.gt(grid, zero);
    const emissions = v128.and(f64x2.mul(grid, carbonOf), imports);
    const withGrid = f64x2.mul(grid, v128.bitselect(importPrice, tariff, imports));
    const withMarket = f64x2.add(
      f64x2.add(withGrid, f64x2.mul(traded, clearing)),
      f64x2.mul(f64x2.abs(traded), fee),
    );
    const paid = v128.bitselect(withGrid, withMarket, f64x2.eq(traded, zero));
    const discharged = v128.and(f64x2.mul(f64x2.neg(power), dt), f64x2.lt(power, zero));
    const unserved = f64x2.mul(f64x2.mul(lostLoad, loadPair(unservedKw + at, paired)), dt);
    const withCarbon = f64x2.add(paid, f64x2.mul(carbonPrice, emissions));
    const withWear = f64x2.add(withCarbon, f64x2.mul(wearPrice, discharged));
    storePair(gridKwh + at, grid, paired);
    storePair(emissionsKg + at, emissions, paired);
    storePair(bill + at, paid, paired);
    storePair(cost + at, f64x2.add(withWear, unserved), paired);
  }
}

/**
 * Advances the batteries by a slot and works out their next limits, as `physics/battery.ts` does where
 * efficiencies, power and capacity are constant.
 */
export function advance(): void {
  for (let c = 0; c < communities; c++) advanceCommunity(c * prosumers);
}

function advanceCommunity(row: i32): void {
  const zero = f64x2.splat(0);
  const stride = rowOffset(prosumers + 1);
  const from = rowOffset(row), bytes = rowOffset(prosumers);
  for (let i: usize = 0; i < bytes; i += VECTOR) {
    const paired = i + NUMBER < bytes;
    const at = from + i;
    let field = batteries + i;
    const retention = v128.load(field);
    const hours = v128.load(field += stride);
    const chargeEfficiency = v128.load(field += stride);
    const dischargeEfficiency = v128.load(field += stride);
    const mostCharge = v128.load(field += stride);
    const mostDischarge = v128.load(field += stride);
    const socMin = v128.load(field += stride);
    const socMax = v128.load(field += stride);
    const capacity = loadPair(capacityKwh + at, paired);
    const power = loadPair(batteryKw + at, paired);
    const stored = v128.bitselect(
      f64x2.mul(power, chargeEfficiency),
      f64x2.div(power, dischargeEfficiency),
      f64x2.gt(power, zero),
    );
    const left = f64x2.mul(retention, loadPair(energyKwh + at, paired));
    const energy = f64x2.add(left, f64x2.mul(hours, stored));
    storePair(energyKwh + at, energy, paired);
    storePair(endEnergyKwh + at, energy, paired);

    const kept = f64x2.mul(retention, energy);
    const close = f64x2.mul(f64x2.splat(-ROUNDING), capacity);
    const full = f64x2.mul(socMax, capacity), room = f64x2.sub(full, kept);
    const over = beyondFull(mostCharge, chargeEfficiency, hours, kept, full);
    const charge = firstGuess(mostCharge, room, over);
    const overThen = beyondFull(charge, chargeEfficiency, hours, kept, full);
    storePair(chargeLimitKw + at, charge, paired);

    const empty = f64x2.mul(socMin, capacity), stock = f64x2.sub(kept, empty);
    const under = beyondEmpty(mostDischarge, dischargeEfficiency, hours, kept, empty);
    const discharge = firstGuess(mostDischarge, stock, under);
    const underThen = beyondEmpty(discharge, dischargeEfficiency, hours, kept, empty);
    storePair(dischargeLimitKw + at, discharge, paired);

    const chargeFound = isFound(charge, mostCharge, room, overThen, close);
    const dischargeFound = isFound(discharge, mostDischarge, stock, underThen, close);
    if (i64x2.all_true(v128.and(chargeFound, dischargeFound))) continue;
    const battery = batteries + i;
    if (i64x2.extract_lane(chargeFound, 0) == 0) searchCharge(battery, at);
    if (i64x2.extract_lane(dischargeFound, 0) == 0) searchDischarge(battery, at);
    if (!paired) break;
    if (i64x2.extract_lane(chargeFound, 1) == 0) searchCharge(battery + NUMBER, at + NUMBER);
    if (i64x2.extract_lane(dischargeFound, 1) == 0) searchDischarge(battery + NUMBER, at + NUMBER);
  }
}

/** Writes what every row sees in the slots `seenSlots`; slots ahead from `end` on count as nothing. */
export function observe(end: i32): void {
  for (let c = 0; c < communities; c++) {
    const row = c * prosumers, slot = wordAt(seenSlots, c);
    const out = observation + rowOffset(row * observationSize);
    const own = out + rowOffset(sharedSize);
    forecastPv(<usize> wordAt(weather, c), end);
    observeNow(row, slot, own);
    observeAhead(row, slot, end, own + OWN_NOW * NUMBER);
    gatherShared(c);
    spreadShared(out);
  }
}

/** Works out the factors of PV in the forecast whose errors begin at `error`. */
function forecastPv(error: usize, end: i32): void {
  for (let lead: usize = 0; lead < rowOffset(end); lead += NUMBER) {
    const factor = positive(1 + load<f64>(gain + lead) * load<f64>(error + lead));
    store<f64>(pvFactor + lead, factor);
  }
}

/** Writes devices, storage, load and PV as they are now, and adds them up. */
function observeNow(row: i32, slot: i32, out: usize): void {
  const loadNow = loads + slotOffset(slot), pvNow = pvs + slotOffset(slot);
  const gainNow = load<f64>(gain), pvFactorNow = load<f64>(pvFactor);
  const outStride = rowOffset(observationSize);
  let allCapacity: f64 = 0, allEnergy: f64 = 0, allCharge: f64 = 0, allDischarge: f64 = 0;
  let allNet: f64 = 0;
  const from = rowOffset(row), bytes = rowOffset(prosumers);
  for (let i: usize = 0; i < bytes; i += NUMBER) {
    const at = from + i, device = devices + 3 * i;
    const capacity = load<f64>(capacityKwh + at), energy = load<f64>(energyKwh + at);
    const charge = load<f64>(chargeLimitKw + at), discharge = load<f64>(dischargeLimitKw + at);
    const error = load<f64>(load<u32>(errors + (at >> 1)));
    const ownLoad = load<f64>(loadNow + i) * positive(1 + gainNow * error);
    const ownPv = load<f64>(pvNow + i) * pvFactorNow;
    const net = ownLoad - ownPv;
    store<f64>(out, load<f64>(device), 0);
    store<f64>(out, capacity, 8);
    store<f64>(out, load<f64>(device, 8), 16);
    store<f64>(out, load<f64>(device, 16), 24);
    store<f64>(out, capacity > 0 ? energy / capacity : 0, 32);
    store<f64>(out, charge, 40);
    store<f64>(out, discharge, 48);
    store<f64>(out, ownLoad, 56);
    store<f64>(out, ownPv, 64);
    store<f64>(out, net, 72);
    allCapacity += capacity;
    allEnergy += energy;
    allCharge += charge;
    allDischarge += discharge;
    allNet += net;
    out += outStride;
  }
  store<f64>(sums, allCapacity, 0);
  store<f64>(sums, allEnergy, 8);
  store<f64>(sums, allCharge, 16);
  store<f64>(sums, allDischarge, 24);
  store<f64>(sums, allNet, 32);
}

/**
 * Writes the mean net loads of the blocks of slots ahead, and adds them up. Slots and blocks are taken
 * two at a time; the last slot's neighbour may lie beyond `end` and then belongs to no block.
 */
function observeAhead(row: i32, slot: i32, end: i32, out: usize): void {
  const one = f64x2.splat(1), zero = f64x2.splat(0);
  const gains = gain, pvFactors = pvFactor, sumsThen = cumulative;
  const slotBytes = rowOffset(prosumers), outStride = rowOffset(observationSize);
  const endBytes = rowOffset(end), blockBytes = rowOffset(blocks);
  let loadFirst = loads + slotOffset(slot + 1), pvFirst = pvs + slotOffset(slot + 1);
  let error = errors + (rowOffset(row) >> 1), own = out;
  for (let i = 0; i < prosumers; i += 2) {
    const paired = i + 1 < prosumers;
    const first = <usize> load<u32>(error, 0), second = <usize> load<u32>(error, 4);
    let loadAt = loadFirst, pvAt = pvFirst;
    let sum = zero;
    v128.store(sumsThen + 2 * NUMBER, sum);
    for (let lead = NUMBER; lead < endBytes; lead += VECTOR) {
      const gainThen = v128.load(gains + lead), pvThen = v128.load(pvFactors + lead);
      const ofFirst = positivePair(f64x2.add(one, f64x2.mul(gainThen, v128.load(first + lead))));
      const ofSecond = positivePair(f64x2.add(one, f64x2.mul(gainThen, v128.load(second + lead))));
      const nearLoad = f64x2.mul(v128.load(loadAt), firstOfBoth(ofFirst, ofSecond));
      const nearPv = f64x2.mul(v128.load(pvAt), firstOfBoth(pvThen, pvThen));
      sum = f64x2.add(sum, f64x2.sub(nearLoad, nearPv));
      v128.store(sumsThen + 2 * lead, sum, 16);
      const farLoad = f64x2.mul(v128.load(loadAt + slotBytes), secondOfBoth(ofFirst, ofSecond));
      const farPv = f64x2.mul(v128.load(pvAt + slotBytes), secondOfBoth(pvThen, pvThen));
      sum = f64x2.add(sum, f64x2.sub(farLoad, farPv));
      v128.store(sumsThen + 2 * lead, sum, 32);
      loadAt += 2 * slotBytes;
      pvAt += 2 * slotBytes;
    }
    let before = zero;
    for (let block: usize = 0; block < blockBytes; block += VECTOR) {
      const between = v128.load(sumsThen + 2 * rowOffset(load<i32>(blockEnds + (block >> 1), 4)));
      const after = v128.load(sumsThen + 2 * rowOffset(load<i32>(blockEnds + (block >> 1), 8)));
      const near = f64x2.sub(between, before), far = f64x2.sub(after, between);
      const share = v128.load(blockShare + block);
      v128.store(own + block, f64x2.mul(firstOfBoth(near, far), share));
      if (paired) {
        v128.store(own + outStride + block, f64x2.mul(secondOfBoth(near, far), share));
      }
      before = after;
    }
    loadFirst += VECTOR;
    pvFirst += VECTOR;
    error += 8;
    own += 2 * outStride;
  }
  for (let block: usize = 0; block < blockBytes; block += VECTOR) {
    let total = zero;
    for (let i = 0, at = out + block; i < prosumers; i++, at += outStride) {
      total = f64x2.add(total, v128.load(at));
    }
    v128.store(sums + SUMS_NOW * NUMBER + block, total);
  }
}

/** Puts together what all prosumers of a community see alike, in the order of `observation.ts`. */
function gatherShared(c: i32): void {
  const count = <f64> prosumers;
  const ofCommunity = rowOffset(c);
  const table = published + rowOffset(wordAt(seenSlots, c) * publishedSize);
  let at = shared;
  for (let k: usize = 0; k < rowOffset(publishedSize); k += NUMBER, at += NUMBER) {
    store<f64>(at, load<f64>(table + k));
  }
  store<f64>(at, load<f64>(lastPriceShare + ofCommunity), 0);
  store<f64>(at, load<f64>(lastVolumeKwh + ofCommunity) / count, 8);
  store<f64>(at, load<f64>(lastNetKw + ofCommunity) / count, 16);
  store<f64>(at, load<f64>(peakKw + ofCommunity) / count, 24);
  for (let k: usize = 0; k < 4 * NUMBER; k += NUMBER) {
    store<f64>(at + k, load<f64>(sums + k) / count, 32);
  }
  const charge = load<f64>(sums, 16), discharge = load<f64>(sums, 24), net = load<f64>(sums, 32);
  store<f64>(at, balancingShare(net, charge, discharge), 64);
  for (let k: usize = 0; k <= rowOffset(blocks); k += NUMBER) {
    store<f64>(at + k, load<f64>(sums + k, 32) / count, 72);
  }
}

/** Share of all charging (> 0) or discharging (< 0) power that balances a net load. */
function balancingShare(netLoadKw: f64, chargeKw: f64, dischargeKw: f64): f64 {
  if (netLoadKw < 0) return chargeKw > 0 ? min(1, -netLoadKw / chargeKw) : 0;
  return dischargeKw > 0 ? -min(1, netLoadKw / dischargeKw) : 0;
}

/** Writes for all prosumers of a community what they see alike; the first one's begins at `out`. */
function spreadShared(out: usize): void {
  const from = shared, bytes = rowOffset(sharedSize), stride = rowOffset(observationSize);
  for (let i = 0; i < prosumers; i++, out += stride) {
    let at: usize = 0;
    for (; at + 2 * VECTOR <= bytes; at += 2 * VECTOR) {
      v128.store(out + at, v128.load(from + at));
      v128.store(out + at, v128.load(from + at, 16), 16);
    }
    for (; at < bytes; at += NUMBER) store<f64>(out + at, load<f64>(from + at));
  }
}

/** By how much a slot of charging ends above full. [kWh] */
// @ts-ignore: a decorator of AssemblyScript
@inline
function beyondFull(power: v128, efficiency: v128, hours: v128, kept: v128, full: v128): v128 {
  return f64x2.sub(f64x2.add(kept, f64x2.mul(hours, f64x2.mul(power, efficiency))), full);
}

/** By how much a slot of discharging ends below empty. [kWh] */
// @ts-ignore: a decorator of AssemblyScript
@inline
function beyondEmpty(power: v128, efficiency: v128, hours: v128, kept: v128, empty: v128): v128 {
  const stored = f64x2.div(f64x2.neg(power), efficiency);
  return f64x2.sub(empty, f64x2.add(kept, f64x2.mul(hours, stored)));
}

/** Rated power where that is not too much, nothing where there is no room, or else its share. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function firstGuess(most: v128, room: v128, beyond: v128): v128 {
  const zero = f64x2.splat(0);
  const share = f64x2.mul(most, f64x2.div(room, f64x2.add(room, beyond)));
  return v128.bitselect(most, v128.and(share, f64x2.gt(room, zero)), f64x2.le(beyond, zero));
}

/** Whether a first guess is the answer. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function isFound(guess: v128, most: v128, room: v128, beyond: v128, close: v128): v128 {
  const zero = f64x2.splat(0);
  const reached = v128.or(f64x2.eq(guess, most), f64x2.gt(beyond, close));
  return v128.or(f64x2.le(room, zero), v128.and(f64x2.le(beyond, zero), reached));
}

/** Searches the charging limit of one battery, whose stored energy is up to date. */
function searchCharge(battery: usize, at: usize): void {
  const efficiency = batteryField(battery, 2), most = batteryField(battery, 4);
  const soc = batteryField(battery, 7);
  store<f64>(chargeLimitKw + at, search(battery, at, efficiency, most, soc, 1));
}

/** Searches the discharging limit of one battery, whose stored energy is up to date. */
function searchDischarge(battery: usize, at: usize): void {
  const efficiency = batteryField(battery, 3), most = batteryField(battery, 5);
  const soc = batteryField(battery, 6);
  store<f64>(dischargeLimitKw + at, search(battery, at, efficiency, most, soc, -1));
}

/** The whole search of `limitKw` in `physics/battery.ts`. */
function search(
  battery: usize,
  at: usize,
  efficiency: f64,
  mostKw: f64,
  boundSoc: f64,
  direction: f64,
): f64 {
  const hours = batteryField(battery, 1);
  const capacity = load<f64>(capacityKwh + at), bound = boundSoc * capacity;
  const kept = batteryField(battery, 0) * load<f64>(energyKwh + at);
  let inside: f64 = 0, outside = mostKw, power = mostKw;
  let room = direction * (bound - kept);
  let excess: f64 = 0;
  let wasBeyond = false;
  do {
    const stored = direction > 0 ? power * efficiency : -power / efficiency;
    const beyond = direction * (kept + hours * stored - bound);
    if (beyond <= 0 && (power == mostKw || beyond > -ROUNDING * capacity)) return power;
    if (room <= 0) return 0;
    if (beyond > 0) {
      outside = power;
      excess = beyond;
      if (wasBeyond) room /= 2;
    } else {
      inside = power;
      room = -beyond;
      if (!wasBeyond) excess /= 2;
    }
    wasBeyond = beyond > 0;
    power = inside + (outside - inside) * (room / (room + excess));
  } while (power > inside);
  return inside;
}

/** Field number `field` of a battery, see `batteries`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function batteryField(battery: usize, field: i32): f64 {
  return load<f64>(battery + <usize> field * rowOffset(prosumers + 1));
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

// @ts-ignore: a decorator of AssemblyScript
@inline
function addReason(at: usize, reason: i64): void {
  store<u8>(at, load<u8>(at) | <u8> reason);
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
function rowOffset(row: i32): usize {
  return <usize> row * NUMBER;
}

/** The slot of a community in the data set. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function slotOf(c: i32): i32 {
  return wordAt(slots, c);
}

/** Offset of what the data set says of a community's slot. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function ofSlot(c: i32): usize {
  return rowOffset(slotOf(c));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function wordAt(words: usize, index: i32): i32 {
  return load<i32>(words + (<usize> index << 2));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function slotOffset(slot: i32): usize {
  return rowOffset(slot * prosumers);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function firstOfBoth(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function secondOfBoth(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function positivePair(x: v128): v128 {
  return f64x2.pmax(f64x2.splat(0), x);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function positive(x: f64): f64 {
  return x > 0 ? x : 0;
}
