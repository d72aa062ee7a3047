/**
 * Numbers in the prose of notebooks: each has to stand in the code of the same notebook, as an input
 * or in an assertion, so that executing the chapter checks it.
 *
 * @module
 */

import type { Unclaimed } from "./audit.ts";
import { numberOf } from "./words.ts";
import { numbersIn, page } from "./pages.ts";
import { NOTEBOOK_PLAIN } from "./plain.ts";

/** Numbers of all chapters, and those that the code of their chapter does not hold. */
export async function notebookFindings(
  root: string,
): Promise<{ readonly unclaimed: readonly Unclaimed[]; readonly numbers: number }> {
  const unclaimed: Unclaimed[] = [];
  let numbers = 0;
  const names: string[] = [];
  for await (const { name } of Deno.readDir(`${root}notebooks`)) {
    if (name.endsWith(".ipynb")) names.push(name);
  }
  for (const name of names.sort()) {
    const file = `notebooks/${name}`;
    const cells = cellsOf(await Deno.readTextFile(`${root}${file}`));
    const code = cells.filter(({ isProse }) => !isProse).map(({ source }) => source);
    const held = codeNumbers(code.join("\n"));
    for (const [k, { isProse, source }] of cells.entries()) {
      if (!isProse) continue;
      const stated = statedNumbers(source, file);
      numbers += stated.length;
      unclaimed.push(
        ...stated.filter((text) => !held.has(numberOf(text))).map((text) => ({
          place: `${file}, cell ${k + 1}`,
          number: text,
          line: source.split("\n").find((line) => line.includes(text)) ?? "",
        })),
      );
    }
  }
  return { unclaimed, numbers };
}

/** Cells as text: the reader of `lib/report/` would bring its renderers along. */
function cellsOf(json: string): { isProse: boolean; source: string }[] {
  const { cells } = JSON.parse(json) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  return cells.map(({ cell_type, source }) => ({
    isProse: cell_type === "markdown",
    source: typeof source === "string" ? source : source.join(""),
  }));
}

/** Numbers in Markdown, as digits or as words, but those of plain kinds. */
export function statedNumbers(source: string, file: string): string[] {
  const { prose } = page(file, source);
  const rest = NOTEBOOK_PLAIN.filter((plain) => (plain.file ?? file) === file)
    .reduce((text, { pattern }) => text.replaceAll(new RegExp(pattern.source, "gm"), " "), prose);
  return numbersIn(page(file, rest)).map(({ text }) => text);
}

/** Numbers that stand in code; a share stands for its percentage as well. */
export function codeNumbers(code: string): Set<number> {
  const found = [...code.matchAll(/(?<![\w.])\d[\d_]*(?:\.\d+)?(?:e-?\d+)?/g)]
    .map(([text]) => Number(text.replaceAll("_", "")));
  return new Set(found.flatMap((value) => [value, Number((100 * value).toPrecision(12))]));
}
