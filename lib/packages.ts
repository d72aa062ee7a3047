/**
 * Packages that most work does without: each is fetched when it is first used, and that is said, since
 * some are large. Their names are held in variables, as whatever a module names in an import is
 * fetched before anything runs.
 *
 * @module
 */

/** A package that is fetched when it is used. */
export interface LatePackage {
  /** Its name and version. */
  readonly specifier: string;
  /** What is imported of it; all that it offers if absent. */
  readonly entry?: string;
  /** A file of it that shows whether it is there, and is not imported itself. */
  readonly witness?: string;
  /** Another package that is used with it. */
  readonly also?: string;
  /** What it and what it depends on take on disk, roughly. [MB] */
  readonly megabytes: number;
}

/** Name of a package that is fetched when it is used. */
export type LateName =
  | "@electric-sql/pglite"
  | "@resvg/resvg-js"
  | "@tensorflow/tfjs"
  | "dejavu-fonts-ttf"
  | "highs"
  | "nodejs-polars"
  | "pg-boss"
  | "protobufjs";

/** The packages that are fetched when they are used. */
export const latePackages: Readonly<Record<LateName, LatePackage>> = {
  "@electric-sql/pglite": { specifier: "npm:@electric-sql/pglite@0.5.14", megabytes: 28 },
  "@resvg/resvg-js": { specifier: "npm:@resvg/resvg-js@2.6.2", megabytes: 4 },
  "@tensorflow/tfjs": {
    specifier: "npm:@tensorflow/tfjs@4.22.0",
    also: "npm:@tensorflow/tfjs-backend-wasm@4.22.0",
    megabytes: 297,
  },
  "dejavu-fonts-ttf": {
    specifier: "npm:dejavu-fonts-ttf@2.37.3",
    entry: "/package.json",
    witness: "/ttf/DejaVuSans.ttf",
    megabytes: 12,
  },
  "highs": { specifier: "npm:highs@1.15.3", megabytes: 4 },
  "nodejs-polars": { specifier: "npm:nodejs-polars@0.25.2", megabytes: 113 },
  // It imports its own package.json.
  "pg-boss": { specifier: "npm:pg-boss@12.38.0", witness: "/LICENSE", megabytes: 8 },
  "protobufjs": { specifier: "npm:protobufjs@8.8.1", megabytes: 4 },
};

/**
 * Loads a package.
 *
 * @throws {Error} If it is not there and cannot be fetched.
 */
export async function loadPackage<T>(name: LateName): Promise<T> {
  await announceFetch(name);
  const { specifier, entry = "" } = latePackages[name];
  const module: string = `${specifier}${entry}`;
  return entry.endsWith(".json")
    ? await import(module, { with: { type: "json" } })
    : await import(module);
}

/** Says on standard error that a package is going to be fetched, if it is not there. */
export async function announceFetch(name: LateName): Promise<void> {
  const { specifier, witness = "/package.json", megabytes } = latePackages[name];
  if (await isThere(`${specifier}${witness}`)) return;
  console.error(`Fetching ${name}, once (${megabytes} MB) …`);
}

/**
 * Deno knows where a package would be; where it does not, or may not look, nothing is said. To ask for
 * what is imported, and not for another file, would settle what that is before it is there.
 */
async function isThere(file: string): Promise<boolean> {
  let place: URL;
  try {
    place = new URL(import.meta.resolve(file));
  } catch {
    return true; // A package that hides its files is there to say so.
  }
  if (place.protocol !== "file:") return true;
  return await Deno.stat(place).then(
    () => true,
    (error) => !(error instanceof Deno.errors.NotFound),
  );
}
