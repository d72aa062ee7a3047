/**
 * Git's index, as far as it says which content every file had when it was last added.
 *
 * Format: `gitformat-index`, versions 2 and 3; version 4 shortens paths and is not read.
 *
 * @module
 */

const HEADER_BYTES = 12;
/** Times, identifiers, mode and size, before the name of the content. */
const STAT_BYTES = 40;
const SHA1_BYTES = 20;
const EXTENDED = 0x4000;

/**
 * Names of contents by path.
 *
 * @throws {RangeError} If this is no index, or one of another version.
 */
export function parseIndex(bytes: Uint8Array): Map<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder();
  const isIndex = bytes.length >= HEADER_BYTES && text.decode(bytes.subarray(0, 4)) === "DIRC";
  if (!isIndex) throw new RangeError("this is no index of git");
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) {
    throw new RangeError(`the index must be of version 2 or 3, got ${version}`);
  }
  const contents = new Map<string, string>();
  let at = HEADER_BYTES;
  for (let left = view.getUint32(8); left > 0; left--) {
    const name = at + STAT_BYTES;
    const flags = name + SHA1_BYTES;
    if (flags + 2 > bytes.length) throw new RangeError("the index is cut short");
    const path = flags + ((view.getUint16(flags) & EXTENDED) === 0 ? 2 : 4);
    const end = bytes.indexOf(0, path);
    if (end < 0) throw new RangeError("the index is cut short");
    contents.set(text.decode(bytes.subarray(path, end)), bytes.slice(name, flags).toHex());
    // One to eight zero bytes fill an entry up to a multiple of eight.
    at += (Math.floor((end - at) / 8) + 1) * 8;
  }
  return contents;
}
