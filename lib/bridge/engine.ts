/**
 * The engine behind the Python package: a frame comes in, a frame goes out.
 *
 * @module
 */

import { z } from "zod";
import { parseBounded, parseJson } from "../data/json.ts";
import { described } from "../experiments/described.ts";
import { encodeFrame, type Frame, FrameKind } from "../programs/frames.ts";
import { shown } from "../text/shown.ts";
import { Episodes } from "./episodes.ts";
import { readOpening } from "./open.ts";
import { StepAnswer } from "./step_answer.ts";
import { picture } from "./picture.ts";

const resetSchema = z.strictObject({
  seed: z.int().nullable(),
  firstSlots: z.array(z.int()).max(65_536).nullable(),
});

/** Answers frames, one after the other. */
export class BridgeEngine {
  #episodes: Episodes | null = null;
  #answer: StepAnswer | null = null;
  #actions = new Float64Array();

  /** The answer to a frame; whatever is wrong with it is an answer too. */
  async answer(frame: Frame): Promise<Uint8Array<ArrayBuffer>> {
    try {
      if (frame.kind === FrameKind.step) return this.#step(frame.data);
      if (frame.kind === FrameKind.open) return await this.#open(frame.text);
      if (frame.kind === FrameKind.reset) return this.#reset(frame.text);
      if (frame.kind === FrameKind.render) {
        const { env, played } = this.#opened();
        return encodeFrame(FrameKind.done, played ? picture(env) : "no slot is played yet");
      }
      throw new RangeError(`there is no frame of kind ${frame.kind}`);
    } catch (error) {
      return encodeFrame(FrameKind.failed, shown((error as Error).message, 2000));
    }
  }

  async #open(text: string): Promise<Uint8Array<ArrayBuffer>> {
    const episodes = new Episodes(await readOpening(parseBounded(text, "options")));
    const { env, opening } = episodes;
    this.#episodes = episodes;
    this.#answer = new StepAnswer(episodes);
    this.#actions = env.decision.numbers.slice();
    const config = opening.experiment;
    return encodeFrame(FrameKind.done, described(env, { ...opening, config }));
  }

  #reset(text: string): Uint8Array<ArrayBuffer> {
    const { seed, firstSlots } = parseJson(text, resetSchema, "reset");
    this.#opened().begin(seed, firstSlots);
    return encodeFrame(FrameKind.done, "", this.#answer!.observations());
  }

  #step(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const episodes = this.#opened();
    if (data.byteLength !== this.#actions.byteLength) {
      throw new RangeError(
        `actions must be ${this.#actions.length} numbers of 8 bytes, got ${data.byteLength} bytes`,
      );
    }
    new Uint8Array(this.#actions.buffer).set(data);
    return this.#answer!.of(episodes.step(this.#actions));
  }

  #opened(): Episodes {
    if (this.#episodes === null) throw new RangeError("nothing is open yet");
    return this.#episodes;
  }
}
