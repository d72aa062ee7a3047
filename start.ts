/**
 * Starts a task: what `deno task train …` runs is `start.ts train …`. It imports nothing, so that what
 * is wrong with this Deno, and what is going to be fetched, is said before anything else is loaded.
 *
 * @module
 */

/** The version that everything was tried with. */
const NEEDED = "2.9.6";

/** What tasks load before they begin: it is there if its witness is. Sizes are on disk. [MB] */
const PACKAGES: readonly Packages[] = [
  { what: "what all tasks share", megabytes: 7, witness: "zod" },
  {
    what: "what draws charts",
    megabytes: 11,
    witness: "@observablehq/plot",
    tasks: ["realtime", "benchmark", "report", "plot", "sweep"],
  },
];

interface Packages {
  readonly what: string;
  readonly megabytes: number;
  readonly witness: string;
  readonly tasks?: readonly string[];
}

const [name] = Deno.args;
requireVersion(Deno.version.deno);
for (const packages of PACKAGES) await announceFetch(packages);
const module: string = `./tasks/${name.replaceAll(":", "_")}.ts`;
await import(module);

function requireVersion(version: string): void {
  if (version.localeCompare(NEEDED, "en", { numeric: true }) >= 0) return;
  console.error(
    `error: this needs Deno ${NEEDED} or newer, and this is ${version}; run "deno upgrade", or ` +
      `"npx -y deno@${NEEDED} task ${name}"`,
  );
  Deno.exit(1);
}

async function announceFetch({ what, megabytes, witness, tasks }: Packages): Promise<void> {
  if (tasks !== undefined && !tasks.includes(name)) return;
  if (!await isThere(witness)) console.error(`Fetching ${what}, once (${megabytes} MB) …`);
}

async function isThere(name: string): Promise<boolean> {
  let place: URL;
  try {
    // To ask for the package itself would settle what it offers before it is there.
    place = new URL(import.meta.resolve(`${name}/package.json`));
  } catch {
    return true; // A package that hides its files is there to say so.
  }
  return await Deno.stat(place).then(() => true, () => false);
}
