/**
 * A case: a valid set of files of which one is mutated, or is no file at all. Which and how follow
 * from the seed and the number of the case.
 *
 *     ROOT/case/      the files
 *     ROOT/out/       where tasks may write
 *     ROOT/outside/   what nobody may touch: `secret.csv` and a valid copy to link to
 *
 * @module
 */

import { stream } from "../../../lib/random.ts";
import { sha256Hex } from "../../../lib/sha256.ts";
import type { Files } from "./examples.ts";
import { kinds } from "./kinds.ts";
import { drawMutation } from "./mutations.ts";

/** Which case. */
export interface CaseNumber {
  /** Name of the kind of file. */
  readonly kind: string;
  readonly seed: number;
  readonly number: number;
}

/** What stands where a file was expected. */
const strangers: Record<string, (path: string, root: string, target: string) => Promise<unknown>> =
  {
    "folder": (path) => Deno.mkdir(path),
    "link to itself": (path) => Deno.symlink(path, path),
    "link to nothing": (path, root) => Deno.symlink(`${root}/nothing`, path),
    "link to outside": (path, root, target) => Deno.symlink(`${root}/outside/${target}`, path),
    "link to /dev/zero": (path) => Deno.symlink("/dev/zero", path),
    "link to /dev/null": (path) => Deno.symlink("/dev/null", path),
    "pipe": (path) => new Deno.Command("mkfifo", { args: [path] }).output(),
  };

/** Makes the folders of a kind's cases and returns its valid files. */
export async function prepareRoot(kind: string, root: string): Promise<Files> {
  const files = await kinds[kind].files();
  const { target } = kinds[kind];
  await Deno.mkdir(`${root}/outside`, { recursive: true });
  await Deno.writeTextFile(`${root}/outside/secret.csv`, "nobody,may,touch\n1,2,3\n");
  await Deno.writeFile(`${root}/outside/${target}`, files.get(target)!);
  return files;
}

/** Puts a case into its folder; answers what was done to it. */
export async function placeCase(
  { kind, seed, number }: CaseNumber,
  files: Files,
  root: string,
): Promise<string> {
  const { target, syntax, seal } = kinds[kind];
  const random = stream(seed, "hostile files", kind, number);
  const folder = `${root}/case`;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder);
  for (const [name, bytes] of files) await Deno.writeFile(`${folder}/${name}`, bytes);
  const path = `${folder}/${target}`;
  if (random.below(25) === 0) {
    const names = Object.keys(strangers);
    const name = names[random.below(names.length)];
    await Deno.remove(path);
    await strangers[name](path, root, target);
    return name;
  }
  const { name, mutate } = drawMutation(syntax, random);
  const bytes = mutate(files.get(target)!, random);
  // Half of the cases repair what says that a file is whole, such as a checksum.
  await Deno.writeFile(path, random.below(2) === 0 || !seal ? bytes : await seal(bytes));
  return name;
}

/** Everything in `ROOT` that nobody may touch, with contents, to compare. */
export async function outsideOf(root: string): Promise<string> {
  const seen: string[] = [];
  for await (const { name } of Deno.readDir(`${root}/outside`)) {
    seen.push(`${name} ${await sha256Hex(await Deno.readFile(`${root}/outside/${name}`))}`);
  }
  for await (const { name } of Deno.readDir(root)) {
    if (name !== "out" && name !== "case") seen.push(name);
  }
  return seen.sort().join("\n");
}
