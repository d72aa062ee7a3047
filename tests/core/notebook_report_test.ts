import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Chapter, chapterPage, chapterPicture, indexPage } from "../../lib/report/book.ts";
import { lines } from "../../lib/report/figures/lines.ts";
import { markdownHtml, pageHtml, tableHtml } from "../../lib/report/html.ts";
import {
  type Notebook,
  notebookClaim,
  notebookCode,
  notebookHtml,
  notebookTitle,
  parseNotebook,
} from "../../lib/report/notebook.ts";
import { policyStyle } from "../../lib/report/palette.ts";
import { mediaBundle, NARROW_SVG, show } from "../../lib/report/show.ts";
import { executionFaults } from "../../lib/report/chapters.ts";

const figure = lines([{
  lines: [{
    label: "cost",
    style: policyStyle("learned"),
    points: [{ x: 0, y: 1 }, { x: 1, y: 2 }],
  }],
  y: { label: "cost [EUR]" },
}], { title: "It rises <fast>", subtitle: "", description: "One line.", x: { label: "time [h]" } });

type Output = Record<string, unknown>;

/** A notebook of one markdown cell and code cells, as Jupyter stores it. */
function notebookOf(...cells: { source: string; outputs?: Output[]; count?: number | null }[]) {
  return parseNotebook(
    JSON.stringify({
      cells: [
        { cell_type: "markdown", source: ["# 1 · First\n", "\n", "> What is\n", "> claimed.\n"] },
        ...cells.map(({ source, outputs = [], count = 1 }) => ({
          cell_type: "code",
          source,
          outputs,
          execution_count: count,
        })),
      ],
    }),
    "first.ipynb",
  );
}

const display = (data: Record<string, string>): Output => ({ output_type: "display_data", data });
const sound = notebookOf({
  source: "await show(figure);",
  outputs: [display({ ...mediaBundle(figure) })],
});
const chapters: Chapter[] = ["01_first", "02_second"].map((name) => ({
  name,
  notebook: sound,
  page: "new",
}));

Deno.test("notebook: title, claim and code are read from the cells", () => {
  assertEquals(notebookTitle(sound), "1 · First");
  assertEquals(notebookClaim(sound), "What is claimed.");
  assertEquals(notebookCode(notebookOf({ source: "a" }, { source: "b" })), "a\n\nb");
});

Deno.test("notebook: what is no notebook is refused with its name", () => {
  assertThrows(() => parseNotebook("{", "x.ipynb"), RangeError, "x.ipynb: not valid JSON");
  assertThrows(
    () => parseNotebook('{"cells": 3}', "x.ipynb"),
    RangeError,
    "x.ipynb: cells",
  );
});

Deno.test("notebook: each kind of fault is found, and a sound chapter has none", () => {
  assertEquals(executionFaults(sound), []);
  const text = { "text/plain": "3" };
  const faulty: [Notebook, string][] = [
    [notebookOf({ source: "1", count: null }), "cell 2 was not executed"],
    [
      notebookOf({
        source: "throw new Error()",
        outputs: [{ output_type: "error", ename: "Error", evalue: "no", traceback: [] }],
      }),
      "cell 2 failed: Error: no",
    ],
    [
      notebookOf({
        source: "1",
        outputs: [{ output_type: "stream", name: "stderr", text: "oh\n" }],
      }),
      "cell 2 printed to stderr: oh",
    ],
    [notebookOf({ source: "await show(1); await show(2);", outputs: [display(text)] }), "1 of 2"],
    [
      notebookOf({ source: "3", outputs: [{ output_type: "execute_result", data: text }] }),
      "value",
    ],
  ];
  for (const [notebook, fault] of faulty) {
    const faults = executionFaults(notebook);
    assertEquals(faults.length, 1, faults.join());
    assertStringIncludes(faults[0], fault);
  }
});

Deno.test("show: a figure has a wide and a narrow drawing, and its finding as text", () => {
  const bundle = mediaBundle(figure);
  assertStringIncludes(bundle["image/svg+xml"], 'viewBox="0 0 720 ');
  assertStringIncludes(bundle[NARROW_SVG], 'viewBox="0 0 358 ');
  assertStringIncludes(bundle["image/svg+xml"], 'xmlns="http://www.w3.org/2000/svg"');
  assertEquals(bundle["text/plain"], "It rises <fast>");
});

Deno.test("show: a table is HTML with escaped cells and numbers to the right", () => {
  const html =
    mediaBundle({ header: ["home", "cost"], rows: [["<a>", "1.50"], ["b", "–"]] })["text/html"];
  assertStringIncludes(html, "<td>&lt;a&gt;</td>");
  assertStringIncludes(html, '<td class="number">1.50</td>');
  assertEquals(tableHtml({ header: ["x"], rows: [["1.5 kW"]] }).includes("number"), false);
});

Deno.test("show: outside a notebook it says how to get into one", async () => {
  const error = await show("text").then(() => null, (reason: Error) => reason);
  assertStringIncludes(String(error?.message), "deno task jupyter");
});

Deno.test("report: outputs are shown, code is folded, and links between chapters lead to pages", () => {
  const html = notebookHtml(parseNotebook(
    JSON.stringify({
      cells: [
        { cell_type: "markdown", source: "see [next](02_second.ipynb)" },
        {
          cell_type: "code",
          source: 'assertEquals("<b>", 1);',
          outputs: [],
          execution_count: 1,
        },
      ],
    }),
    "x",
  ));
  assertStringIncludes(html, 'href="02_second.html"');
  assertStringIncludes(html, "<summary>Checked by assertions</summary>");
  assertEquals(html.includes("<b>"), false);
});

Deno.test("report: a page forbids every request and holds no script", () => {
  const pages = [chapterPage(chapters, 0), indexPage(chapters, "# All", "<p>end</p>")];
  for (const html of pages) {
    assertStringIncludes(html, "default-src 'none'");
    assertEquals(/<script|<link[^>]+stylesheet|@import|src="(?!data:)/.test(html), false);
    assertEquals(/(?:href|src)="(?:https?:|file:|\/)/.test(html), false);
  }
});

Deno.test("report: chapters lead to their neighbours, and the index to all of them", () => {
  assertStringIncludes(
    chapterPage(chapters, 0),
    '<a rel="next" href="02_second.html">1 · First →</a>',
  );
  assertStringIncludes(
    chapterPage(chapters, 1),
    '<a rel="prev" href="01_first.html">← 1 · First</a>',
  );
  const index = indexPage(chapters, "# All", "");
  for (const { name } of chapters) assertStringIncludes(index, `href="${name}.html"`);
  assertEquals(index.match(/<svg aria-hidden="true"/g)?.length, 2);
});

Deno.test("report: a chapter without figure cannot be published", () => {
  const bare = { name: "03_bare", notebook: notebookOf({ source: "1" }), page: "new" } as const;
  assertThrows(() => chapterPicture(bare), RangeError, "03_bare has no figure");
});

Deno.test("report: the index says which chapter is from an earlier run, and which is not there", () => {
  const states = ["new", "earlier", "none"] as const;
  const index = indexPage(
    states.map((page, k) => ({ ...chapters[0], name: `0${k}_a`, page })),
    "",
    "",
  );
  assertEquals(index.match(/<li><a /g)?.length, 2);
  assertStringIncludes(index, "From an earlier run");
  assertEquals(index.includes('href="02_a.html"'), false);
});

Deno.test("report: searches and previews are told what a page is about and where it is", () => {
  const page = chapterPage(chapters, 1, "https://example.org/book/");
  for (
    const tag of [
      '<meta name="description" content="What is claimed.">',
      '<meta property="og:image" content="https://example.org/book/02_second.png">',
      '<link rel="canonical" href="https://example.org/book/02_second.html">',
      '<meta name="color-scheme" content="light dark">',
    ]
  ) assertStringIncludes(page, tag);
  assertStringIncludes(chapterPage(chapters, 1), 'content="02_second.png"');
  assertEquals(chapterPage(chapters, 1).includes("canonical"), false);
});

Deno.test("report: markdown tables scroll by themselves", () => {
  const html = markdownHtml("| a |\n| --- |\n| 1 |");
  assertStringIncludes(html, '<div class="table"><table>');
  assert(pageHtml({ title: "t", body: html, links: [] }).includes("</table></div>"));
});
