/**
 * Plays slots in a Worker: told a size it answers the agent-steps of a run, told to play it answers 0.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { type SlotPlayer, slotPlayer } from "./environment.ts";

let player: SlotPlayer;

self.onmessage = ({ data }) => {
  if (data === "play") {
    player.play();
    self.postMessage(0);
    return;
  }
  player = slotPlayer(data.prosumers, data.communities);
  self.postMessage(player.agentSteps);
};
