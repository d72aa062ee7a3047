/**
 * Puts the files of a case into a folder, and strangers in the place of one of them.
 *
 *     ROOT/case/      the files
 *     ROOT/out/       where tasks may write
 *     ROOT/outside/   what nobody may touch: `secret.csv` and valid copies to link to
 *
 * @module
 */

import type { Case, Files } from "./case.ts";
import { sha256Hex } from "../../../lib/sha256.ts";

/** Makes the folders. */
export async function prepareRoot(root: string, files: Files, target: string): Promise<void> {
  await Deno.mkdir(`${root}/outside`, { recursive: true });
  await Deno.writeTextFile(`${root}/outside/secret.csv`, "nobody,may,touch\n1,2,3\n");
  await Deno.writeFile(`${root}/outside/${target}`, files.get(target)!);
}

/** Writes a case, in the place of the one before. */
export async function placeCase(
  root: string,
  { files, stranger }: Case,
  target: string,
): Promise<string> {
  const folder = `${root}/case`;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder);
  for (const [name, bytes] of files) {
    if (stranger === null || name !== target) await Deno.writeFile(`${folder}/${name}`, bytes);
  }
  if (stranger !== null) await placeStranger(root, `${folder}/${target}`, target, stranger);
  return folder;
}

async function placeStranger(
  root: string,
  path: string,
  target: string,
  stranger: NonNullable<Case["stranger"]>,
): Promise<void> {
  switch (stranger) {
    case "folder":
      return await Deno.mkdir(path);
    case "link to itself":
      return await Deno.symlink(path, path);
    case "link to nothing":
      return await Deno.symlink(`${root}/nothing`, path);
    case "link to outside":
      return await Deno.symlink(`${root}/outside/${target}`, path);
    case "link to /dev/zero":
      return await Deno.symlink("/dev/zero", path);
    case "link to /dev/null":
      return await Deno.symlink("/dev/null", path);
    case "pipe":
      await new Deno.Command("mkfifo", { args: [path] }).output();
  }
}

/** Everything below `ROOT/outside`, with contents, to compare. */
export async function outsideOf(root: string): Promise<string> {
  const seen: string[] = [];
  for await (const { name } of Deno.readDir(`${root}/outside`)) {
    const bytes = await Deno.readFile(`${root}/outside/${name}`);
    seen.push(`${name} ${await sha256Hex(bytes)}`);
  }
  for await (const { name } of Deno.readDir(root)) seen.push(name);
  return seen.filter((name) => name !== "out" && name !== "case").sort().join("\n");
}
