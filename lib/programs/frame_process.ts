/**
 * A program that answers frames ({@link ./frames.ts}): one at a time, in order.
 *
 * @module
 */

import { encodeFrame, type Frame, FrameKind, frameOf, HEADER_BYTES, readHead } from "./frames.ts";

/** A running program; it ends when this one does, at the latest. */
export class FrameProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  #kept: Uint8Array<ArrayBuffer> = new Uint8Array();
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Starts it; what it complains about is shown as it comes.
   *
   * @throws {Error} If it is not there, or may not be started.
   */
  constructor(program: string, args: readonly string[]) {
    this.#child = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    // Nobody waits for it: with this process its input ends, and then it ends.
    this.#child.unref();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.getReader();
  }

  /** What it says first, by itself. */
  greeting(): Promise<Frame> {
    return this.#next(() => this.#read());
  }

  /**
   * Sends a frame and waits for its answer.
   *
   * @throws {Error} If it answers that something is wrong, or has ended.
   */
  ask(
    kind: number,
    text: string = "",
    arrays: readonly ArrayBufferView[] = [],
  ): Promise<Frame> {
    return this.#next(async () => {
      // A pipe that is closed shows as the end of its answers.
      await this.#writer.write(encodeFrame(kind, text, arrays)).catch(() => {});
      return await this.#read();
    });
  }

  #next(work: () => Promise<Frame>): Promise<Frame> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #read(): Promise<Frame> {
    const head = readHead(await this.#bytes(HEADER_BYTES));
    const frame = frameOf(head, await this.#bytes(head.bodyBytes));
    if (frame.kind === FrameKind.failed) throw new Error(frame.text);
    return frame;
  }

  /** The next bytes, in memory of their own. */
  async #bytes(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count;) {
      if (this.#kept.length === 0) {
        const { value } = await this.#reader.read();
        if (value === undefined) throw await this.#ended();
        this.#kept = value;
        continue;
      }
      const part = this.#kept.subarray(0, count - at);
      bytes.set(part, at);
      at += part.length;
      this.#kept = this.#kept.subarray(part.length);
    }
    return bytes;
  }

  async #ended(): Promise<Error> {
    const { code, signal } = await this.#child.status;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    return new Error(`the process has ended ${how}`);
  }
}
