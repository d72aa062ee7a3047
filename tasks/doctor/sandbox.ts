/**
 * Permissions: whether a task can be started with few of them, and what it is not allowed is refused.
 *
 * @module
 */

import { allowed, attack } from "../permissions/attack.ts";
import { flagsOf } from "../permissions/direct.ts";
import type { Check } from "./finding.ts";

/** Puts a probe into the sandbox of `train`. */
export function sandboxCheck(): Check {
  return {
    what: "permissions",
    required: true,
    remedy: 'see "deno task permissions"; DENO_* variables that allow more must not be set',
    async look() {
      const outcome = await attack(flagsOf("train")!);
      const can = allowed(outcome);
      if (can.length > 0) throw new Error(`in the place of train, a probe can ${can.join(", ")}`);
      return `a probe in the place of train was refused all of ${
        Object.keys(outcome).length
      } attempts`;
    },
  };
}
