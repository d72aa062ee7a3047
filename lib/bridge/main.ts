/**
 * The engine as a process: frames on standard input, answers on standard output, and nothing else
 * there. It ends when its standard input does, so that it never outlives who started it.
 *
 * @module
 */

import { type Frame, frameOf, HEADER_BYTES, readHead } from "../programs/frames.ts";
import { BridgeEngine } from "./engine.ts";

const header = new Uint8Array(HEADER_BYTES);
let body = new Uint8Array(2 ** 16);

// What a module prints must not come between frames.
console.log = console.info = console.error;

const engine = new BridgeEngine();
for (let frame = nextFrame(); frame !== null; frame = nextFrame()) {
  writeAll(await engine.answer(frame));
}

/** The next frame, whose data are overwritten by the one after; `null` at the end. */
function nextFrame(): Frame | null {
  if (!readFull(header)) return null;
  const head = readHead(header);
  if (head.bodyBytes > body.length) body = new Uint8Array(2 * head.bodyBytes);
  const bytes = body.subarray(0, head.bodyBytes);
  return readFull(bytes) ? frameOf(head, bytes) : null;
}

/** Fills `bytes`; false where the input ends before. */
function readFull(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const read = Deno.stdin.readSync(bytes.subarray(at));
    if (read === null) return false;
    at += read;
  }
  return true;
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
