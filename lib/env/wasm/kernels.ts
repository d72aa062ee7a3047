/**
 * The kernels of the environment, ready to be called: WebAssembly, and arrays in its memory. The
 * kernels themselves are in `assembly/kernels.ts`. Addresses and strides are in bytes.
 *
 * @module
 */

import { kernelsBase64 } from "./binary.ts";

const PAGE_BYTES = 65_536;
const ALIGNMENT_BYTES = 64;

/** What the module exports. */
export interface Kernels {
  /** Battery powers within their limits; whether the community's connection carries the sum. */
  filterBatteries(
    actions: number,
    chargeLimitKw: number,
    dischargeLimitKw: number,
    loadNowKw: number,
    pvNowKw: number,
    count: number,
    importLimitKw: number,
    exportLimitKw: number,
    loadKw: number,
    pvKw: number,
    requestKw: number,
    batteryKw: number,
    unservedKw: number,
    curtailedKw: number,
    reasons: number,
  ): number;
  /** Net positions and filtered orders. */
  placeOrders(
    actions: number,
    loadKw: number,
    pvKw: number,
    requestKw: number,
    batteryKw: number,
    unservedKw: number,
    curtailedKw: number,
    count: number,
    dtHours: number,
    lowestPrice: number,
    highestPrice: number,
    netKwh: number,
    interventionKwh: number,
    orderKwh: number,
    orderPrice: number,
    reasons: number,
  ): void;
  /** Energy from the grid, CO2, bill and cost. */
  settle(
    batteryKw: number,
    netKwh: number,
    tradedKwh: number,
    unservedKw: number,
    count: number,
    gridKwh: number,
    emissionsKg: number,
    bill: number,
    cost: number,
    dtHours: number,
    carbonKgPerKwh: number,
    importPrice: number,
    feedInTariff: number,
    networkFee: number,
    clearingPrice: number,
    carbonPrice: number,
    wearPrice: number,
    lostLoadPrice: number,
  ): void;
  /** Stored energy after the slot, and what the batteries can do in the next. */
  advance(
    batteries: number,
    stride: number,
    batteryKw: number,
    count: number,
    capacityKwh: number,
    energyKwh: number,
    chargeLimitKw: number,
    dischargeLimitKw: number,
    endEnergyKwh: number,
  ): void;
  /** Factors of a forecast by lead. */
  factors(gain: number, errors: number, end: number, out: number): void;
  /** What each prosumer sees of itself now, and its sums. */
  own(
    devices: number,
    capacityKwh: number,
    energyKwh: number,
    chargeLimitKw: number,
    dischargeLimitKw: number,
    loadKw: number,
    pvKw: number,
    count: number,
    errors: number,
    gain: number,
    pvFactor: number,
    out: number,
    outStride: number,
    sums: number,
  ): void;
  /** Mean net loads of blocks of slots ahead, and their sums. */
  ahead(
    loadKw: number,
    pvKw: number,
    count: number,
    errors: number,
    gain: number,
    pvFactor: number,
    end: number,
    blockEnds: number,
    blockShare: number,
    blocks: number,
    out: number,
    outStride: number,
    sums: number,
  ): void;
  /** The same numbers for every prosumer. */
  spread(shared: number, width: number, count: number, out: number, outStride: number): void;
}

/** Arrays by name. */
export type Named<Name extends string, Values> = Readonly<Record<Name, Values>>;

/** Lengths of the arrays in a memory. */
export interface Lengths<Float extends string, Int extends string, Byte extends string> {
  /** Double precision. */
  readonly float64: Named<Float, number>;
  /** 32-bit whole numbers. */
  readonly int32: Named<Int, number>;
  /** 8-bit whole numbers. */
  readonly uint8: Named<Byte, number>;
}

/** Kernels with a memory that holds the arrays asked for, all zeros. */
export interface KernelMemory<Float extends string, Int extends string, Byte extends string> {
  /** The kernels. */
  readonly kernels: Kernels;
  /** Double precision. */
  readonly float64: Named<Float, Float64Array>;
  /** 32-bit whole numbers. */
  readonly int32: Named<Int, Int32Array>;
  /** 8-bit whole numbers. */
  readonly uint8: Named<Byte, Uint8Array>;
  /** Address of every array. */
  readonly at: Named<Float | Int | Byte, number>;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Kernels with a memory for arrays of the given lengths. It does not grow, since that would cut off
 * the arrays in it.
 *
 * @throws {RangeError} If the arrays take more than the 4 GB that an address reaches.
 * @throws {Error} If this runtime has no WebAssembly with SIMD.
 *
 * @example
 * ```ts
 * import { createKernels } from "./kernels.ts";
 * const { kernels, at, float64: { shared, out } } = createKernels({
 *   float64: { shared: 2, out: 6 },
 *   int32: {},
 *   uint8: {},
 * });
 * shared.set([1, 2]);
 * kernels.spread(at.shared, 2, 2, at.out, 3 * 8);
 * if (out.join() !== "1,2,0,1,2,0") throw new Error(out.join());
 * ```
 */
export function createKernels<Float extends string, Int extends string, Byte extends string>(
  { float64, int32, uint8 }: Lengths<Float, Int, Byte>,
): KernelMemory<Float, Int, Byte> {
  const { exports } = new WebAssembly.Instance(compile());
  const { memory, heapBase, ...kernels } = exports as unknown as Kernels & {
    memory: WebAssembly.Memory;
    heapBase(): number;
  };
  const at: Record<string, number> = {};
  let free = align(heapBase());
  for (const [lengths, bytes] of [[float64, 8], [int32, 4], [uint8, 1]] as const) {
    for (const [name, length] of Object.entries<number>(lengths)) {
      at[name] = free;
      free += align(length * bytes);
    }
  }
  grow(memory, free);
  const place = <Name extends string, Values>(
    lengths: Named<Name, number>,
    ArrayOf: new (buffer: ArrayBufferLike, from: number, length: number) => Values,
  ) =>
    Object.fromEntries(
      Object.entries<number>(lengths).map(([name, length]) => [
        name,
        new ArrayOf(memory.buffer, at[name], length),
      ]),
    ) as Named<Name, Values>;
  return {
    kernels,
    float64: place(float64, Float64Array),
    int32: place(int32, Int32Array),
    uint8: place(uint8, Uint8Array),
    at: at as Named<Float | Int | Byte, number>,
  };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  try {
    memory.grow(Math.ceil(bytes / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES);
  } catch {
    throw new RangeError(
      `an environment must fit into 4 GB, this one takes ${
        (bytes / 2 ** 30).toFixed(1)
      } GB: take ` +
        "fewer communities, prosumers or slots",
    );
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

function compile(): WebAssembly.Module {
  try {
    return compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(kernelsBase64));
  } catch (error) {
    throw new Error(
      "this runtime cannot run the environment, which needs WebAssembly with SIMD " +
        `(${(error as Error).message})`,
    );
  }
}
