/**
 * The Worker that attacks, see {@link ./watch.ts}.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { attack } from "./attack.ts";
import { ownSubjects, type Subjects } from "./checks.ts";
import type { News, Order } from "./watch.ts";

/** How often it says how far it is. [ms] */
const NEWS_MS = 250;

/** Attacks `subjects` when the first message comes. */
export function serveAttack(subjects: Subjects): void {
  self.onmessage = async ({ data: { trial, ...options } }: MessageEvent<Order>) => {
    let told = -Infinity;
    const tell = (news: News) => self.postMessage(news);
    const report = await attack({
      ...options,
      subjects,
      onTrial(number, report) {
        trial[0] = number;
        if (performance.now() - told < NEWS_MS) return;
        told = performance.now();
        tell({ report, done: false });
      },
    });
    tell({ report, done: true });
  };
}

if (import.meta.url === String(globalThis.location ?? "")) serveAttack(ownSubjects);
