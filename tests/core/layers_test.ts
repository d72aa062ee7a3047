import { assertEquals } from "@std/assert";
import { layerFaults } from "../helpers/layers.ts";

const root = new URL("../..", import.meta.url);

async function* modules(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (isDirectory) yield* modules(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield `${folder}${name}`;
  }
}

for (const folder of ["lib/", "bench/", "tasks/"]) {
  Deno.test(`layers: ${folder} imports only downwards and keeps libraries in their places`, async () => {
    const faults = [];
    for await (const path of modules(folder)) {
      faults.push(...layerFaults(path, await Deno.readTextFile(new URL(path, root))));
    }
    assertEquals(faults, []);
  });
}

const violations: readonly [string, string, string][] = [
  ["lib/physics/a.ts", 'import { b } from "../env/b.ts";', "imports lib/env/b.ts above it"],
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
