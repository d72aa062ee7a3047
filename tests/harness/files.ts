/**
 * `deno task --cwd tests/harness files`: mutates every kind of file that the program reads, and looks how it takes
 * that.
 *
 * @module
 */

import { closest } from "fastest-levenshtein";
import { main } from "../../lib/cli/task.ts";
import { campaign, type Tally } from "./files/campaign.ts";
import { kinds } from "./files/kinds.ts";
import { table } from "../../lib/cli/table.ts";

await main({
  name: "fuzz:files",
  summary:
    "Mutates every kind of file that is read: each must be accepted, or refused in one line.",
  options: {
    cases: { type: "integer", default: 1300, min: 1, help: "mutated files in total" },
    first: { type: "integer", default: 0, min: 0, help: "number of the first case" },
    commands: {
      type: "integer",
      default: 0,
      min: 0,
      help: "more of them, of each kind, through the command line",
    },
    seed: { type: "integer", default: 1, help: "decides every mutation" },
    kind: {
      type: "string",
      placeholder: "NAME",
      help: `one of ${Object.keys(kinds).join(", ")} (default: all)`,
    },
    out: {
      type: "string",
      default: "runs/fuzz-files",
      placeholder: "DIR",
      help: "where the files of what breaks are kept",
    },
  },
  async run({ cases, first, commands, seed, kind, out }) {
    const names = kind === undefined ? Object.keys(kinds) : [kindOf(kind)];
    const each = Math.ceil(cases / names.length);
    const root = await Deno.makeTempDir({ prefix: "fuzz-files-" });
    const tallies: Tally[] = [];
    try {
      for (const name of names) {
        const place = { root: `${root}/${name}`, keep: out };
        const plan = { kind: name, seed, first, cases: each, commands, ...place };
        const tally = await campaign(plan);
        tallies.push(tally);
        const { accepted, refused, broken, seconds } = tally;
        console.error(
          `${name}: ${accepted + refused} fine, ${broken.length} broken, ${seconds.toFixed(0)} s`,
        );
      }
    } finally {
      await Deno.remove(root, { recursive: true });
    }
    console.log(report(tallies));
    const broken = tallies.flatMap((tally) => tally.broken);
    for (const { mutation, message, folder } of broken) {
      console.log(`\n${folder} (${mutation})\n  ${message}`);
    }
    if (broken.length > 0) {
      throw new Error(`${broken.length} files broke something; they are kept in ${out}/`);
    }
  },
});

function report(tallies: readonly Tally[]): string {
  const mebibytes = (bytes: number) => bytes === 0 ? "-" : Math.round(bytes / 2 ** 20);
  const rows = tallies.map((tally) => [
    tally.kind,
    tally.accepted,
    tally.refused,
    tally.broken.length,
    tally.commands,
    Math.round(tally.longestMs),
    mebibytes(tally.readerBytes),
    mebibytes(tally.commandBytes),
  ]);
  const sum = (count: (tally: Tally) => number) =>
    tallies.reduce((total, tally) => total + count(tally), 0);
  const header = [
    "file",
    "accepted",
    "refused",
    "broken",
    "by command",
    "longest ms",
    "reader MiB",
    "command MiB",
  ];
  const total = [
    "all",
    sum((tally) => tally.accepted),
    sum((tally) => tally.refused),
    sum((tally) => tally.broken.length),
    sum((tally) => tally.commands),
    Math.round(Math.max(...tallies.map((tally) => tally.longestMs))),
    mebibytes(Math.max(...tallies.map((tally) => tally.readerBytes))),
    mebibytes(Math.max(...tallies.map((tally) => tally.commandBytes))),
  ];
  return table(header, [...rows, total]);
}

function kindOf(name: string): string {
  if (Object.hasOwn(kinds, name)) return name;
  const names = Object.keys(kinds);
  throw new Error(
    `--kind must be one of ${names.join(", ")}, got "${name}"; did you mean ${
      closest(name, names)
    }?`,
  );
}
