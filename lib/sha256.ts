/**
 * Fingerprints.
 *
 * @module
 */

/**
 * SHA-256 of bytes, or of a text in UTF-8, in hexadecimal digits.
 *
 * @example
 * ```ts
 * import { sha256Hex } from "./sha256.ts";
 * const fingerprint = await sha256Hex("abc");
 * if (!fingerprint.startsWith("ba7816bf")) throw new Error(fingerprint);
 * ```
 */
export async function sha256Hex(content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
