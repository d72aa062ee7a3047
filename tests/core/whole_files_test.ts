import { assertEquals, assertGreater, assertMatch, assertRejects } from "@std/assert";
import { readDataset, writeDataset } from "../../lib/data/dataset.ts";
import {
  removeLeftovers,
  settleFiles,
  writeTogether,
  writeWhole,
} from "../../lib/disk/whole_files.ts";
import { inFolder, names, simple } from "../helpers/two_homes.ts";

const read = (folder: string, name: string) => Deno.readTextFile(`${folder}/${name}`);

Deno.test("whole files: a set replaces the one before, and what no longer belongs to it goes", () =>
  inFolder(async (folder) => {
    await writeTogether(folder, { a: "1", b: "2", c: "3" });
    await writeTogether(folder, { a: ["4", "5"], b: new Uint8Array([54]) }, ["c", "d"]);
    assertEquals(await names(folder), ["a", "b"]);
    assertEquals([await read(folder, "a"), await read(folder, "b")], ["45", "6"]);
  }));

Deno.test("whole files: when one of a set cannot be written, all is as it was and nothing is left", () =>
  inFolder(async (folder) => {
    await writeTogether(folder, { a: "1", b: "2" });
    await Deno.mkdir(`${folder}/c/full`, { recursive: true });
    const error = await assertRejects(() => writeTogether(folder, { a: "3", c: "4" }), Error);
    assertMatch(error.message, /^cannot write .*\/c: it is a folder; [^\n]+$/);
    function* broken() {
      yield "half";
      throw new Error("no more");
    }
    await assertRejects(() => writeTogether(folder, { a: "3", b: broken() }), Error, "no more");
    assertEquals(await names(folder), ["a", "b", "c"]);
    assertEquals([await read(folder, "a"), await read(folder, "b")], ["1", "2"]);
  }));

/** A folder whose run was killed after it had moved the first of two files. */
async function killedBetweenMoves(folder: string, files: [string, string, string]) {
  const [, second, gone] = files;
  await Deno.mkdir(`${folder}/.replacement-7-1`);
  await Deno.writeTextFile(`${folder}/.replacement-7-1/1+${second}`, "new");
  await Deno.writeTextFile(`${folder}/.replacement-7-1/2-${gone}`, "");
}

Deno.test("whole files: who finds a run that was killed between two moves finishes it", () =>
  inFolder(async (folder) => {
    for (const name of ["a", "b", "c"]) await Deno.writeTextFile(`${folder}/${name}`, "old");
    await Deno.writeTextFile(`${folder}/a`, "new");
    await killedBetweenMoves(folder, ["a", "b", "c"]);
    await settleFiles(folder);
    assertEquals(await names(folder), ["a", "b"]);
    assertEquals([await read(folder, "a"), await read(folder, "b")], ["new", "new"]);
  }));

Deno.test("whole files: what was not whole yet is never put in place, and is removed", () =>
  inFolder(async (folder) => {
    await writeWhole(`${folder}/a`, "old");
    await Deno.writeTextFile(`${folder}/a.7-1.partial`, "half");
    await Deno.mkdir(`${folder}/.replacement-7-2.partial`);
    await Deno.writeTextFile(`${folder}/.replacement-7-2.partial/0+a`, "half");
    await settleFiles(folder);
    assertEquals(await read(folder, "a"), "old");
    await removeLeftovers(folder);
    assertEquals(await names(folder), ["a"]);
  }));

Deno.test("whole files: a data set that was killed while it was replaced is read as the new one", () =>
  inFolder(async (folder) => {
    const [old, made] = [simple(), simple()];
    made.profiles.loadKw[0] = 3;
    await writeDataset(made, `${folder}/made`);
    await writeDataset(old, `${folder}/set`);
    const partial = `${folder}/set/.replacement-7-1.partial`;
    await Deno.mkdir(partial);
    for (const [k, name] of ["profiles.csv", "community.json"].entries()) {
      await Deno.rename(`${folder}/made/${name}`, `${partial}/${k}+${name}`);
    }
    assertEquals((await readDataset(`${folder}/set`)).profiles.loadKw[0], 0.25);
    await Deno.rename(partial, partial.replace(".partial", ""));
    assertEquals((await readDataset(`${folder}/set`)).profiles.loadKw[0], 3);
    assertEquals(await names(`${folder}/set`), ["community.json", "profiles.csv"]);
  }));

Deno.test("whole files: who reads a data set while it is replaced gets one of the two, or is told", () =>
  inFolder(async (folder) => {
    const versions = [0.25, 3].map((loadKw) => {
      const made = simple();
      made.profiles.loadKw[0] = loadKw;
      return { ...made, community: { ...made.community, name: `load ${loadKw}` } };
    });
    await writeDataset(versions[0], folder);
    let writing = true;
    const writer = (async () => {
      for (let k = 1; k <= 40; k++) await writeDataset(versions[k % 2], folder);
      writing = false;
    })();
    let whole = 0;
    while (writing) {
      try {
        const { community, profiles } = await readDataset(folder);
        assertEquals(community.name, `load ${profiles.loadKw[0]}`);
        whole++;
      } catch (error) {
        assertMatch((error as Error).message, /was replaced while it was read; run this again$/);
      }
    }
    await writer;
    assertGreater(whole, 0);
  }));
