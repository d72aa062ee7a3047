import { assert, assertEquals, assertMatch } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { bytesIn } from "../helpers/bytes_in.ts";
import { type LateName, latePackages, loadPackage } from "../../lib/packages.ts";

const names = Object.keys(latePackages) as LateName[];
const { npm: lock, specifiers }: LockFile = JSON.parse(
  await Deno.readTextFile(new URL("../../deno.lock", import.meta.url)),
);

interface LockFile {
  readonly npm: Readonly<Record<string, Locked>>;
  readonly specifiers: Readonly<Record<string, string>>;
}

/** What the lock file says of a package. */
interface Locked {
  readonly dependencies?: readonly string[];
  readonly optionalDependencies?: readonly string[];
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

for (const name of names) {
  Deno.test(`packages: ${name} is fetched in the version of the project, and is as large as is said`, async () => {
    const { specifier, also, megabytes } = latePackages[name];
    assertEquals(specifier, (denoJson.imports as Record<string, string>)[name]);
    await loadPackage(name);
    if (also !== undefined) await import(also);
    const taken = await megabytesOf(also === undefined ? [specifier] : [specifier, also]);
    assert(Math.abs(taken - megabytes) <= Math.max(1, 0.1 * megabytes), `${taken} MB`);
  });
}

Deno.test("packages: none is locked for a C library that Deno does not run on", () => {
  const text = JSON.stringify(lock);
  const found = text.match(/[\w@/.-]+-musl(?:eabi\w*)?(?=[@"])/g) ?? [];
  assertEquals(
    found,
    [],
    "take these out of deno.lock, with their mentions: Deno fetches them too",
  );
});

Deno.test("packages: the compiler of the kernels is not among what users fetch", () => {
  assertEquals(Object.keys(lock).filter((id) => /^(assemblyscript|binaryen)@/.test(id)), []);
});

for (const name of ["highs", "dejavu-fonts-ttf", "pg-boss"] as const) {
  Deno.test(`packages: ${name} is announced where it is not there, and then no more`, async () => {
    const folder = await Deno.makeTempDir();
    const first = await loadInto(folder, name);
    assertMatch(first, new RegExp(`^Fetching ${name}, once \\(\\d+ MB\\) …\n$`));
    assertEquals(await loadInto(folder, name), "");
    await Deno.remove(folder, { recursive: true });
  });
}

/** What is said when a package is loaded by a Deno that keeps packages in a folder. */
async function loadInto(folder: string, name: LateName): Promise<string> {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--quiet", "--node-modules-dir=none"],
      `import { loadPackage } from "./lib/packages.ts"; await loadPackage("${name}");`,
    ],
    cwd: new URL("../../", import.meta.url),
    env: { DENO_DIR: folder, NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stderr);
}

/** What packages and all that they depend on take on disk on this machine. [MB] */
async function megabytesOf(packages: readonly string[]): Promise<number> {
  const wanted = packages.map((specifier) =>
    `${specifier.slice("npm:".length).replace(/@[^@]*$/, "")}@${specifiers[specifier]}`
  );
  const ids = new Set<string>();
  for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
    const { os, cpu, dependencies = [], optionalDependencies = [] } = lock[id];
    if (ids.has(id) || !fits(os, Deno.build.os) || !fits(cpu, Deno.build.arch)) continue;
    ids.add(id);
    wanted.push(...[...dependencies, ...optionalDependencies].map(idOf));
  }
  const root = new URL(import.meta.resolve("zod/package.json"));
  let bytes = 0;
  for (const id of ids) bytes += await bytesIn(await folderOf(id, root));
  return bytes / 1e6;
}

function fits(list: readonly string[] | undefined, here: string): boolean {
  const names: Readonly<Record<string, string>> = {
    windows: "win32",
    x86_64: "x64",
    aarch64: "arm64",
  };
  return list === undefined || list.includes(names[here] ?? here);
}

/** Dependencies are named without a version where the lock file has one only, or mean the newest. */
function idOf(dependency: string): string {
  return lock[dependency] !== undefined
    ? dependency
    : Object.keys(lock).findLast((id) => id.startsWith(`${dependency}@`))!;
}

/** Packages are in a folder of the project, or where Deno keeps those of all projects. */
async function folderOf(id: string, root: URL): Promise<URL> {
  const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(id)!;
  const [own] = root.pathname.split("/node_modules/.deno/");
  if (own === root.pathname) {
    return new URL(`${root.href.split(/(?<=\/npm\/[^/]+\/)/)[0]}${name}/${version}/`);
  }
  const store = `${own}/node_modules/.deno`;
  const stem = `${name.replace("/", "+")}@${version}`;
  const full = id.replaceAll("/", "+");
  const there = await Deno.stat(`${store}/${full}`).then(() => full, () => stem);
  return new URL(`file://${store}/${there}/node_modules/${name}/`);
}
