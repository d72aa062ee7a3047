/**
 * `deno task --cwd tests/harness files`: mutates every kind of file that the program reads, and looks
 * how it takes that.
 *
 * @module
 */

import { table } from "../../lib/cli/table.ts";
import { main } from "../../lib/cli/task.ts";
import { campaign, type Tally } from "./files/campaign.ts";
import { kinds } from "./files/kinds.ts";

const NAMES = Object.keys(kinds);

await main({
  name: "files",
  summary:
    "Mutates every kind of file that is read: each must be accepted, or refused in one line.",
  options: {
    cases: { type: "integer", default: 1300, min: 1, help: "mutated files in total" },
    first: { type: "integer", default: 0, min: 0, help: "number of the first case" },
    commands: { type: "integer", default: 0, min: 0, help: "more of each kind, through the tasks" },
    seed: { type: "integer", default: 1, help: "decides every mutation" },
    kind: { type: "string", placeholder: "NAME", help: `${NAMES.join(", ")} (default: all)` },
    out: {
      type: "string",
      default: "runs/fuzz-files",
      placeholder: "DIR",
      help: "where the files of what breaks are kept",
    },
  },
  async run({ cases, first, commands, seed, kind, out }) {
    if (kind !== undefined && !NAMES.includes(kind)) {
      throw new Error(`--kind must be one of ${NAMES.join(", ")}, got "${kind}"`);
    }
    const names = kind === undefined ? NAMES : [kind];
    const root = await Deno.makeTempDir({ prefix: "fuzz-files-" });
    const tallies: Tally[] = [];
    try {
      for (const kind of names) {
        const each = { seed, first, cases: Math.ceil(cases / names.length), commands };
        tallies.push(...await campaign({ ...each, kinds: [kind], root, keep: out }));
        console.error(`${kind}: ${tallies.at(-1)!.broken.length} broken`);
      }
    } finally {
      await Deno.remove(root, { recursive: true });
    }
    console.log(table(
      ["file", "accepted", "refused", "broken"],
      tallies.map((
        { kind, accepted, refused, broken },
      ) => [kind, accepted, refused, broken.length]),
    ));
    const broken = tallies.flatMap((tally) => tally.broken);
    for (const each of broken) console.log(`\n${each}`);
    if (broken.length > 0) throw new Error(`${broken.length} files broke something`);
  },
});
