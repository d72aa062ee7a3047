/**
 * What each task needs beyond its own code and what its arguments name to be read. A task that is
 * started by `tasks/confined.ts` has one entry here.
 *
 * @module
 */

import { firstSeeds, seedFolder } from "../../lib/experiments/seeds.ts";
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
  /** Switches of V8. */
  readonly v8?: readonly string[];
  /** Unstable features of Deno. */
  readonly unstable?: readonly string[];
}

/** Packages with native code. */
export type NativePackage = "nodejs-polars" | "@resvg/resvg-js";

/** Stands for the running Deno itself among the programs to start. */
export const DENO = "deno";

const TABLES = { sys: ["cpus", "hostname", "networkInterfaces"], ffi: ["nodejs-polars"] } as const;
/** To say what large data need before it is taken. */
const MEMORY = "systemMemoryInfo";
const DATASETS = { ...TABLES, sys: [...TABLES.sys, MEMORY] } as const;
const TABLES_AND_CHARTS = { ...TABLES, ffi: [...TABLES.ffi, "@resvg/resvg-js"] } as const;
const DATASETS_AND_CHARTS = { ...TABLES_AND_CHARTS, sys: DATASETS.sys } as const;

/** What a folder of results says about its making: the sources, and which commit they are. */
const MAKING = [
  ...["tasks", "deno.json", "deno.lock"],
  ...[".git/HEAD", ".git/index", ".git/packed-refs", ".git/refs", ".git/commondir"],
];

const PYTHONS = ["python3", "python"];
const PYTHON = [...PYTHONS, pythonIn(".venv")];
/** Where the other side of `bench:peers` is. */
const PEERS = "bench/peers/.venv";
/** Names under which Chromium may be there. */
export const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const OPENERS = ["xdg-open", "open", "cmd"];
const CHAPTERS = ["notebooks", "tests/fixtures", ".venv", ".cells", "data", "runs"];

/** The ports among which `realtime` takes the first that is free. */
const PORTS = Array.from({ length: 20 }, (_, k) => 8000 + k);

const tasks = {
  "train": ({ option }) => ({
    why: "models and results in runs/ or --out; data sets in folders by Polars",
    read: ["data", "runs", ...MAKING],
    write: ["runs", option("out"), option("resume")],
    ...DATASETS,
  }),
  "evaluate": ({ option }) => ({
    why: "results in runs/ or --out, models of --seeds beside --model; data sets by Polars",
    read: ["data", "runs", ...MAKING],
    write: ["runs", option("out"), ...seedFolders(option("model"), option("seeds"))],
    ...DATASETS,
  }),
  "benchmark": ({ option }) => ({
    why: "models and results in runs/ or --out; PNG charts; the host that --data names by address",
    read: ["data", "runs", ...MAKING],
    write: ["runs", option("out")],
    net: hostOf(option("data")),
    ...DATASETS_AND_CHARTS,
  }),
  "ablation": ({ option }) => ({
    why: "models and a table in runs/ or --out",
    read: ["runs", ...MAKING],
    write: ["runs", option("out")],
    sys: [MEMORY],
  }),
  "pareto": ({ option }) => ({
    why: "points and a PNG chart in runs/ or --out; data sets by Polars",
    read: ["data", "runs", ...MAKING],
    write: ["runs", option("out")],
    ...DATASETS_AND_CHARTS,
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
      ...DATASETS,
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
      ...DATASETS_AND_CHARTS,
    };
  },
  "bench": () => ({
    why: "starts train and city, which are confined themselves, the one in a folder in runs/",
    read: ["bench", "runs"],
    write: ["runs"],
    sys: ["cpus"],
    run: [DENO],
  }),
  "bench:peers": ({ option, has }) => ({
    why: "starts the Python of bench/peers, which is not confined; with --prepare pip fetches it",
    read: ["bench", "runs", option("venv") ?? PEERS],
    write: ["runs", ...has("prepare") ? [option("venv") ?? PEERS] : []],
    run: has("prepare")
      ? ["python3.11", ...PYTHONS, pythonIn(option("venv") ?? PEERS)]
      : [pythonIn(option("venv") ?? PEERS)],
    ...DATASETS,
  }),
  "fuzz": () => ({ why: "nothing but its own code: the module of its Worker", read: ["tasks"] }),
  "soak": () => ({
    why: "its own code; with --sizes a data set in a folder of its own in runs/, by Polars",
    read: ["runs", "tasks"],
    write: ["runs"],
    v8: ["expose-gc"],
    ...DATASETS,
  }),
  "reproduce": ({ positionals }) => ({
    why: "starts the tasks that made the results, which are confined themselves, into runs/",
    read: ["data", "runs", ...MAKING, ...positionals],
    write: ["runs"],
    run: [DENO],
    ...DATASETS,
  }),
  "claims": () => ({
    why: "reads pages and results; --long and --timings start tasks, which are confined themselves",
    read: [
      ...["README.md", "docs", "notebooks", "data", "runs"],
      ...["deno.json", ".ci", "bench", "tasks", "tests"],
    ],
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
    ...DATASETS_AND_CHARTS,
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
      ...DATASETS_AND_CHARTS,
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

/** The Python of a virtual environment. */
function pythonIn(folder: string): string {
  return Deno.build.os === "windows" ? `${folder}/Scripts/python` : `${folder}/bin/python`;
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
