/**
 * What a page carries compressed, such as a program for its Worker.
 *
 * @module
 */

import { bytesOfBase64 } from "./base64.ts";

/** A text, or bytes, as gzip in base64. */
export async function pack(part: BlobPart): Promise<string> {
  const packed = new Blob([part]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(packed).bytes()).toBase64();
}

/**
 * What {@linkcode pack} has packed, to be read as a text or as bytes.
 *
 * @example
 * ```ts
 * import { pack, unpack } from "./packed.ts";
 * const packed = await pack("one price ".repeat(100));
 * if (packed.length > 100) throw new Error("it is compressed");
 * if (await unpack(packed).text() !== "one price ".repeat(100)) throw new Error("it comes back");
 * ```
 */
export function unpack(packed: string): Response {
  const bytes = bytesOfBase64(packed);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}
