/**
 * Observations of one community at a time, as WebAssembly: what every prosumer sees itself, the net
 * loads ahead, and what all see alike. Layout and meaning of the numbers are in `observation.ts`.
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

// @ts-ignore: a decorator of AssemblyScript
@inline
function positive(x: f64): f64 {
  return x > 0 ? x : 0;
}
