/**
 * Reads cases of one kind in this process and prints a line before and after each, so that the parent
 * knows which one was the last if this process dies: `readers.ts KIND SEED FIRST END ROOT`.
 *
 * @module
 */

import { outsideOf, placeCase, prepareRoot } from "./case.ts";
import { kinds } from "./kinds.ts";
import { broken, type Verdict, verdictOfError } from "./verdict.ts";

if (import.meta.main) {
  const [kind, seed, first, end, root] = Deno.args;
  const { read, alsoNames = [] } = kinds[kind];
  const files = await prepareRoot(kind, root);
  const before = await outsideOf(root);
  for (let number = Number(first); number < Number(end); number++) {
    const mutation = await placeCase({ kind, seed: Number(seed), number }, files, root);
    console.log(JSON.stringify({ number, mutation }));
    const names = [...files.keys(), `${root}/case`, ...alsoNames];
    const verdict: Verdict = await read(`${root}/case`).then(
      () => ({ outcome: "accepted", message: "" }),
      (error) => verdictOfError(error, names),
    );
    const touched = await outsideOf(root) !== before;
    const told = touched ? broken("wrote outside of its folder") : verdict;
    console.log(JSON.stringify({ number, mutation, ...told }));
  }
}
