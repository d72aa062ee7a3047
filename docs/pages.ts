/**
 * Writes into the pages what is known better elsewhere: between the markers
 *
 *     <!-- generated: NAME -->
 *     <!-- end of NAME -->
 *
 * of every Markdown page stands what the generator of that name makes of the code and of committed
 * results. `deno run -A docs/pages.ts` writes the pages; with `--check` it only says which are not as
 * generated. A test holds that none is. The README's first picture and that of markets of learners are
 * written with them.
 *
 * @module
 */

import { machineLine } from "../bench/machine.ts";
import { medianAndEnds, rounded, type Row as Measured, toReach } from "../bench/measure.ts";
import { ledgerColumns, stateColumns } from "../lib/env/columns.ts";
import { fileURLToPath } from "node:url";
import {
  notebookClaim,
  notebookSubject,
  notebookTitle,
  parseNotebook,
} from "../lib/report/notebook.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { captured } from "../lib/report/figures/captured.ts";
import { exploitation } from "../lib/report/figures/exploitation.ts";
import { readLadder } from "../lib/report/ladder_file.ts";
import { renderPng, renderSvg } from "../lib/report/render.ts";

const root = new URL("..", import.meta.url);

/** What the README's first picture shows. */
const LADDER = "docs/results/ladder_R1.json";

/** Pages that may hold markers. */
const PAGES = ["README.md", "CONTRIBUTING.md", "notebooks/README.md", ...docs()];

function docs(): string[] {
  return [...Deno.readDirSync(new URL("docs", root))]
    .filter(({ name }) => name.endsWith(".md")).map(({ name }) => `docs/${name}`).sort();
}

const read = (path: string) => Deno.readTextFileSync(new URL(path, root));

type Row = readonly string[];

/** A Markdown table; the layout is that of `deno fmt`. */
function table(head: Row, rows: readonly Row[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, k) => Math.max(3, ...cells.map((row) => row[k].length)));
  const line = (row: Row) => `| ${row.map((cell, k) => cell.padEnd(widths[k])).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join("\n");
}

/** Every task that a user has, as `deno.json` describes it. */
function tasks(): string {
  const { tasks } = JSON.parse(read("deno.json"));
  const rows = Object.entries<{ description: string }>(tasks)
    .map(([name, { description }]) => [`\`${name}\``, description]);
  return table(["task", "does"], rows);
}

/** Columns of the environment. */
function columns(): string {
  const rows = [["state", stateColumns], ["books", ledgerColumns]].flatMap(([where, columns]) =>
    Object.entries(columns).map(([name, { scope, unit, meaning }]) => [
      `\`${name}\``,
      where as string,
      scope,
      unit,
      meaning,
    ])
  );
  return table(["column", "where", "of each", "unit", "meaning"], rows);
}

/** Keys of a configuration file, with what their doc comments say and what they are by default. */
function configuration(): string {
  const comments = new Map<string, string>();
  const sources = [
    "lib/ppo/experiment.ts",
    "lib/ppo/ppo_config.ts",
    "lib/env/config.ts",
    "lib/data/forecasts/config.ts",
  ];
  const member = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\??:/g;
  for (const source of sources) {
    for (const [, comment, name] of read(source).matchAll(member)) {
      const text = comment.replaceAll(/\n\s*\* ?/g, " ").replaceAll(/\{@link \S+\}/g, "");
      comments.set(name, text.replaceAll("()", "").replaceAll(/\s+/g, " ").trim());
    }
  }
  const rows: Row[] = [];
  const add = (value: unknown, path: readonly string[]) => {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) add(inner, [...path, name]);
      return;
    }
    const meaning = comments.get(path.at(-1)!);
    if (meaning === undefined) throw new Error(`${path.join(".")} has no doc comment`);
    rows.push([`\`${path.join(".")}\``, `\`${JSON.stringify(value)}\``, meaning]);
  };
  add(parseExperiment({}, "defaults"), []);
  return table(["key", "default", "meaning"], rows);
}

const percent = (share: number | null) => share === null ? "–" : (100 * share).toFixed(1);

/** Policies and what they capture, as a committed ladder has them. */
function ladder(setup: string): string {
  const { rows } = ladderFile(setup);
  // Ladders that were made before peaks were shown have none.
  const peaks = rows.every(({ meanPeakKw }: Record<string, unknown>) => meanPeakKw !== undefined);
  return table(
    ["policy", "captured %", "95 %", ...peaks ? ["peak kW"] : []],
    rows.map((row: Record<string, string & number>) => [
      `\`${row.policy}\``,
      percent(row.captured),
      `${percent(row.capturedLow)} to ${percent(row.capturedHigh)}`,
      ...peaks ? [Number(row.meanPeakKw).toFixed(1)] : [],
    ]),
  );
}

/** Policies and what they capture in the two set-ups that the README shows. */
function ladders(): string {
  const shown = ["R1", "R2"].map((setup): LadderRow[] => ladderFile(setup).rows);
  return table(
    ["policy", "R1, captured %", "95 %", "R2, captured %", "95 %"],
    shown[0].map(({ policy }) => [
      `\`${policy}\``,
      ...shown.flatMap((rows) => {
        const row = rows.find((row) => row.policy === policy);
        return row === undefined
          ? ["–", "–"]
          : [percent(row.captured), `${percent(row.capturedLow)} to ${percent(row.capturedHigh)}`];
      }),
    ]),
  );
}

/** Set-ups in which agents are trained. */
const TRAINED_ON = ["R1", "R1-day-ahead", "R1-days", "R2"];

/** What of a row of a ladder is read here. */
interface LadderRow {
  readonly policy: string;
  readonly seeds: number;
  readonly captured: number | null;
  readonly capturedLow: number | null;
  readonly capturedHigh: number | null;
  readonly microsecondsPerDecision: number;
}

const ladderFile = (setup: string) => JSON.parse(read(`docs/results/ladder_${setup}.json`));

/** Agents against the best of those that need no training, set-up by set-up. */
function agents(): string {
  const points = (share: number) => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)}`;
  return table(
    ["set-up", "seeds", "`imitation`", "`learned`", "95 %", "best rival", "paired difference"],
    TRAINED_ON.map((setup) => {
      const { rows, comparison } = ladderFile(setup);
      const row = (policy: string): LadderRow | undefined =>
        rows.find((each: LadderRow) => each.policy === policy);
      const learned = row("learned")!, { estimate, low, high } = comparison.difference;
      return [
        setup,
        `${learned.seeds}`,
        percent(row("imitation")?.captured ?? null),
        percent(learned.captured),
        `${percent(learned.capturedLow)} to ${percent(learned.capturedHigh)}`,
        `\`${comparison.other}\`, ${percent(row(comparison.other)!.captured)}`,
        `${points(estimate)} \\[${points(low)}, ${points(high)}\\]`,
      ];
    }),
  );
}

/** Who decides, what it must know and whether it reckons with errors of forecasts. */
const RIVALS = [
  ["threshold", "published numbers", "no"],
  ["dynamic-programming", "published numbers", "by the rules"],
  ["dynamic-programming-calibrated", "the same, and forecasts of four weeks", "as they were"],
  ["mpc-local", "its own home", "no"],
  ["mpc", "every store and forecast", "no"],
  ["mpc-scenarios", "the same, and forecasts of eight days", "as they were"],
  ["untrained", "what its agents see", "no"],
  ["imitation", "what its agents see", "learned"],
  ["learned", "what its agents see", "learned"],
] as const;

const microseconds = (value: number | undefined) =>
  value === undefined ? "–" : Number(value.toPrecision(2)).toString();

/** The rivals: what they know, capture, and take to decide once. */
function rivals(): string {
  const row = (setup: string, policy: string): LadderRow | undefined =>
    ladderFile(setup).rows.find((each: LadderRow) => each.policy === policy);
  return table(
    ["policy", "knows", "of errors", ...TRAINED_ON.map((setup) => `${setup} %`), "µs on R1"],
    RIVALS.map(([policy, knows, errors]) => [
      `\`${policy}\``,
      knows,
      errors,
      ...TRAINED_ON.map((setup) => percent(row(setup, policy)?.captured ?? null)),
      microseconds(row("R1", policy)?.microsecondsPerDecision),
    ]),
  );
}

/** One model in communities that no training saw. */
function distribution(): string {
  const ratio = (text: string) => Number(text).toFixed(3);
  return table(
    ["policy", "seeds", "captured %", "worst %", "of the best rival", "95 %", "worst"],
    csvRows("docs/results/distribution_W.csv").map((row) => [
      `\`${row.policy}\``,
      row.seeds,
      percent(Number(row.captured)),
      percent(Number(row.capturedWorst)),
      ratio(row.ofRival),
      `${ratio(row.ofRivalLow)} to ${ratio(row.ofRivalHigh)}`,
      ratio(row.ofRivalWorst),
    ]),
  );
}

/** How far `mpc` should look, on validation weeks. */
function mpcTuning(): string {
  const rows = csvRows("docs/results/mpc_tuning.csv");
  const setups = [...new Set(rows.map(({ setup }) => setup))];
  const variants = [
    ...Map.groupBy(rows, ({ horizonHours, scenarios }) => `${horizonHours} ${scenarios}`).values(),
  ];
  return table(
    ["hours ahead", "scenarios", ...setups.map((setup) => `${setup} %`), "ms on R1"],
    variants.map((own) => [
      own[0].horizonHours,
      own[0].scenarios,
      ...setups.map((setup) => {
        const row = own.find((each) => each.setup === setup);
        return row === undefined ? "–" : percent(Number(row.captured));
      }),
      (Number(own[0].microsecondsPerDecision) / 1000).toFixed(1),
    ]),
  );
}

/** Results that were submitted, each by its folder `docs/results/submitted/<set-up>_<policy>`. */
function submitted(): string {
  const folders = [...Deno.readDirSync(new URL("docs/results/submitted", root))]
    .map(({ name }) => name).sort();
  const rows = folders.map((name): [captured: number, row: Row] => {
    const folder = `docs/results/submitted/${name}`;
    const [setup, policy] = name.split("_");
    const file = `${folder}/${setup === "W" ? "distribution.csv" : "ladder.json"}`;
    const rows = setup === "W" ? csvRows(file) : JSON.parse(read(file)).rows;
    const found = rows.find((row: { readonly policy: string }) => row.policy === policy);
    if (found === undefined) throw new Error(`${file} has no row of ${policy}`);
    const { commands, seeds, code, data } = JSON.parse(read(`${folder}/provenance.json`));
    const command = commands.map((each: { task: string; arguments: readonly string[] }) =>
      `\`deno task ${each.task} ${each.arguments.join(" ")}\``
    ).join(", then ");
    const [captured, low, high, worst] = [
      "captured",
      "capturedLow",
      "capturedHigh",
      "capturedWorst",
    ]
      .map((name) => name in found ? Number(found[name]) : null);
    return [captured!, [
      setup,
      `\`${policy}\``,
      percent(captured),
      `${percent(low)} to ${percent(high)}`,
      percent(worst),
      command,
      seeds.join(", "),
      `\`${code.commit.slice(0, 8)}\` \`${code.sources.slice(0, 8)}\``,
      `\`${data.hash.slice(0, 8)}\``,
    ]];
  });
  return table(
    [
      "set-up",
      "policy",
      "captured %",
      "95 %",
      "worst %",
      "command",
      "seeds",
      "commit, code",
      "data",
    ],
    rows.sort(([a, [one]], [b, [other]]) => one.localeCompare(other) || b - a).map(([, row]) =>
      row
    ),
  );
}

/** Rows of a committed CSV file, by column. */
function csvRows(path: string): Record<string, string>[] {
  const [header, ...lines] = read(path).trim().split("\n").map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(header.map((name, k) => [name, cells[k]])));
}

/** Linear against AC power flow, as `bench/power_flow.ts` found it. */
function powerFlow(): string {
  return table(
    [
      "grid",
      "profiles times",
      "homes, nodes",
      "transformer up to %",
      "linear, within ratings, pu",
      "linear, all, pu",
      "with losses, pu",
      "loading, points",
    ],
    csvRows("docs/results/power_flow.csv").map((row) => [
      row.grid,
      row.times,
      `${row.homes}, ${row.nodes}`,
      row.highestTransformerPercent,
      row.linearWithinRatingPu,
      row.linearPu,
      row.withLossesPu,
      row.transformerPoints,
    ]),
  );
}

/** What safety without coordination costs in R3. */
function safety(): string {
  return table(
    ["least cost with", "EUR/d", "price of safety, EUR/d", "points of captured"],
    csvRows("docs/results/R3_safety.csv").map((row) => [
      row.network === "flows" ? "the network itself" : `${row.network} envelopes`,
      Number(row.costPerDay).toFixed(2),
      Number(row.priceOfSafetyPerDay).toFixed(2),
      percent(Number(row.ofPossibleSaving)),
    ]),
  );
}

/** Voltages and loadings in R3. */
function network(): string {
  return table(
    [
      "policy",
      "voltage, pu",
      "outside, h/d",
      "line %",
      "transformer %",
      "overloaded, h/d",
      "losses, kWh/d",
      "curtailed, unserved, kWh/d",
    ],
    csvRows("docs/results/R3_network.csv").map((row) => [
      row.policy,
      `${digits(row.lowestVoltagePu, 3)} to ${digits(row.highestVoltagePu, 3)}`,
      digits(row.outsideBandHoursPerDay, 2),
      percent(Number(row.highestLineLoading)),
      percent(Number(row.highestTransformerLoading)),
      digits(row.overloadedHoursPerDay, 2),
      digits(row.lossesKwhPerDay, 1),
      `${digits(row.curtailedKwhPerDay, 2)}, ${digits(row.unservedKwhPerDay, 2)}`,
    ]),
  );
}

/** Measurements of `deno task bench --json`, beside what is to be reached. */
function measurements(part: "rows" | "scaling"): string {
  const { machine, runs, [part]: rows } = JSON.parse(read("docs/results/bench.json"));
  const cells = rows.map((row: Measured) => [
    row.what,
    medianAndEnds(row),
    row.unit,
    toReach(row),
  ]);
  const text = table(["what", "median (worst to best)", "unit", "to reach"], cells);
  return part === "rows" ? `${machineLine(machine)}, ${runs} runs:\n\n${text}` : text;
}

/** Where training spends its time, by backend and threads. */
function trainingShares(): string {
  const { trainingShares } = JSON.parse(read("docs/results/bench.json"));
  return table(
    ["training", "rollout %", "update %", "rest %"],
    trainingShares.map((row: Record<string, string & number>) => [
      row.what,
      ...[row.rollout, row.update, row.rest].map((share) => (100 * share).toFixed(0)),
    ]),
  );
}

/** The same jobs here and in Python, as `bench/peers.ts --json` found them. */
function peers(): string {
  const { machine, versions, runs, comparisons } = JSON.parse(read("docs/results/peers.json"));
  const named = ["python", "numpy", "citylearn", "stable-baselines3", "torch"]
    .map((name) => `${name} ${versions[name]}`).join(", ");
  const cells = comparisons.map((
    { what, ours, theirs, ratio }: {
      readonly what: string;
      readonly ours: Measured;
      readonly theirs: Measured;
      readonly ratio: number;
    },
  ) => [what, medianAndEnds(ours), medianAndEnds(theirs), ours.unit, rounded(ratio)]);
  return `${machineLine(machine)}, ${runs} runs.\n\n${named}:\n\n${
    table(["job", "here: median (worst to best)", "there", "unit", "times as fast"], cells)
  }`;
}

/** Stable-Baselines3's PPO on this environment and on CityLearn's, as `bench/peers.ts` found it. */
function stableBaselines(): string {
  const { comparisons, versions } = JSON.parse(read("docs/results/peers_sb3.json"));
  const [{ ours, theirs, ratio }] = comparisons;
  const rates = ({ median, worst, best }: Record<string, number>) =>
    `${Math.round(median)} (${Math.round(worst)} to ${Math.round(best)})`;
  return table(
    ["PPO of Stable-Baselines3 on", "agent-steps/s, median (worst to best)", "times as fast"],
    [
      ['`make_vec(32, kind="sb3")`', rates(ours), ratio.toFixed(1)],
      [`CityLearn ${versions.citylearn}`, rates(theirs), "1"],
    ],
  );
}

/** Algorithms on R1's validation weeks, as `deno task benchmark --setup ablation` found them. */
function algorithms(): string {
  return table(
    ["algorithm", "captured %", "95 %", "against PPO, points"],
    csvRows("docs/results/algorithms_R1.csv").map((row) => [
      row.variant === "reference" ? "`ppo`" : `\`${row.variant}\``,
      percent(Number(row.captured)),
      `${percent(Number(row.capturedLow))} to ${percent(Number(row.capturedHigh))}`,
      row.difference === ""
        ? "–"
        : `${percent(Number(row.difference))} \\[${percent(Number(row.differenceLow))}, ${
          percent(Number(row.differenceHigh))
        }\\]`,
    ]),
  );
}

const digits = (text: string, count: number) =>
  Number(text).toFixed(count).replace(/^-(?=0\.0*$)/, "");
const points = (share: string) => digits(String(100 * Number(share)), 1);
const shares = (row: Record<string, string>, name: string) =>
  `${points(row[name])} \\[${points(row[`${name}Low`])}, ${points(row[`${name}High`])}\\]`;

/** What homes gain by deviating alone, as `benchmark --exploit` found it. */
function responses(setup: string): string {
  const rows = csvRows(`docs/results/best_responses_${setup}.csv`);
  const own = Map.groupBy(rows, ({ prosumer }) => prosumer);
  return table(
    [
      "home",
      "saves, /d",
      "best factor",
      "gain by it, % of saving",
      "gain by a trained response, %",
    ],
    [...own].map(([prosumer, [misreport, trained]]) => [
      prosumer,
      digits(misreport.savingPerDay, 2),
      misreport.factor,
      shares(misreport, "gainOfSaving"),
      shares(trained, "gainOfSaving"),
    ]),
  );
}

/** What becomes of markets in which all learn for themselves. */
function selfishMarkets(setup: string): string {
  const rows = csvRows(`docs/results/selfish_markets_${setup}.csv`);
  return table(
    [
      "mechanism",
      "homes",
      "captured %",
      "then",
      "price gap",
      "then",
      "gainers",
      "lost, % of saving",
    ],
    rows.flatMap((row, k) => row.homesAre === "truthful" ? [[row, rows[k + 1]]] : [])
      .map(([before, after]) => [
        `\`${before.mechanism}\``,
        before.prosumers,
        percent(Number(before.captured)),
        percent(Number(after.captured)),
        digits(before.competitiveDistancePerKwh, 3),
        digits(after.competitiveDistancePerKwh, 3),
        digits(after.gainers, 1),
        shares(after, "lossOfSaving"),
      ]),
  );
}

/** Peaks of R1 without and with a charge for them. */
function peaks(): string {
  const rows = csvRows("docs/results/peaks_R1.csv");
  const of = (setup: string, policy: string) =>
    rows.find((row) => row.setup === setup && row.policy === policy)!;
  return table(
    ["policy", "captured %", "peak kW", "captured %, peak charged", "peak kW, charged"],
    rows.filter(({ setup }) => setup === "R1").map(({ policy }) => [
      `\`${policy}\``,
      ...["R1", "R1-peak"].flatMap((setup) => {
        const { captured, meanPeakKw } = of(setup, policy);
        return [percent(Number(captured)), digits(meanPeakKw, 1)];
      }),
    ]),
  );
}

/** The front of cost against CO2. */
function carbonFront(): string {
  const rows = csvRows("docs/results/pareto_R1.csv").filter((row) =>
    row.policy === "optimum" && row.sweep !== "peak" &&
    ["0", "0.1", "0.2", "0.4", "0.8", "1.6"].includes(row.carbonPricePerKg)
  );
  return table(
    ["charged by", "EUR/kg", "energy EUR/d", "CO2, average kg/d", "CO2, marginal kg/d", "peak kW"],
    rows.map((row) => [
      row.sweep === "carbon" ? "average intensity" : "marginal intensity",
      row.carbonPricePerKg,
      digits(row.energyCostPerDay, 2),
      digits(row.averageEmissionsKgPerDay, 2),
      digits(row.marginalEmissionsKgPerDay, 2),
      digits(row.meanPeakKw, 1),
    ]),
  );
}

/** Budgets of CO2 and the prices that keep them. */
function budgets(): string {
  return table(
    ["budget kg/d", "% of that without", "price that keeps it, EUR/kg", "energy costs more, EUR/d"],
    csvRows("docs/results/carbon_budgets_R1.csv").map((row) => [
      digits(row.budgetKgPerDay, 2),
      digits(String(100 * Number(row.share)), 0),
      row.carbonPricePerKg === "" ? "none up to 3.2" : digits(row.carbonPricePerKg, 2),
      row.extraCostPerDay === "" ? "–" : digits(row.extraCostPerDay, 2),
    ]),
  );
}

/** The chapters by name, each with its claim and its picture. */
function chapters(): string {
  const names = [...Deno.readDirSync(new URL("notebooks", root))].map(({ name }) => name)
    .filter((name) => /^\d\d_\w+\.ipynb$/.test(name)).sort();
  return table(
    ["chapter", "picture"],
    names.map((name) => {
      const notebook = parseNotebook(read(`notebooks/${name}`), name);
      const subject = notebookSubject(notebook);
      return [
        `[**${notebookTitle(notebook)}**](${name})<br>${notebookClaim(notebook)}`,
        `![${subject}](pictures/${name.replace(/ipynb$/, "svg")})`,
      ];
    }),
  );
}

const generators: Readonly<Record<string, () => string>> = {
  tasks,
  chapters,
  columns,
  configuration,
  "ladders": ladders,
  "ladder R3": () => ladder("R3"),
  "ladder R3-homes": () => ladder("R3-homes"),
  "ladder R3-homes unknown": () => ladder("R3-homes-unknown"),
  "power flow": powerFlow,
  "R3 safety": safety,
  "R3 network": network,
  agents,
  rivals,
  "distribution W": distribution,
  "mpc tuning": mpcTuning,
  submitted,
  "Stable-Baselines3": stableBaselines,
  bench: () => measurements("rows"),
  "bench shares": trainingShares,
  "bench scaling": () => measurements("scaling"),
  peers,
  algorithms,
  "responses R1": () => responses("R1"),
  "responses R2": () => responses("R2"),
  "selfish markets R1": () => selfishMarkets("R1"),
  "selfish markets R2": () => selfishMarkets("R2"),
  "peaks R1": peaks,
  "carbon front R1": carbonFront,
  "carbon budgets R1": budgets,
};

/** A page with everything between its markers made anew. */
export function generated(page: string): string {
  return page.replaceAll(
    /<!-- generated: (.+?) -->\n[\s\S]*?<!-- end of \1 -->/g,
    (_, name: string) => {
      if (!Object.hasOwn(generators, name)) throw new Error(`there is no generator "${name}"`);
      return `<!-- generated: ${name} -->\n\n${generators[name]()}\n\n<!-- end of ${name} -->`;
    },
  );
}

/** Pages that are not as generated. */
export function stalePages(): string[] {
  return PAGES.filter((path) => generated(read(path)) !== read(path));
}

if (import.meta.main) {
  const stale = stalePages();
  if (Deno.args.includes("--check")) {
    if (stale.length > 0) {
      console.error(`not as generated: ${stale.join(", ")}; run "deno run -A docs/pages.ts"`);
    }
    Deno.exit(stale.length > 0 ? 1 : 0);
  }
  const { rows, title } = await readLadder([fileURLToPath(new URL(LADDER, root))]);
  const picture = await renderPng(renderSvg(captured(rows, { subject: title })));
  Deno.writeFileSync(new URL("docs/captured.png", root), picture);
  const { responses, markets } = JSON.parse(read("docs/results/exploit_R1.json"));
  const exploits = exploitation({ subject: "R1, 12 test weeks", responses, markets });
  Deno.writeFileSync(new URL("docs/exploit.png", root), await renderPng(renderSvg(exploits)));
  for (const path of stale) {
    Deno.writeTextFileSync(new URL(path, root), generated(read(path)));
    console.log(`wrote ${path}`);
  }
}
