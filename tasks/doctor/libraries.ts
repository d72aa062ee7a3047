/**
 * Libraries with native code or WebAssembly: whether they load and work in the sandbox of a task.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { sandboxFlags } from "../permissions/sandbox.ts";
import type { Check } from "./finding.ts";

const LOAD = fileURLToPath(import.meta.resolve("./load.ts"));
const AGAIN = 'fetch the packages again: remove node_modules/ and call "deno install --frozen"';

/** The libraries. */
export function libraryChecks(): Check[] {
  return [
    {
      what: "Polars (data sets, results)",
      required: true,
      remedy: `${AGAIN}; on a processor without AVX2 take the embedded community alone`,
      look: () => load("tables"),
    },
    {
      what: "HiGHS (optimum, planners)",
      required: true,
      remedy: AGAIN,
      look: () => load("solver"),
    },
    {
      what: "resvg and fonts (PNG charts)",
      required: true,
      remedy: AGAIN,
      look: () => load("charts"),
    },
  ];
}

async function load(work: string): Promise<string> {
  const { success, stdout, stderr, signal } = await new Deno.Command(Deno.execPath(), {
    // A task that uses all of them.
    args: ["run", ...sandboxFlags("pareto", []), LOAD, work],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (success) return text(stdout);
  if (signal !== null) throw new Error(`it does not run on this processor (${signal})`);
  throw new Error(text(stderr).split("\n")[0] || "it does not load");
}
