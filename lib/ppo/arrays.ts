/**
 * Where arrays come from: the heap, or a memory that kernels and Workers reach.
 *
 * @module
 */

/** Makes arrays of zeros. */
export interface Arrays {
  /** 8-bit whole numbers. */
  uint8(length: number): Uint8Array;
  /** 32-bit whole numbers. */
  uint32(length: number): Uint32Array;
  /** Single precision. */
  float32(length: number): Float32Array;
  /** Double precision. */
  float64(length: number): Float64Array;
}

/** Arrays on the heap. */
export const plainArrays: Arrays = {
  uint8: (length) => new Uint8Array(length),
  uint32: (length) => new Uint32Array(length),
  float32: (length) => new Float32Array(length),
  float64: (length) => new Float64Array(length),
};
