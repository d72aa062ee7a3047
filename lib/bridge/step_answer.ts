/**
 * The answer to a step, laid out once and filled anew by every one, so that no memory is made in a
 * slot: whether the episodes have ended, rewards, the books that were asked for, what is seen next.
 *
 * @module
 */

import { encodeFrame, FrameKind, HEADER_BYTES } from "../programs/frames.ts";
import type { Episodes, PlayedSlot } from "./episodes.ts";

/** What is sent after every step of some episodes. */
export class StepAnswer {
  readonly #episodes: Episodes;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #flags: Float64Array;
  readonly #reward: Float64Array;
  readonly #books: readonly Float64Array[];
  readonly #seen: readonly (Float32Array | Float64Array)[];

  /** Lays it out. */
  constructor(episodes: Episodes) {
    const { env, opening } = episodes;
    const { common, own } = env.observation;
    const bookSizes = opening.info.map((name) => env.world.ledger[name].length);
    const numberBytes = opening.dtype === "float64" ? 8 : 4;
    const numbers = [1, env.rows, ...bookSizes].reduce((sum, size) => sum + size, 0);
    const bytes = 8 * numbers + numberBytes * (common.length + own.length);
    this.#episodes = episodes;
    this.#bytes = encodeFrame(FrameKind.done, "", [new Uint8Array(bytes)]);
    const { buffer } = this.#bytes;
    let at = HEADER_BYTES;
    const place = (length: number) => {
      const view = new Float64Array(buffer, at, length);
      at += view.byteLength;
      return view;
    };
    this.#flags = place(1);
    this.#reward = place(env.rows);
    this.#books = bookSizes.map(place);
    this.#seen = [common.length, own.length].map((length) => {
      const Numbers = opening.dtype === "float64" ? Float64Array : Float32Array;
      const view = new Numbers(buffer, at, length);
      at += view.byteLength;
      return view;
    });
  }

  /** What is seen now, in the type in which it is sent. */
  observations(): readonly ArrayBufferView[] {
    const { common, own } = this.#episodes.env.observation;
    this.#seen[0].set(common);
    this.#seen[1].set(own);
    return this.#seen;
  }

  /** The whole frame, which the next step overwrites. */
  of({ reward, terminated, audit }: PlayedSlot): Uint8Array<ArrayBuffer> {
    const { env: { world: { ledger } }, opening } = this.#episodes;
    this.#flags[0] = terminated ? 1 : 0;
    this.#reward.set(reward);
    this.#books.forEach((column, k) => column.set(ledger[opening.info[k]]));
    this.observations();
    if (audit === null) return this.#bytes;
    const data = this.#bytes.subarray(HEADER_BYTES);
    return encodeFrame(FrameKind.done, JSON.stringify(audit), [data]);
  }
}
