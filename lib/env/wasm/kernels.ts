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
export type Arrays<Name extends string, Values> = Readonly<Record<Name, Values>>;

/** Kernels with a memory that holds the arrays asked for, all zeros. */
export interface KernelMemory<Name extends string, IntegerName extends string> {
  /** The kernels. */
  readonly kernels: Kernels;
  /** Double precision. */
  readonly float64: Arrays<Name, Float64Array>;
  /** 32-bit whole numbers. */
  readonly int32: Arrays<IntegerName, Int32Array>;
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
 * const { kernels, float64: { shared, out } } = createKernels({ shared: 2, out: 6 }, {});
 * shared.set([1, 2]);
 * kernels.spread(shared.byteOffset, 2, 2, out.byteOffset, 3 * 8);
 * if (out.join() !== "1,2,0,1,2,0") throw new Error(out.join());
 * ```
 */
export function createKernels<Name extends string, IntegerName extends string>(
  float64: Readonly<Record<Name, number>>,
  int32: Readonly<Record<IntegerName, number>>,
): KernelMemory<Name, IntegerName> {
  const { exports } = new WebAssembly.Instance(compile());
  const { memory, heapBase, ...kernels } = exports as unknown as Kernels & {
    memory: WebAssembly.Memory;
    heapBase(): number;
  };
  const sizes = (lengths: Readonly<Record<string, number>>, bytes: number) =>
    Object.values(lengths).map((length) => align(length * bytes));
  const bytes = [...sizes(float64, 8), ...sizes(int32, 4)].reduce((sum, size) => sum + size, 0);
  let free = align(heapBase());
  grow(memory, free + bytes);
  const place = <Key extends string, Values extends ArrayBufferView>(
    lengths: Readonly<Record<Key, number>>,
    ArrayOf: new (buffer: ArrayBufferLike, from: number, length: number) => Values,
  ) =>
    Object.fromEntries(
      Object.entries<number>(lengths).map(([name, length]) => {
        const array = new ArrayOf(memory.buffer, free, length);
        free += align(array.byteLength);
        return [name, array];
      }),
    ) as Arrays<Key, Values>;
  return { kernels, float64: place(float64, Float64Array), int32: place(int32, Int32Array) };
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
