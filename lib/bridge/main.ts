/**
 * The engine as a process: frames on standard input, answers on standard output, and nothing else
 * there. It ends when its standard input does, so that it never outlives who started it.
 *
 * @module
 */

import { type Frame, frameOf, HEADER_BYTES, readHead } from "../programs/frames.ts";
import { BridgeEngine } from "./engine.ts";

/** What has come in, of which {@linkcode nextFrame} takes one frame after the other. */
let input = new Uint8Array(2 ** 16);
let held = 0, taken = 0;

// What a module prints must not come between frames.
console.log = console.info = console.error;

const engine = new BridgeEngine();
for (let frame = nextFrame(); frame !== null; frame = nextFrame()) {
  writeAll(await engine.answer(frame));
}

/** The next frame, whose data are overwritten by the one after; `null` at the end. */
function nextFrame(): Frame | null {
  input.copyWithin(0, taken, held);
  held -= taken;
  taken = 0;
  if (!holds(HEADER_BYTES)) return null;
  const head = readHead(input);
  taken = HEADER_BYTES + head.bodyBytes;
  return holds(taken) ? frameOf(head, input.subarray(HEADER_BYTES, taken)) : null;
}

/** Reads until so many bytes are there, and what else has come; false where the input ends before. */
function holds(bytes: number): boolean {
  if (bytes > input.length) {
    const larger = new Uint8Array(2 * bytes);
    larger.set(input.subarray(0, held));
    input = larger;
  }
  while (held < bytes) {
    const read = Deno.stdin.readSync(input.subarray(held));
    if (read === null) return false;
    held += read;
  }
  return true;
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
