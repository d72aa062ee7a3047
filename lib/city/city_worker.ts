/**
 * A Worker of a city, see {@link ./city_threads.ts}.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { serve } from "../ppo/wasm/signals.ts";
import { type CityHelperSetup, createAdvance } from "./advance.ts";

self.onmessage = ({ data }: MessageEvent<CityHelperSetup>) => {
  const { signals } = data.memory;
  let advance: (slot: number) => void;
  try {
    advance = createAdvance(data, data.helper + 1);
  } catch (error) {
    self.postMessage((error as Error).message);
    return;
  }
  self.postMessage(null);
  serve(signals, data.helper, (_command, slot) => {
    Atomics.add(signals.heartbeat, data.helper, 1);
    advance(slot);
  });
};
