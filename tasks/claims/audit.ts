/**
 * Checks all pages: what is claimed is compared with its source, and every number that nothing
 * claims is named.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { check, type Claim, covered, type Effort, type Finding, matches } from "./claim.ts";
import { notebookFindings } from "./notebooks.ts";
import { lineOf, numbersIn, type Page, page } from "./pages.ts";
import { PLAIN, type Plain } from "./plain.ts";
import { claims } from "./registry.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Pages in which every number is claimed, or of a kind that needs no source. */
export const STRICT_PAGES: readonly string[] = [
  "README.md",
  "data/README.md",
  "docs/kpis.md",
  "docs/learning.md",
];

/**
 * Pages of measurements that were made once, on the machine that they name: every section with a
 * number names the command that printed it.
 */
export const LOGBOOKS: readonly string[] = ["docs/performance.md", "docs/testing.md"];

/** Committed results that say the same in another form. */
const RESULT_PAGES: readonly string[] = ["docs/results/ladder_R1.md"];

/** A number that nothing stands behind. */
export interface Unclaimed {
  /** `file:line`. */
  readonly place: string;
  readonly number: string;
  /** The line, shortened. */
  readonly line: string;
}

/** What an audit finds. */
export interface Audit {
  readonly findings: readonly Finding[];
  readonly unclaimed: readonly Unclaimed[];
  /** Numbers that were looked at. */
  readonly numbers: number;
}

/** Reads a page of the repository. */
export async function readPage(file: string): Promise<Page> {
  return page(file, await Deno.readTextFile(`${ROOT}${file}`));
}

/** Checks everything that `efforts` allow. */
export async function audit(
  efforts: readonly Effort[],
  say: (line: string) => void = () => {},
): Promise<Audit> {
  const findings: Finding[] = [];
  const pages = new Map<string, Page>();
  for (const file of [...STRICT_PAGES, ...LOGBOOKS, ...RESULT_PAGES]) {
    pages.set(file, await readPage(file));
  }
  for (const claim of claims) {
    if (claim.effort !== "read" && efforts.includes(claim.effort)) say(claim.by);
    findings.push(...await check(claim, pages.get(claim.file)!, efforts));
  }
  const strict = STRICT_PAGES.map((file) => pages.get(file)!);
  const logbooks = LOGBOOKS.map((file) => pages.get(file)!);
  const notebooks = await notebookFindings(ROOT);
  return {
    findings: [...findings, ...stale(strict)],
    unclaimed: [
      ...strict.flatMap((page) => unclaimed(page, claims, PLAIN)),
      ...logbooks.flatMap(unattributed),
      ...notebooks.unclaimed,
    ],
    numbers: [...strict, ...logbooks].reduce((sum, page) => sum + numbersIn(page).length, 0) +
      notebooks.numbers,
  };
}

/** Numbers of a page that neither a claim nor a plain kind covers. */
export function unclaimed(
  page: Page,
  claims: readonly Claim[],
  plain: readonly Plain[],
): Unclaimed[] {
  const ranges = [
    ...claims.filter(({ file }) => file === page.file).flatMap((claim) => covered(claim, page)),
    ...plain.filter(({ file }) => file === undefined || file === page.file)
      .flatMap(({ pattern }) => matches(pattern, page.text))
      .map(({ index, 0: { length } }) => [index, index + length] as const),
  ];
  return numbersIn(page)
    .filter(({ at, end }) => !ranges.some(([from, to]) => from <= at && end <= to))
    .map(({ at, text }) => nameless(page, at, text));
}

/** Numbers of a logbook in sections that name no command. */
export function unattributed(page: Page): Unclaimed[] {
  const introduction = page.text.split(/^## /m)[0];
  const always = COMMAND.test(introduction);
  const starts = [...page.text.matchAll(/^## /gm)].map(({ index }) => index);
  const isHeading = (at: number) => page.text[page.text.lastIndexOf("\n", at) + 1] === "#";
  return numbersIn(page).filter(({ at }) => {
    if (isHeading(at)) return false;
    const from = starts.findLast((start) => start <= at) ?? 0;
    const to = starts.find((start) => start > at) ?? page.text.length;
    return !always && !COMMAND.test(page.text.slice(from, to));
  }).map(({ at, text }) => nameless(page, at, text));
}

/** In the text, or a line of its own. */
const COMMAND = /(?:`|^ *)deno (?:task|test|bench) /m;

/** Plain kinds that no longer occur, so that the list does not outlive its reasons. */
function stale(pages: readonly Page[]): Finding[] {
  return PLAIN.filter(({ file, pattern }) =>
    !pages.some((page) =>
      (file ?? page.file) === page.file && matches(pattern, page.text).length > 0
    )
  ).map(({ file, pattern, why }) => ({
    place: file ?? "every page",
    stated: String(pattern),
    measured: "",
    verdict: "not found",
    by: `tasks/claims/plain.ts: ${why}`,
  }));
}

function nameless(page: Page, at: number, number: string): Unclaimed {
  const line = lineOf(page, at);
  const text = page.text.split("\n")[line - 1].trim();
  return {
    place: `${page.file}:${line}`,
    number,
    line: text.length > 100 ? `${text.slice(0, 97)}…` : text,
  };
}
