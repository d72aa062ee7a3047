/**
 * The kernels of the environment, ready to be called: WebAssembly, and arrays in its memory. The
 * kernels themselves are in `assembly/kernels.ts`.
 *
 * @module
 */

import { kernelsBase64 } from "./binary.ts";
import { align, compileBinary, PAGE_BYTES } from "../../wasm_memory.ts";

/** What is done for every prosumer. */
export interface Kernels {
  /** Filters battery powers; says how many communities exceed a limit of their connection. */
  filterBatteries(): number;
  /** Works out net positions and filtered orders. */
  placeOrders(): void;
  /** Settles what the market has left over, and what else is charged. */
  settle(): void;
  /** Carries batteries into the next slot. */
  advance(): void;
  /** Writes what every row sees; slots ahead from `end` on count as nothing. */
  observe(end: number): void;
}

/** Numbers that stay as they are. */
export interface Settings {
  /** Communities that step together. */
  readonly communities: number;
  /** Prosumers of a community. */
  readonly prosumers: number;
  /** Blocks of slots ahead. */
  readonly blocks: number;
  /** Features of an observation. */
  readonly observationSize: number;
  /** Features that are alike for all prosumers of a community. */
  readonly sharedSize: number;
  /** Features that are published for everyone. */
  readonly publishedSize: number;
  /** Length of a slot. [h] */
  readonly dtHours: number;
  /** Paid by both sides of a trade. [currency/kWh] */
  readonly networkFeePerKwh: number;
  /** Price of CO2. [currency/kg] */
  readonly carbonPricePerKg: number;
  /** Battery wear. [currency/kWh discharged] */
  readonly wearPricePerKwh: number;
  /** Value of lost load. [currency/kWh] */
  readonly lostLoadPricePerKwh: number;
}

/** Values by name. */
export type Named<Name extends string, Value> = Readonly<Record<Name, Value>>;

/** Lengths of the arrays that the kernels know by these names. */
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
}

let compiled: WebAssembly.Module | undefined;

/**
 * Kernels with a memory for arrays of the given lengths. It does not grow, since that would cut off
 * the arrays in it.
 *
 * @throws {RangeError} If the arrays take more than the 4 GB that an address reaches.
 * @throws {Error} If this runtime has no WebAssembly with SIMD.
 */
export function createKernels<Float extends string, Int extends string, Byte extends string>(
  { float64, int32, uint8 }: Lengths<Float, Int, Byte>,
  settings: Settings,
): KernelMemory<Float, Int, Byte> {
  compiled ??= compileBinary(kernelsBase64, "the environment, which needs");
  const { exports } = new WebAssembly.Instance(compiled);
  const variables = exports as Record<string, WebAssembly.Global>;
  const memory = exports.memory as WebAssembly.Memory;
  let free = align((exports.heapBase as () => number)());
  for (const [lengths, bytes] of [[float64, 8], [int32, 4], [uint8, 1]] as const) {
    for (const [name, length] of Object.entries<number>(lengths)) {
      variables[name].value = free;
      free += align(length * bytes);
    }
  }
  for (const [name, value] of Object.entries(settings)) variables[name].value = value;
  grow(memory, free);
  const place = <Name extends string, Values>(
    lengths: Named<Name, number>,
    ArrayOf: new (buffer: ArrayBufferLike, from: number, length: number) => Values,
  ) =>
    Object.fromEntries(
      Object.entries<number>(lengths).map(([name, length]) => {
        // An address beyond 2 GB reads as negative.
        return [name, new ArrayOf(memory.buffer, variables[name].value >>> 0, length)];
      }),
    ) as Named<Name, Values>;
  return {
    kernels: { ...exports } as unknown as Kernels,
    float64: place(float64, Float64Array),
    int32: place(int32, Int32Array),
    uint8: place(uint8, Uint8Array),
  };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  try {
    memory.grow(Math.ceil(bytes / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES);
  } catch {
    const gigabytes = (bytes / 2 ** 30).toFixed(1);
    throw new RangeError(
      `an environment must fit into 4 GB, this one takes ${gigabytes} GB: take fewer communities, ` +
        "prosumers or slots",
    );
  }
}
