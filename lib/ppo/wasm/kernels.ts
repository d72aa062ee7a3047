/**
 * The network kernels, ready to be called: WebAssembly on a memory of its own, and typed arrays in
 * it. An array's address is its `byteOffset`. The kernels themselves are in `assembly/kernels.ts`.
 *
 * @module
 */

import { kernelsBase64 } from "./binary.ts";

/** The most that a 32-bit address reaches; only what is used takes memory. [64 KiB] */
const MAXIMUM_PAGES = 65_536;
const PAGE_BYTES = 65_536;
const ALIGNMENT_BYTES = 64;

/** What the module exports: see `assembly/kernels.ts`. Addresses and strides are in bytes. */
interface KernelExports {
  /** The first free address. */
  heapBase(): number;
  /** y = x·panels + bias. */
  dense(
    x: number,
    xStride: number,
    rows: number,
    inner: number,
    panels: number,
    width: number,
    bias: number,
    y: number,
    yStride: number,
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
  /** out = sum of the rows of d. */
  columnSums(d: number, dStride: number, rows: number, width: number, out: number): void;
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
  /** Copies the chosen rows. */
  gather(
    from: number,
    width: number,
    chosen: number,
    rows: number,
    to: number,
    toStride: number,
  ): void;
  /** Writes (x − mean)/std, cut to ±clip, as float32. */
  normalize(
    x: number,
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

/** The kernels and their memory. */
export interface Kernels extends KernelExports {
  /** A new array of zeros, until the kernels are gone. */
  float32(length: number): Float32Array;
  /** A new array of zeros, until the kernels are gone. */
  float64(length: number): Float64Array;
  /** A new array of zeros, until the kernels are gone. */
  uint32(length: number): Uint32Array;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Kernels with a memory of their own.
 *
 * @throws {Error} If this runtime has no WebAssembly with SIMD and shared memory.
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
export function createKernels(): Kernels {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  const { exports } = new WebAssembly.Instance(compile(), { env: { memory } });
  const functions = exports as unknown as KernelExports;
  let top = functions.heapBase();
  const allocate = (bytes: number): { buffer: ArrayBufferLike; from: number } => {
    const from = Math.ceil(top / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    top = from + bytes;
    const missing = top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return { buffer: memory.buffer, from };
  };
  const place = <T>(
    ArrayOf: new (buffer: ArrayBufferLike, from: number, length: number) => T,
    bytes: number,
  ) =>
  (length: number): T => {
    const { buffer, from } = allocate(bytes * length);
    return new ArrayOf(buffer, from, length);
  };
  return {
    ...functions,
    float32: place(Float32Array, 4),
    float64: place(Float64Array, 8),
    uint32: place(Uint32Array, 4),
  };
}

function compile(): WebAssembly.Module {
  try {
    return compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(kernelsBase64));
  } catch (error) {
    throw new Error(
      'this runtime cannot run the kernels, which need WebAssembly with SIMD: set backend to "tfjs" ' +
        `to train without them (${(error as Error).message})`,
    );
  }
}
