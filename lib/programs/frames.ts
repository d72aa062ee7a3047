/**
 * Frames: what the laboratory and a Python process say to each other through a pipe. A frame is 16
 * bytes of header, a text, and numbers as they lie in memory, little-endian:
 *
 *     kind, bytes of text, bytes of data, 0     four unsigned 32-bit numbers
 *     text                                      UTF-8, filled up with zeros to a multiple of 8 bytes
 *     data                                      arrays, one behind the other
 *
 * Texts are JSON and rare; what is said in every slot is numbers alone.
 *
 * @module
 */

/** Version of what is said; both sides name theirs first. */
export const PROTOCOL = 1;

/** What a frame asks for, or how it answers. */
export const FrameKind = {
  /** An answer. */
  done: 0,
  /** Makes communities; the text says which. */
  open: 1,
  /** Begins episodes. */
  reset: 2,
  /** Carries out a slot; the data are actions. */
  step: 3,
  /** Asks for a picture of the latest slot. */
  render: 4,
  /** Lets a policy begin on an environment. */
  begin: 5,
  /** Asks a policy for actions; the data are observations. */
  act: 6,
  /** Something is wrong; the text says what, in a line. */
  failed: 255,
} as const;

/** A frame. */
export interface Frame {
  /** One of {@linkcode FrameKind}. */
  readonly kind: number;
  /** JSON, or a line. */
  readonly text: string;
  /** Numbers. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Bytes of a header. */
export const HEADER_BYTES = 16;

/** Largest text and largest data that a frame may have. [bytes] */
const MOST_BYTES = 2 ** 30;

const ALIGNMENT = 8;

/** How much follows a header. */
export interface FrameHead {
  /** One of {@linkcode FrameKind}. */
  readonly kind: number;
  /** Bytes of text, without what fills them up. */
  readonly textBytes: number;
  /** Bytes of data. */
  readonly dataBytes: number;
  /** Bytes that follow the header. */
  readonly bodyBytes: number;
}

/**
 * Reads a header.
 *
 * @throws {RangeError} If it is none: somebody printed into the pipe.
 */
export function readHead(header: Uint8Array<ArrayBuffer>): FrameHead {
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const [kind, textBytes, dataBytes, zero] = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  if (kind > 255 || zero !== 0 || textBytes > MOST_BYTES || dataBytes > MOST_BYTES) {
    throw new RangeError(
      "what came through the pipe is no frame; nothing else may be printed there",
    );
  }
  return { kind, textBytes, dataBytes, bodyBytes: filledUp(textBytes) + dataBytes };
}

/** A frame of a header and what followed it; its data are a part of `body`. */
export function frameOf(head: FrameHead, body: Uint8Array<ArrayBuffer>): Frame {
  return {
    kind: head.kind,
    text: head.textBytes === 0 ? "" : new TextDecoder().decode(body.subarray(0, head.textBytes)),
    data: body.subarray(filledUp(head.textBytes)),
  };
}

/**
 * A frame as bytes.
 *
 * @param arrays Numbers, laid one behind the other.
 *
 * @example
 * ```ts
 * import { encodeFrame, FrameKind, frameOf, HEADER_BYTES, readHead } from "./frames.ts";
 * const bytes = encodeFrame(FrameKind.step, "", [Float64Array.of(0.5)]);
 * const { kind, data } = frameOf(readHead(bytes), bytes.slice(HEADER_BYTES));
 * if (kind !== FrameKind.step || new Float64Array(data.buffer)[0] !== 0.5) throw new Error("lost");
 * ```
 */
export function encodeFrame(
  kind: number,
  text: string = "",
  arrays: readonly ArrayBufferView[] = [],
): Uint8Array<ArrayBuffer> {
  const words = text === "" ? new Uint8Array() : new TextEncoder().encode(text);
  const dataBytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const from = HEADER_BYTES + filledUp(words.length);
  const bytes = new Uint8Array(from + dataBytes);
  const view = new DataView(bytes.buffer);
  [kind, words.length, dataBytes].forEach((value, k) => view.setUint32(4 * k, value, true));
  bytes.set(words, HEADER_BYTES);
  let at = from;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

function filledUp(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
