/**
 * Bytes of base64, in browsers that cannot read it themselves as well.
 *
 * @module
 */

/**
 * The bytes of a base64 text.
 *
 * @throws {Error} If it is none.
 *
 * @example
 * ```ts
 * import { bytesOfBase64 } from "./base64.ts";
 * if (bytesOfBase64("AQID").join() !== "1,2,3") throw new Error("three bytes");
 * ```
 */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  // Browsers of before autumn 2025 lack it.
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(text);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
