/// <reference lib="dom" />

import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { shown } from "../../lib/text/shown.ts";
import { markdownHtml, markdownText, pageHtml } from "../../lib/report/html.ts";
import { anyText } from "../helpers/any_text.ts";
import { cases, longTest } from "../helpers/cases.ts";
import { succeeds } from "../helpers/run_task.ts";
import { fewWeeks, inFolder, names } from "../helpers/two_homes.ts";

/** Becomes an element if it is taken as markup anywhere: in HTML, an attribute or Markdown. */
const MARKER = `</style></code></title>"'><i data-marker=1>[x](javascript:1) **b** <!--`;

/** Elements that only markup from outside can have made. */
function intruders(html: string): string[] {
  const { document } = parseHTML(html);
  return [...document.querySelectorAll("[data-marker], script, base, form, i, iframe, em")]
    .map(({ outerHTML }) => outerHTML);
}

Deno.test("report: whatever stands in a text from elsewhere, Markdown shows it as it is", () => {
  fc.assert(
    fc.property(
      fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...MARKER) })),
      (text) => {
        const html = markdownHtml(`# a ${markdownText(text)} b`);
        const { document } = parseHTML(`<html><body>${html}</body></html>`);
        const heading = document.querySelector("h1")!;
        assertEquals(heading.children.length, 0, html);
        const spaces = (words: string) => words.replaceAll(/\s+/g, " ");
        assertEquals(spaces(heading.textContent), spaces(`a ${shown(text)} b`));
      },
    ),
    { numRuns: cases(100, 500), seed: 5 },
  );
});

const links: readonly [href: string, allowed: boolean][] = [
  ["https://example.org/a:b?c=d", true],
  ["02_second.html", true],
  ["figures/a.svg#x", true],
  ["#part", true],
  ["javascript:alert(1)", false],
  ["JavaScript&colon;alert(1)", false],
  ["data:text/html,x", false],
  ["//example.org", false],
  ["file:///etc/hosts", false],
];
for (const [href, allowed] of links) {
  Deno.test(`report: a link to ${href} ${allowed ? "stays" : "goes nowhere else"}`, () => {
    const { document } = parseHTML(`<html><body>${markdownHtml(`[text](${href})`)}</body></html>`);
    const found = document.querySelector("a")?.getAttribute("href") ?? null;
    if (allowed) assertEquals(found, href);
    // Whatever is left of another one leads to a file beside the page.
    else if (found !== null) assertEquals(new URL(found, "https://page/").origin, "https://page");
    assertEquals(document.querySelector("p")!.textContent, "text");
  });
}

Deno.test("report: markup and pictures in Markdown are text", () => {
  const html = markdownHtml(`${MARKER}\n\n<form action=x>\n\n![seen](https://example.org/x.png)`);
  assertEquals(intruders(`<html><body>${html}</body></html>`), []);
  assertEquals(/<(form|img)/.test(html), false, html);
  assertStringIncludes(html, "seen");
});

Deno.test("report: a page may send nothing and be nowhere else", () => {
  const html = pageHtml({ title: MARKER, body: "", links: [{ label: MARKER, href: MARKER }] });
  assertStringIncludes(html, "base-uri 'none'; form-action 'none'");
  assertEquals(intruders(html), []);
});

longTest(
  "report: names of a data set and of a folder stay text in the page of its run",
  async () => {
    await inFolder(async (parent) => {
      const data = `${parent}/data <i data-marker=2>`, run = `${parent}/run <i data-marker=3>`;
      await fewWeeks(data);
      const file = `${data}/community.json`;
      const community = JSON.parse(await Deno.readTextFile(file));
      community.name = `name ${MARKER}\u202e\n# heading`;
      await Deno.writeTextFile(file, JSON.stringify(community));
      await succeeds("train", ["--data", data, "--timesteps", "100", "--out", run]);
      await succeeds("report", ["--run", run, "--out", `${parent}/pages`]);
      const [page] = (await names(`${parent}/pages`)).filter((name) => name.endsWith(".html"));
      const html = await Deno.readTextFile(`${parent}/pages/${page}`);
      assertEquals(intruders(html), []);
      const { document } = parseHTML(html);
      assertStringIncludes(document.querySelector("h1")!.textContent, `name </style>`);
      assertEquals(document.querySelectorAll("h1").length, 1);
      assertStringIncludes(document.body.textContent, "trained agents in the market");
      assertEquals(html.includes("\u202e"), false);
    });
  },
);
