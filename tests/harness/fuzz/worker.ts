/**
 * The Worker in which the fuzzer attacks, see {@link ./watch.ts}.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { ownSubjects, type Subjects } from "./checks.ts";
import { fuzz } from "./fuzz.ts";
import type { FuzzNews, FuzzOrder } from "./watch.ts";

/** How often it says how far it is. [ms] */
const NEWS_MS = 250;

/** Attacks `subjects` when the first message comes. */
export function serveFuzz(subjects: Subjects): void {
  self.onmessage = ({ data: { trial, ...options } }: MessageEvent<FuzzOrder>) => {
    let told = performance.now();
    const tell = (news: FuzzNews) => self.postMessage(news);
    const report = fuzz({
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

if (import.meta.url === String(globalThis.location ?? "")) serveFuzz(ownSubjects);
