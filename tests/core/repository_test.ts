import { stalePages } from "../../docs/pages.ts";
import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };

const root = new URL("../..", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));

/** Folders that hold what is installed or made, and the repository's own records. */
const GENERATED =
  /^(?:(?:.*\/)?(?:__pycache__|\.mypy_cache)|\.git|node_modules|runs|reports|coverage|\.venv|(?:bench\/peers|python)\/\.venv|python\/p2p_energy_lab\/engine\.js|data\/(?!README|sample).*)$/;

async function* files(folder: string = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(new URL(`./${folder}`, root))) {
    const path = `${folder}${name}`;
    if (GENERATED.test(path)) continue;
    if (isDirectory) yield* files(`${path}/`);
    else if (isFile) yield path;
  }
}

Deno.test("repository: what pages have from code and results is as generated", () => {
  assertEquals(stalePages(), []);
});

Deno.test("repository: deno task lists at most 16 tasks, on one screen, in the order of their use", () => {
  const names = Object.keys(denoJson.tasks);
  const asked = [
    "realtime",
    "train",
    "evaluate",
    "benchmark",
    "report",
    "plot",
    "reproduce",
    "test",
  ];
  assertEquals(names.filter((name) => asked.includes(name)), asked);
  assertEquals(names.length <= 16, true, `${names.length} tasks`);
  const lines = Object.values(denoJson.tasks).flatMap((
    { description, command },
  ) => ["- name", `    // ${description}`, `    ${command}`]);
  const rows = lines.map((line) => Math.ceil(line.length / 80));
  assertEquals(rows.reduce((sum, row) => sum + row, 1) <= 52, true, "52 rows of 80 columns");
});

Deno.test("repository: every file that the README links to exists", async () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path);
  assertGreater(links.length, 3);
  for (const path of links) await Deno.stat(new URL(path, root));
});

Deno.test("repository: every library has its exact version", () => {
  for (const [name, specifier] of Object.entries(denoJson.imports)) {
    if (name !== "@std/assert") assertMatch(specifier, /@\d+\.\d+\.\d+$/, name);
  }
});

Deno.test("repository: no text names a machine's path or a registry's host", async () => {
  const foreign = /(?<![\w.])\/(?:home|root|Users|work)\/|registry\.npmjs|npm\.jsr\.io|artifactory/;
  const faults = [];
  let read = 0;
  for await (const path of files()) {
    if (/\.(png|svg|parquet)$/.test(path) || path === "tests/core/repository_test.ts") continue;
    const found = foreign.exec(await Deno.readTextFile(new URL(path, root)));
    if (found !== null) faults.push(`${path}: ${found[0]}`);
    read++;
  }
  assertGreater(read, 50);
  assertEquals(faults, []);
});
