/**
 * The network kernels, ready to be called: WebAssembly on a memory of its own, and typed arrays in
 * it. An array's address is its `byteOffset`. The kernels themselves are in `assembly/kernels.ts`.
 *
 * @module
 */

import type { Arrays } from "../arrays.ts";
import { kernelsBase64 } from "./binary.ts";
import { align, ALIGNMENT_BYTES, compileBinary, PAGE_BYTES } from "../../wasm_memory.ts";

/** The most that a 32-bit address reaches; only what is used takes memory. [64 KiB] */
const MAXIMUM_PAGES = 65_536;

/** What the module exports: see `assembly/kernels.ts`. Addresses and strides are in bytes. */
interface KernelExports {
  /** The first free address. */
  heapBase(): number;
  /** y = start + x·panels, where all rows may start alike. */
  dense(
    x: number,
    xStride: number,
    rows: number,
    inner: number,
    panels: number,
    width: number,
    start: number,
    startStride: number,
    y: number,
    yStride: number,
    scratch: number,
  ): void;
  /** out = xᵀ·d. */
  weightGradient(
    x: number,
    xStride: number,
    d: number,
    dStride: number,
    rows: number,
    inner: number,
    width: number,
    out: number,
  ): void;
  /** out = sum of the rows of each group in d. */
  groupSums(
    d: number,
    dStride: number,
    groups: number,
    rows: number,
    width: number,
    out: number,
  ): void;
  /** Writes each row several times. */
  repeatRows(from: number, groups: number, rows: number, width: number, to: number): void;
  /** y = tanh y. */
  tanh(y: number, count: number): void;
  /** d = d·(1 − h²). */
  tanhSlope(d: number, h: number, count: number): void;
  /** Writes a matrix as panels. */
  pack(weights: number, inner: number, width: number, paddedInner: number, panels: number): void;
  /** Writes the transpose of a matrix as panels. */
  packTransposed(
    weights: number,
    inner: number,
    width: number,
    paddedWidth: number,
    panels: number,
  ): void;
  /** Copies rows of the chosen groups. */
  gather(
    from: number,
    groupStride: number,
    width: number,
    chosen: number,
    groups: number,
    rows: number,
    to: number,
    toStride: number,
  ): void;
  /** Writes (x − mean)/std, cut to ±clip, as float32. */
  normalize(
    x: number,
    xStride: number,
    rows: number,
    width: number,
    mean: number,
    std: number,
    clip: number,
    to: number,
    toStride: number,
  ): void;
  /** Adds up the parts of a gradient in their order. */
  addParts(
    parts: number,
    partStride: number,
    count: number,
    rows: number,
    width: number,
    paddedWidth: number,
    out: number,
  ): void;
  /** Sum of squares. */
  squares(x: number, count: number): number;
  /** A step of Adam. */
  adam(
    parameters: number,
    gradient: number,
    mean: number,
    square: number,
    count: number,
    gradientScale: number,
    meanShare: number,
    squareShare: number,
    learningRate: number,
    meanScale: number,
    squareScale: number,
    epsilon: number,
  ): void;
}

/** The kernels and their memory, whose arrays last as long as they do. */
export interface Kernels extends KernelExports, Arrays {
  /** The memory, which other threads may share. */
  readonly memory: WebAssembly.Memory;
  /** Whether an array was made here. */
  owns(array: ArrayBufferView): boolean;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Kernels with a memory of their own, or with one that another thread has made.
 *
 * @throws {Error} If this runtime has no WebAssembly with SIMD, or no memory can be had.
 *
 * @example
 * ```ts
 * import { createKernels } from "./kernels.ts";
 * const kernels = createKernels();
 * const values = kernels.float32(4);
 * values.set([0, 1, -1, 50]);
 * kernels.tanh(values.byteOffset, 4);
 * const error = Math.abs(values[1] - Math.tanh(1));
 * if (values[0] !== 0 || values[3] !== 1 || error > 2e-7) throw new Error(values.join());
 * ```
 */
export function createKernels(
  memory: WebAssembly.Memory = reserveMemory(),
): Kernels {
  compiled ??= compileBinary(kernelsBase64, "the kernels, which need");
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const functions = exports as unknown as KernelExports;
  const base = align(functions.heapBase());
  // Bytes in use above the base; in the memory itself, so that threads take turns.
  const used = new Int32Array(memory.buffer, base, 1);
  const buffers = new WeakSet<ArrayBufferLike>();
  const place = <T>(
    ArrayOf: new (buffer: ArrayBufferLike, from: number, length: number) => T,
    bytes: number,
  ) =>
  (length: number): T => {
    const size = align(bytes * length);
    const from = base + ALIGNMENT_BYTES + Atomics.add(used, 0, size);
    const missing = from + size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    buffers.add(memory.buffer);
    return new ArrayOf(memory.buffer, from, length);
  };
  return {
    ...functions,
    memory,
    owns: (array) => buffers.has(array.buffer),
    uint8: place(Uint8Array, 1),
    uint32: place(Uint32Array, 4),
    float32: place(Float32Array, 4),
    float64: place(Float64Array, 8),
  };
}

function reserveMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  } catch (error) {
    throw new Error(
      `no memory for the kernels, which reserve 4 GiB of addresses (${
        (error as Error).message
      }); ` +
        "allow more virtual memory",
    );
  }
}
