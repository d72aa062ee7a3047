/**
 * Files from elsewhere, read with care: ordinary files only (no folder, pipe or device, which could
 * be endless), of a bounded size, in UTF-8, and where a folder was named, inside that folder.
 *
 * @module
 */

import { join, sep } from "node:path";
import { shown } from "../text/shown.ts";
import { parseBounded } from "./json.ts";

const MIB = 2 ** 20;

/** Largest files that are read, by what they hold. [bytes] */
export const LARGEST_BYTES = {
  /** Configurations, communities, schemas, ladders: 16 MiB, a community of 50,000 homes. */
  document: 16 * MIB,
  /** Order books, learning curves: 64 MiB. */
  orders: 64 * MIB,
  /** Models: 256 MiB. */
  model: 256 * MIB,
  /** Profiles and results: 2 GiB, over a year of 1,000 homes in quarter-hours. */
  table: 2048 * MIB,
} as const;

/** What is read, and what to do if that is not possible. */
export interface ReadOptions {
  /** Largest size. [bytes] */
  readonly maxBytes: number;
  /** Ends the message if there is no such file. */
  readonly remedy: string;
}

/**
 * The text of an ordinary file, without a byte order mark.
 *
 * @throws {Error} In one line, if there is no such file, it is not an ordinary one, or larger than
 * `maxBytes`.
 * @throws {RangeError} In one line, if it holds anything but UTF-8.
 *
 * @example
 * ```ts
 * import { readTextWithin } from "./bounded_file.ts";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "two words");
 * const options = { maxBytes: 8, remedy: "name another" };
 * const message = await readTextWithin(path, options).catch((error) => error.message);
 * await Deno.remove(path);
 * if (!message.includes("larger than 8 bytes")) throw new Error(message);
 * ```
 */
export async function readTextWithin(path: string, options: ReadOptions): Promise<string> {
  return decodeText(await readBytesWithin(path, options), path);
}

/** The value in a JSON file, not yet checked; the error names the file. */
export async function readJson(path: string): Promise<unknown> {
  const options = { maxBytes: LARGEST_BYTES.document, remedy: "name a JSON file" };
  return parseBounded(await readTextWithin(path, options), path);
}

/**
 * The text of a stream, such as standard input or a download.
 *
 * @param source Where it comes from; begins every error message.
 * @throws {Error} In one line, if it is longer than `maxBytes` or no text in UTF-8.
 */
export async function readStreamWithin(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
  source: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(source, length, maxBytes);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return decodeText(bytes, source);
}

/** The bytes of an ordinary file; throws as {@linkcode readTextWithin} does. */
export async function readBytesWithin(
  path: string,
  { maxBytes, remedy }: ReadOptions,
): Promise<Uint8Array> {
  try {
    const size = await ordinarySize(path, maxBytes, remedy);
    using file = await Deno.open(path);
    return await readAll(file, path, size, maxBytes);
  } catch (error) {
    throw explained(error, path, remedy);
  }
}

/** The first bytes of an ordinary file, and whether these are all; throws as the others do. */
export async function firstBytes(
  path: string,
  most: number,
  { remedy }: ReadOptions,
): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isDirectory) throw new RangeError(`${path} is a folder, not a file; ${remedy}`);
    if (!isFile) throw new RangeError(`${path} is a pipe or a device, not a file; ${remedy}`);
    using file = await Deno.open(path);
    const bytes = new Uint8Array(most + 1);
    let length = 0;
    while (length < bytes.length) {
      const read = await file.read(bytes.subarray(length));
      if (read === null) break;
      length += read;
    }
    return { bytes: bytes.subarray(0, Math.min(length, most)), isWhole: length <= most };
  } catch (error) {
    throw explained(error, path, remedy);
  }
}

/**
 * An ordinary file in pieces of whole lines, so that a large one need not be in memory; the last piece
 * may lack its line feed. A piece is only good until the next one.
 *
 * @param chunkBytes Size of a piece; one that a single line does not fit into is refused.
 * @throws {Error} As {@linkcode readTextWithin} does, but for the encoding, which is not looked at.
 */
export async function* lineChunks(
  path: string,
  { maxBytes, remedy }: ReadOptions,
  chunkBytes: number = 4 * MIB,
): AsyncGenerator<Uint8Array> {
  try {
    await ordinarySize(path, maxBytes, remedy);
    using file = await Deno.open(path);
    const bytes = new Uint8Array(chunkBytes);
    for (let held = 0, total = 0;;) {
      const read = await file.read(bytes.subarray(held));
      if (read === null) {
        if (held > 0) yield bytes.subarray(0, held);
        return;
      }
      total += read;
      held += read;
      if (total > maxBytes) throw tooLarge(path, total, maxBytes);
      const end = bytes.lastIndexOf(LINE_FEED, held - 1) + 1;
      if (end === 0) {
        if (held < bytes.length) continue;
        throw new RangeError(
          `${path}: a line is longer than ${byteText(chunkBytes)}; is it a CSV table?`,
        );
      }
      yield bytes.subarray(0, end);
      bytes.copyWithin(0, end, held);
      held -= end;
    }
  } catch (error) {
    throw explained(error, path, remedy);
  }
}

const LINE_FEED = 10;

/**
 * The text that bytes hold.
 *
 * @param file Where they come from; begins every error message.
 * @throws {RangeError} If they are not UTF-8, or hold a NUL.
 */
function decodeText(bytes: Uint8Array, file: string): string {
  requireText(bytes, file);
  return new TextDecoder().decode(bytes);
}

/**
 * Checks that bytes are text in UTF-8.
 *
 * @throws {RangeError} Naming the file, and the encoding if it is a known one.
 */
export function requireText(bytes: Uint8Array, file: string): void {
  const begins = (...mark: number[]) => mark.every((byte, k) => bytes[k] === byte);
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) {
    throw new RangeError(`${file}: is UTF-16; save it as UTF-8`);
  }
  if (begins(0x1f, 0x8b) || begins(0x28, 0xb5, 0x2f, 0xfd) || begins(0x78, 0x01)) {
    throw new RangeError(`${file}: is compressed; unpack it first`);
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw new RangeError(`${file}: byte ${nul + 1} is NUL; save it as text in UTF-8`);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += MIB) {
      decoder.decode(bytes.subarray(at, at + MIB), { stream: true });
    }
    decoder.decode();
  } catch {
    throw new RangeError(`${file}: is not text in UTF-8; save it as such`);
  }
}

/**
 * The path of a file that belongs to a folder.
 *
 * @param name A relative path, with `/` between its parts.
 * @throws {Error} If the path, or a link on it, leads out of the folder.
 */
export async function insideFolder(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const outside = new Error(
    `${path} leads out of the folder ${folder}; put the file itself into the folder`,
  );
  if (name.split(/[\\/]/).includes("..") || /^([\\/]|[A-Za-z]:)/.test(name)) throw outside;
  let [home, target] = ["", ""];
  try {
    [home, target] = await Promise.all([Deno.realPath(folder), Deno.realPath(path)]);
  } catch (error) {
    // What may not be followed is outside; of the rest, reading says what is wrong with it.
    const { NotCapable, PermissionDenied } = Deno.errors;
    if (error instanceof NotCapable || error instanceof PermissionDenied) throw outside;
    return path;
  }
  if (!target.startsWith(home.endsWith(sep) ? home : home + sep)) throw outside;
  return path;
}

/** A file may grow while it is read, and some say that they are empty: the bytes are counted. */
async function readAll(
  file: Deno.FsFile,
  path: string,
  size: number,
  maxBytes: number,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(size + 1);
  for (let length = 0;;) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) return bytes.subarray(0, length);
    length += read;
    if (length > maxBytes) throw tooLarge(path, length, maxBytes);
    if (length < bytes.length) continue;
    const longer = new Uint8Array(Math.min(2 * length + 1, maxBytes + 1));
    longer.set(bytes);
    bytes = longer;
  }
}

function tooLarge(path: string, size: number, maxBytes: number): RangeError {
  return new RangeError(
    `${path} is larger than ${byteText(maxBytes)}, the most that is read of such a file, got ` +
      `${byteText(size)}; make it smaller`,
  );
}

/** A size for reading, such as `64 MiB`. */
export function byteText(bytes: number): string {
  return bytes < MIB ? `${bytes} bytes` : `${Number((bytes / MIB).toFixed(1))} MiB`;
}

/** What the system says about a file, with its name and what to do; what was found here is clear. */
function explained(error: unknown, path: string, remedy: string): unknown {
  const { NotCapable, NotFound, NotADirectory, FilesystemLoop } = Deno.errors;
  if (error instanceof NotCapable) return error;
  if (error instanceof NotFound || error instanceof NotADirectory) {
    return new Error(`${path} does not exist; ${remedy}`);
  }
  if (error instanceof FilesystemLoop) return new Error(`${path} links to itself; ${remedy}`);
  if (error instanceof RangeError) return error;
  const reason = shown((error as Error).message, 200);
  return new Error(`cannot read ${shown(path, 200)}: ${reason}; ${remedy}`);
}

/** Size of a file, which must be an ordinary one: opening a pipe would wait for someone to write. */
async function ordinarySize(path: string, maxBytes: number, remedy: string): Promise<number> {
  const { isFile, isDirectory, size } = await Deno.stat(path);
  if (isDirectory) throw new RangeError(`${path} is a folder, not a file; ${remedy}`);
  if (!isFile) throw new RangeError(`${path} is a pipe or a device, not a file; ${remedy}`);
  if (size > maxBytes) throw tooLarge(path, size, maxBytes);
  return size;
}
