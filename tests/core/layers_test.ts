import { assertEquals, assertGreater } from "@std/assert";
import { importCircles, layerFaults } from "../helpers/layers.ts";

const root = new URL("../..", import.meta.url);

/** The modules of a folder by path, with their sources. */
async function modules(folder: string): Promise<[path: string, source: string][]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder, root)));
  const found = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    if (isDirectory) return await modules(`${folder}${name}/`);
    if (!name.endsWith(".ts")) return [];
    const path = `${folder}${name}`;
    return [[path, await Deno.readTextFile(new URL(path, root))] as [string, string]];
  }));
  return found.flat();
}

const folders = ["lib/", "bench/", "tasks/"];
const all = (await Promise.all(folders.map(modules))).flat();

for (const folder of folders) {
  Deno.test(`layers: ${folder} imports only downwards and keeps libraries in their places`, () => {
    const own = all.filter(([path]) => path.startsWith(folder));
    assertGreater(own.length, 5);
    assertEquals(own.flatMap(([path, source]) => layerFaults(path, source)), []);
  });
}

Deno.test("layers: no modules import each other in a circle", () => {
  assertEquals(importCircles(new Map(all)), []);
});

Deno.test("layers: a circle is found wherever one begins, and types make none", () => {
  const sources = new Map([
    ["lib/a.ts", 'import { b } from "./x/b.ts";'],
    ["lib/x/b.ts", 'export * from "./c.ts";\nimport type { A } from "../a.ts";'],
    ["lib/x/c.ts", 'const { d } = await import("./d.ts");'],
    ["lib/x/d.ts", 'import {\n  type B,\n  b,\n} from "./b.ts";'],
  ]);
  assertEquals(importCircles(sources), ["lib/x/b.ts → lib/x/c.ts → lib/x/d.ts → lib/x/b.ts"]);
});

const violations: readonly [string, string, string][] = [
  ["lib/stores/a.ts", 'import { b } from "../env/b.ts";', "imports lib/env/b.ts above it"],
  ["lib/policies/rule.ts", 'import { b } from "../ppo/actor.ts";', "imports lib/ppo/actor.ts"],
  ["lib/ppo/a.ts", 'export * from "../../tasks/a.ts";', "imports tasks/a.ts above it"],
  ["lib/env/a.ts", 'import * as tf from "@tensorflow/tfjs";', "which belongs to lib/ppo/tfjs/"],
  ["lib/env/a.ts", 'const pl = await import("nodejs-polars");', "which belongs to lib/data/"],
  ["lib/policies/mpc.ts", 'import load from "highs";', "which belongs to lib/policies/solver_"],
  ["tasks/a.ts", 'import * as Plot from "@observablehq/plot";', "which belongs to lib/report/"],
  ["lib/market/a.ts", "const x = Math.random();", "uses Math.random"],
  ["lib/env/a.ts", "const now = Date.now();", "uses Date.now"],
  ["lib/env/a.ts", 'await Deno.readTextFile("x");', "uses Deno.*"],
];
for (const [path, source, fault] of violations) {
  Deno.test(`layers: ${path} may not contain ${source}`, () => {
    const faults = layerFaults(path, source);
    assertEquals([faults.length, faults[0]?.includes(fault)], [1, true], faults.join());
  });
}

Deno.test("layers: comments, downward imports and the learned policy's network are fine", () => {
  const fine = [
    ["lib/env/a.ts", '/** Deno.readFile, Math.random */\nimport { b } from "../units.ts";'],
    ["lib/policies/learned.ts", 'import type { Actor } from "../ppo/actor.ts";'],
    ["lib/ppo/tfjs/tensor_network.ts", 'import * as tf from "@tensorflow/tfjs";'],
  ];
  assertEquals(fine.flatMap(([path, source]) => layerFaults(path, source)), []);
});
