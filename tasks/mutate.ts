/**
 * `deno task mutate`: puts one fault at a time into the core and asks whether a test notices.
 *
 * @module
 */

import { type Area, areas } from "./mutate/areas.ts";
import { argumentsFor, equivalences } from "./mutate/arguments.ts";
import { judge, staleArguments, type Verdict } from "./mutate/judge.ts";
import { meaningfulFaults } from "./mutate/meaningful.ts";
import { type FaultKey, type Mutant, mutantsOf } from "./mutate/mutants.ts";
import { createWorkshop, type Workshop } from "./mutate/workshop.ts";
import { main } from "../lib/cli/task.ts";
import { startProgress } from "../lib/cli/progress.ts";
import { markdownTable, table } from "../lib/cli/table.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
/** What the tests need, the packages aside. */
const COPIED = ["deno.json", "deno.lock", "lib", "tasks", "tests"];

await main({
  name: "mutate",
  summary: "Puts one fault at a time into a copy of the core and asks whether a test notices.",
  options: {
    only: { type: "string", placeholder: "AREA", help: `one of ${Object.keys(areas).join(", ")}` },
    mutant: {
      type: "string",
      placeholder: "ID[,ID...]",
      help: "only these, by the ids in the table",
    },
    jobs: { type: "integer", min: 1, max: 64, default: 1, help: "mutants at the same time" },
    list: { type: "boolean", help: "list the mutants and test none" },
    arguments: { type: "boolean", help: "print why the known survivors do no harm, in Markdown" },
    survivors: { type: "boolean", help: "leave out of the table what was killed" },
  },
  async run({ only, mutant, jobs, list, survivors, arguments: argued }) {
    if (argued) return console.log(argumentTable());
    const chosen = await choose(only, mutant?.split(","));
    if (list) return console.log(chosen.map(({ mutants }) => listOf(mutants)).join("\n\n"));
    const verdicts = new Map<string, Verdict[]>();
    await using stack = new AsyncDisposableStack();
    const stop = stopOnSignals(stack);
    const workshops: Workshop[] = [];
    while (workshops.length < jobs) {
      workshops.push(stack.use(await createWorkshop(ROOT, COPIED, stop)));
    }
    for (const { name, area, mutants } of chosen) {
      const progress = startProgress(mutants.length, "mutants", 0);
      const done: Verdict[] = [];
      verdicts.set(name, done);
      const report = (verdict: Verdict) => {
        progress.update(done.push(verdict), name);
        if (verdict.kind !== "survived") return;
        console.error(`\nsurvives: ${verdict.mutant.id} ${verdict.mutant.change}`);
      };
      try {
        await judge(area, mutants, argumentsFor(area), workshops, report);
      } finally {
        // Who interrupts it sees what is known so far.
        progress.stop();
        const place = ({ mutant }: Verdict) => mutants.indexOf(mutant);
        const shown = done.filter(({ kind }) => !survivors || kind !== "killed")
          .sort((a, b) => place(a) - place(b));
        console.log(`\n${table(["id", "where", "change", "verdict"], shown.map(verdictRow))}\n`);
      }
    }
    console.log(totals(verdicts));
    requireNoSurvivor([...verdicts.values()].flat());
  },
});

/** Aborted by Ctrl-C, so that copies are removed before the program ends. */
function stopOnSignals(stack: AsyncDisposableStack): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, abort);
    stack.defer(() => Deno.removeSignalListener(signal, abort));
  }
  return controller.signal;
}

/** An area with the mutants of it that are asked for. */
interface Chosen {
  readonly name: string;
  readonly area: Area;
  readonly mutants: readonly Mutant[];
}

async function choose(
  only: string | undefined,
  ids: readonly string[] | undefined,
): Promise<Chosen[]> {
  if (only !== undefined && !Object.hasOwn(areas, only)) {
    throw new Error(`--only must be one of ${Object.keys(areas).join(", ")}, got "${only}"`);
  }
  const read = (path: string) => Deno.readTextFile(`${ROOT}/${path}`);
  const chosen: Chosen[] = [];
  for (const [name, area] of Object.entries(areas)) {
    if (only !== undefined && only !== name) continue;
    const mutants = await mutantsOf(area, meaningfulFaults, read);
    requireFresh(argumentsFor(area), mutants);
    const wanted = mutants.filter(({ id }) => ids?.includes(id) ?? true);
    if (wanted.length > 0) chosen.push({ name, area, mutants: wanted });
  }
  const found = new Set(chosen.flatMap(({ mutants }) => mutants.map(({ id }) => id)));
  const missing = ids?.find((id) => !found.has(id));
  if (missing !== undefined) {
    throw new Error(`there is no mutant "${missing}"; --list shows what there is`);
  }
  return chosen;
}

function requireFresh(argued: readonly FaultKey[], mutants: readonly Mutant[]): void {
  const [stale, ...others] = staleArguments(argued, mutants);
  if (stale === undefined) return;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  throw new Error(
    `tasks/mutate/arguments.ts speaks of "${stale.change}" in "${stale.line}" (${stale.module}, ` +
      `${stale.within})${more}, which is no longer there; argue anew or remove it`,
  );
}

function requireNoSurvivor(verdicts: readonly Verdict[]): void {
  const ids = (kind: Verdict["kind"]) =>
    verdicts.filter((verdict) => verdict.kind === kind).map(({ mutant }) => mutant.id).join(", ");
  const [survived, refuted] = [ids("survived"), ids("refuted")];
  if (survived !== "") {
    throw new Error(
      `no test notices ${survived}: add one, or say in tasks/mutate/arguments.ts why it is no fault`,
    );
  }
  if (refuted !== "") {
    throw new Error(`tasks/mutate/arguments.ts is wrong on ${refuted}: a test notices`);
  }
}

function listOf(mutants: readonly Mutant[]): string {
  return table(
    ["id", "where", "in", "change"],
    mutants.map((each) => [each.id, placeOf(each), each.within, each.change]),
  );
}

function argumentTable(): string {
  const rows = equivalences.flatMap(({ because, lines }) =>
    lines.map(({ module, within, changes }) => {
      const place = [module.slice(module.lastIndexOf("/") + 1), within].filter(Boolean).join(", ");
      const changed = changes.map((change) => `\`${change.replaceAll("|", "\\|")}\``).join("<br>");
      return [place, changed, because];
    })
  );
  return markdownTable(["where", "change", "why no test can notice, or need not"], rows);
}

function verdictRow({ mutant, kind, by }: Verdict): string[] {
  const verdict = {
    killed: `killed by ${by}`,
    argued: "argued equivalent",
    survived: "SURVIVED",
    refuted: `argued equivalent, AND KILLED by ${by}`,
  };
  return [mutant.id, placeOf(mutant), mutant.change, verdict[kind]];
}

function placeOf({ module, lineNumber }: Mutant): string {
  return `${module}:${lineNumber}`;
}

function totals(verdicts: ReadonlyMap<string, readonly Verdict[]>): string {
  const row = (name: string, of: readonly Verdict[]) => {
    const count = (kind: Verdict["kind"]) => of.filter((verdict) => verdict.kind === kind).length;
    const byTime = of.filter(({ by }) => by === "time").length;
    const killed = count("killed") + count("refuted");
    return [name, of.length, killed, byTime, count("argued"), count("survived")];
  };
  return table(["area", "mutants", "killed", "of these by time", "argued", "survived"], [
    ...[...verdicts].map(([name, of]) => row(name, of)),
    row("all", [...verdicts.values()].flat()),
  ]);
}
