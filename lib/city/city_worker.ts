/**
 * A Worker of a city, see {@link ./city_threads.ts}.
 *
 * @module
 */

import { serve } from "../ppo/wasm/signals.ts";
import { type CityHelperSetup, createAdvance } from "./advance.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<CityHelperSetup>) => void;
  /** `null` when it is ready, or what is wrong. */
  postMessage(answer: string | null): void;
};

scope.onmessage = ({ data }) => {
  const { signals } = data.memory;
  let advance: (slot: number) => void;
  try {
    advance = createAdvance(data, data.helper + 1);
  } catch (error) {
    scope.postMessage((error as Error).message);
    return;
  }
  scope.postMessage(null);
  serve(signals, data.helper, (_command, slot) => {
    Atomics.add(signals.heartbeat, data.helper, 1);
    advance(slot);
  });
};
