/**
 * What each task needs beyond its own code and what its arguments name to be read. A task that is
 * started by `tasks/confined.ts` has one entry here.
 *
 * @module
 */

import { firstSeeds, seedFolder } from "../seeds.ts";
import { type Arguments, readArguments } from "./arguments.ts";

/** What a task is allowed, and why; absent is nothing. Paths are of the folder of the project. */
export interface Needs {
  /** One sentence: what the task does with it. */
  readonly why: string;
  /** Folders and files to read, beside the code and what arguments name. */
  readonly read?: readonly string[];
  /** Folders and files to write, with everything in them; undefined ones are left out. */
  readonly write?: readonly (string | undefined)[];
  /** Environment variables. */
  readonly env?: readonly string[];
  /** What to ask the operating system for. */
  readonly sys?: readonly string[];
  /** Packages whose native libraries are loaded. */
  readonly ffi?: readonly NativePackage[];
  /** Programs to start, by name or path. */
  readonly run?: readonly string[];
  /** Addresses to listen at or to connect to, as host:port. */
  readonly net?: readonly string[];
  /** Unstable features of Deno. */
  readonly unstable?: readonly string[];
}

/** Packages with native code. */
export type NativePackage = "nodejs-polars" | "@resvg/resvg-js";

/** Stands for the running Deno itself among the programs to start. */
export const DENO = "deno";

const TABLES = { sys: ["cpus", "hostname", "networkInterfaces"], ffi: ["nodejs-polars"] } as const;
const CHARTS = { ffi: ["@resvg/resvg-js"] } as const;
const TABLES_AND_CHARTS = { ...TABLES, ffi: [...TABLES.ffi, ...CHARTS.ffi] } as const;

/** What a folder of results says about its making: the sources, and which commit they are. */
const MAKING = [
  ...["tasks", "deno.json", "deno.lock"],
  ...[".git/HEAD", ".git/index", ".git/packed-refs", ".git/refs"],
];

const PYTHON = [
  "python3",
  "python",
  Deno.build.os === "windows" ? ".venv/Scripts/python" : ".venv/bin/python",
];
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const OPENERS = ["xdg-open", "open", "cmd"];
const CHAPTERS = ["notebooks", "tests/fixtures", ".venv", ".cells", "data", "runs"];

/** The ports among which `realtime` takes the first that is free. */
const PORTS = Array.from({ length: 20 }, (_, k) => 8000 + k);

const tasks = {
  "train": ({ option }) => ({
    why: "models and results in runs/ or --out; data sets in folders by Polars",
    read: ["data", "runs", ...MAKING],
    write: ["runs", option("out"), option("resume")],
    ...TABLES,
  }),
  "evaluate": ({ option }) => ({
    why: "results in runs/ or --out, models of --seeds beside --model; data sets by Polars",
    read: ["data", "runs", ...MAKING],
    write: ["runs", option("out"), ...seedFolders(option("model"), option("seeds"))],
    ...TABLES,
  }),
  "benchmark": ({ option }) => ({
    why: "models and results in runs/ or --out; PNG charts; the host that --data names by address",
    read: ["data", "runs", ...MAKING],
    write: ["runs", option("out")],
    net: hostOf(option("data")),
    ...TABLES_AND_CHARTS,
  }),
  "ablation": ({ option }) => ({
    why: "models and a table in runs/ or --out",
    read: ["runs", ...MAKING],
    write: ["runs", option("out")],
  }),
  "pareto": ({ option }) => ({
    why: "points and a PNG chart in runs/ or --out; data sets by Polars",
    read: ["data", "runs", ...MAKING],
    write: ["runs", option("out")],
    ...TABLES_AND_CHARTS,
  }),
  "city": () => ({ why: "nothing but its own code: the module of its Workers" }),
  "plot": ({ positionals }) => ({
    why: "reads results by Polars and puts PNG charts beside them, in the folder it is told",
    write: positionals,
    ...TABLES_AND_CHARTS,
  }),
  "clear": () => ({ why: "the order books it is told to read, CSV by Polars", ...TABLES }),
  "data": ({ positionals, option }) => {
    const [command, from] = positionals;
    return {
      why: "data sets by Polars, in data/ or the folder it is told; import-citylearn from an " +
        "address reaches that host alone",
      // What is imported lies beside the schema that may be named.
      read: ["data", ...from?.endsWith(".json") ? [`${from}/..`] : []],
      write: command === "describe" ? [] : ["data", option("out"), positionals[2]],
      net: hostOf(from),
      ...TABLES,
    };
  },
  "realtime": ({ option }) => {
    const host = option("host") ?? "127.0.0.1";
    const port = option("port");
    return {
      why: "serves its page at one address of this machine; models, data sets by Polars, charts",
      read: ["data", "runs", "tasks/realtime", "deno.json"],
      net: (port === undefined ? PORTS : [port]).map((port) => `${host}:${port}`),
      unstable: ["bundle"],
      ...TABLES_AND_CHARTS,
    };
  },
  "bench": () => ({
    why: "starts deno task train, which is confined itself, in a folder of its own in runs/",
    read: ["runs"],
    write: ["runs"],
    run: [DENO],
  }),
  "permissions": () => ({
    why: "starts the probe in the sandbox of each task, and a server for it to try to reach",
    read: ["deno.lock"],
    env: ["PATH"],
    run: [DENO],
    net: ["127.0.0.1:0"],
  }),
  "interrupt": () => ({
    why:
      "starts other tasks in their sandboxes, kills and compares them; a small disk for a folder",
    read: ["data", "runs", "deno.lock", ...MAKING],
    write: ["runs"],
    env: ["PATH"],
    run: [DENO, "sh", "mount", "umount"],
    ...TABLES,
  }),
  "doctor": () => ({
    why: "tries what the other tasks need: loading, writing, starting, a probe in a sandbox",
    read: ["deno.lock", "notebooks/requirements.txt", ".venv", "runs", "reports"],
    write: ["runs", "reports"],
    env: ["PATH"],
    sys: ["cpus", "osRelease", "statfs", "systemMemoryInfo"],
    run: [DENO, ...PYTHON.slice(-1), ...BROWSERS],
    net: ["127.0.0.1:0"],
  }),
  "jupyter": () => ({
    why: "Python makes .venv and starts Jupyter; those are not confined, and pip fetches packages",
    read: ["notebooks", ".venv"],
    write: [".venv"],
    run: PYTHON,
  }),
  "notebooks": () => ({
    why: "Python's Jupyter executes the chapters and Deno checks their types; neither is confined",
    read: CHAPTERS,
    write: [".venv", ".cells"],
    run: [...PYTHON, DENO],
    ...TABLES_AND_CHARTS,
  }),
  "report": ({ option, has }) => {
    const chapters = option("run") === undefined;
    return {
      why: "pages in reports/ or --out; the chapters as notebooks does, Chromium for --pdf, the " +
        "system's opener for --open",
      read: [...CHAPTERS, "reports"],
      write: ["reports", option("out"), ...chapters ? [".venv", ".cells"] : []],
      run: [
        ...chapters ? [...PYTHON, DENO] : [],
        ...has("pdf") ? BROWSERS : [],
        ...has("open") ? OPENERS : [],
      ],
      ...TABLES_AND_CHARTS,
    };
  },
} as const satisfies Record<string, (args: Arguments) => Needs>;

/** Names of the tasks that start confined. */
export type ConfinedTask = keyof typeof tasks;

/** Names of the tasks that start confined. */
export const confinedTasks = Object.keys(tasks) as ConfinedTask[];

/** What a task needs for the arguments that it is started with. */
export function needsOf(name: ConfinedTask, args: readonly string[]): Needs {
  return tasks[name](readArguments(args));
}

/** Where models of several seeds are, if there are to be any. */
function seedFolders(stem: string | undefined, count: string | undefined): string[] {
  if (stem === undefined || !/^\d{1,4}$/.test(count ?? "")) return [];
  return firstSeeds(Number(count)).map((seed) => seedFolder(stem, seed));
}

/** The host and port of a web address, in a list; an empty one for anything else. */
function hostOf(address: string | undefined): string[] {
  const url = /^https?:/.test(address ?? "") ? URL.parse(address!) : null;
  if (url === null || url.hostname === "") return [];
  return [`${url.hostname}:${url.port || (url.protocol === "https:" ? 443 : 80)}`];
}
