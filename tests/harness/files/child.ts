/**
 * Runs cases of one kind in this process and prints a line before and after each, so that the parent
 * knows which one was the last if this process dies: `child.ts KIND SEED FIRST END ROOT`.
 *
 * @module
 */

import { makeCase } from "./case.ts";
import { type FileKind, kinds } from "./kinds.ts";
import { outsideOf, placeCase, prepareRoot } from "./place.ts";
import { broken, type Verdict, verdictOfError } from "./verdict.ts";

if (import.meta.main) {
  const [name, seed, first, end, root] = Deno.args;
  const kind = kinds[name];
  const files = await kind.files();
  await prepareRoot(root, files, kind.target);
  const before = await outsideOf(root);
  for (let number = Number(first); number < Number(end); number++) {
    const which = { kind: name, seed: Number(seed), number };
    const seal = kind.seal ?? ((bytes) => Promise.resolve(bytes));
    const made = await makeCase(which, files, kind.target, kind.syntax, seal);
    const folder = await placeCase(root, made, kind.target);
    console.log(JSON.stringify({ number, mutation: made.mutation }));
    const verdict = await read(kind, folder, [...files.keys()]);
    const touched = await outsideOf(root) !== before;
    const told = touched ? broken("wrote outside of its folder") : verdict;
    console.log(JSON.stringify({ number, mutation: made.mutation, ...told }));
  }
}

async function read(kind: FileKind, folder: string, files: string[]): Promise<Verdict> {
  try {
    await kind.read(folder);
    return { outcome: "accepted", message: "" };
  } catch (error) {
    const names = [...files, folder, ...kind.alsoNames ?? []];
    return verdictOfError(error, names);
  }
}
