/**
 * Compares plain data from a file with what the program itself would have written there.
 *
 * @module
 */

/**
 * Checks that `saved` has the fields of `own`, with the same kinds of values and arrays of the same
 * lengths.
 *
 * @param name Of the field, for the message.
 * @throws {RangeError} Naming the field that differs.
 *
 * @example
 * ```ts
 * import { requireSameShape } from "./same_shape.ts";
 * requireSameShape({ step: 3, soc: Float64Array.of(0.1) }, { step: 0, soc: new Float64Array(1) }, "state");
 * ```
 */
export function requireSameShape(saved: unknown, own: unknown, name: string): void {
  if (typeof own !== "object" || own === null) {
    const isSame = typeof saved === typeof own &&
      (typeof own !== "number" || Number.isFinite(saved));
    if (!isSame) throw differs(name, `a ${typeof own}`);
  } else if (ArrayBuffer.isView(own)) {
    const { length } = own as Float64Array;
    const isSame = ArrayBuffer.isView(saved) && saved.constructor === own.constructor &&
      (saved as Float64Array).length === length;
    if (!isSame) throw differs(name, `${length} numbers`);
  } else {
    const keys = Object.keys(own).sort();
    const isObject = typeof saved === "object" && saved !== null;
    if (!isObject || Object.keys(saved).sort().join() !== keys.join()) {
      throw differs(name, `an object with ${keys.join(", ")}`);
    }
    for (const key of keys) {
      const [theirs, ours] = [saved, own].map((part) => (part as Record<string, unknown>)[key]);
      requireSameShape(theirs, ours, `${name}.${key}`);
    }
  }
}

function differs(name: string, expected: string): RangeError {
  return new RangeError(`${name} must be ${expected}; train again`);
}
