/**
 * A Worker of a {@link ./city.ts}: answers every community with its sums.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { type PartOfCity, playCommunity } from "./city_community.ts";

self.onmessage = async ({ data }: MessageEvent<PartOfCity>) => {
  self.postMessage(await playCommunity(data));
};
