/** The floors of the library, and what may be used on which. */

/** Floors from the ground up; a module imports from its own floor and from those below. */
const FLOORS: readonly (readonly string[])[] = [
  [
    "lib/text/",
    "lib/cli/",
    "lib/packages.ts",
    "lib/units.ts",
    "lib/arithmetic.ts",
    "lib/random.ts",
    "lib/sha256.ts",
    "lib/module_beside.ts",
    "lib/wasm_memory.ts",
    "lib/disk/",
    "deno.json",
  ],
  ["lib/data/", "lib/network/"],
  ["lib/programs/", "lib/trackers/"],
  ["lib/stores/"],
  ["lib/market/"],
  ["lib/env/"],
  ["lib/policies/"],
  ["lib/ppo/"],
  ["lib/sac/"],
  ["lib/evaluation/", "lib/export/"],
  ["lib/experiments/"],
  ["lib/sweep/"],
  ["lib/report/"],
  ["lib/live/", "lib/bridge/"],
  ["lib/mod.ts"],
  ["python/"],
  ["bench/"],
  ["tasks/"],
];

/** Upward imports that are meant: a learned policy acts by a network. */
const UPWARD: readonly (readonly [from: string, to: string])[] = [
  ["lib/policies/learned.ts", "lib/ppo/actor.ts"],
];

/** Where a library may be imported, by the beginning of its name. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  "@tensorflow/": ["lib/ppo/tfjs/", "lib/sac/"],
  "highs": ["lib/policies/solver_program.ts"],
  "nodejs-polars": ["lib/data/polars.ts"],
  "pg-boss": ["lib/sweep/"],
  "@electric-sql/": ["lib/sweep/"],
  "@observablehq/": ["lib/report/", "lib/live/page/"],
  "linkedom": ["lib/report/"],
  "marked": ["lib/report/"],
  "sugar-high": ["lib/report/"],
  "@resvg/": ["lib/report/"],
  "playwright-core": ["tests/"],
};

/** Where the runtime may be used: files that reach the disk or the network. */
const RUNTIME = [
  "lib/cli/",
  "lib/data/bounded_file.ts",
  "lib/disk/",
  "lib/data/dataset.ts",
  "lib/data/parquet_",
  "lib/data/url_files.ts",
  "lib/experiments/",
  "lib/programs/",
  "lib/trackers/",
  "lib/live/",
  "lib/bridge/main.ts",
  "lib/packages.ts",
  "lib/ppo/checkpoint.ts",
  "lib/report/",
  "lib/sweep/",
];

/** What is wrong with a module's imports and names; empty if nothing is. */
export function layerFaults(path: string, source: string): string[] {
  const code = withoutComments(source);
  const faults = [];
  for (const specifier of imports(code)) {
    if (specifier.startsWith(".")) {
      const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
      const upward = UPWARD.some(([from, to]) => from === path && to === target);
      if (!upward && floor(target) > floor(path)) faults.push(`${path} imports ${target} above it`);
      continue;
    }
    for (const [library, places] of Object.entries(LIBRARIES)) {
      if (specifier.startsWith(library) && !places.some((place) => path.startsWith(place))) {
        faults.push(`${path} imports ${specifier}, which belongs to ${places.join(", ")}`);
      }
    }
  }
  if (!path.startsWith("lib/")) return faults;
  for (const name of ["Math.random", "Date.now", "new Date()"]) {
    if (code.includes(name)) faults.push(`${path} uses ${name}: randomness and time are arguments`);
  }
  if (/\bDeno\./.test(code) && !RUNTIME.some((place) => path.startsWith(place))) {
    faults.push(`${path} uses Deno.*, which belongs to ${RUNTIME.join(", ")}`);
  }
  return faults;
}

/**
 * Circles of imports: modules that need each other before either of them can run. What is imported as
 * a type alone is erased and counts for nothing.
 *
 * @param sources Source by path.
 */
export function importCircles(sources: ReadonlyMap<string, string>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    const begun = way.indexOf(path);
    if (begun >= 0) circles.push([...way.slice(begun), path].join(" → "));
    if (begun >= 0 || done.has(path)) return;
    const code = withoutComments(sources.get(path) ?? "")
      .replaceAll(/^(?:import|export) type [^;]*;/gm, "");
    for (const specifier of imports(code).filter((each) => each.startsWith("."))) {
      visit(new URL(specifier, `file:///${path}`).pathname.slice(1), [...way, path]);
    }
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return circles;
}

function floor(path: string): number {
  const level = FLOORS.findIndex((places) => places.some((place) => path.startsWith(place)));
  if (level < 0) throw new RangeError(`${path} is on no floor`);
  return level;
}

function imports(code: string): string[] {
  const pattern = /(?:from|import)\s*\(?\s*"([^"]+)"/g;
  return [...code.matchAll(pattern)].map(([, specifier]) => specifier);
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}
