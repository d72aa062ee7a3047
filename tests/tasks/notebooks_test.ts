import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { notebookClaim, notebookTitle } from "../../lib/report/notebook.ts";
import { chapterName, chapterPaths, readNotebook } from "../../lib/report/chapters.ts";
import { timeFaults } from "../../lib/report/publication.ts";
import { KERNEL_NAME } from "../../lib/programs/jupyter_environment.ts";
import { runTask } from "../helpers/run_task.ts";

const paths = await chapterPaths();
const canary = new URL("../fixtures/canary.ipynb", import.meta.url).pathname;

Deno.test("notebooks: there are eight chapters, numbered in order", () => {
  assertEquals(
    paths.map((path) => chapterName(path).slice(0, 2)).join(" "),
    "01 02 03 04 05 06 07 08",
  );
});

for (const path of paths) {
  const name = chapterName(path);
  Deno.test(`notebooks: ${name} is committed without outputs and asks for this project's kernel`, async () => {
    const text = await Deno.readTextFile(path);
    const { cells } = await readNotebook(path);
    for (const [k, cell] of cells.entries()) {
      if (cell.cell_type === "code") {
        assertEquals([cell.outputs, cell.execution_count], [[], null], `cell ${k + 1}`);
      }
    }
    assertEquals(JSON.parse(text).metadata.kernelspec.name, KERNEL_NAME);
  });

  Deno.test(`notebooks: ${name} claims, asks, asserts, and ends in its limits`, async () => {
    const notebook = await readNotebook(path);
    assertEquals(notebookTitle(notebook).startsWith(`${Number(name.slice(0, 2))} · `), true);
    assert(notebookClaim(notebook).length > 40);
    const sources = notebook.cells.map(({ source }) => source);
    const prose = notebook.cells.filter(({ cell_type }) => cell_type === "markdown");
    const text = prose.map(({ source }) => source).join("\n\n");
    assertStringIncludes(text, "**The question.**");
    assertStringIncludes(text, "## Limits");
    assertEquals(/## (Next|The end)\n/.test(text), true);
    assert(sources.filter((source) => /\bassert\w*\(/.test(source)).length >= 3);
    assertEquals(sources.some((source) => source.includes("console.")), false);
    for (const [, target] of text.matchAll(/\]\((\w+\.ipynb)\)/g)) {
      assertEquals(paths.some((other) => other.endsWith(`/${target}`)), true, target);
    }
  });
}

for (const path of [...paths, canary]) {
  // Read from standard input: of files, `deno fmt --check` calls every notebook unformatted.
  Deno.test(`notebooks: ${chapterName(path)} is formatted as deno fmt does`, async () => {
    const formatter = new Deno.Command(Deno.execPath(), {
      args: ["fmt", "--ext", "ipynb", "--line-width", String(denoJson.fmt.lineWidth), "-"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const committed = await Deno.readTextFile(path);
    const formatted = formatter.output();
    await new Blob([committed]).stream().pipeTo(formatter.stdin);
    const { code, stdout } = await formatted;
    assertEquals([code, new TextDecoder().decode(stdout)], [0, committed]);
  });
}

Deno.test("notebooks: a chapter that does not exist is refused with those that do", async () => {
  const { code, stderr } = await runTask("report", ["--only", "99"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, 'no chapter begins with "99"; there are 01_');
});

Deno.test("notebooks: a slow chapter is a fault only of a limit", () => {
  assertEquals(timeFaults(61.7, Infinity), []);
  assertEquals(timeFaults(61.7, 60), ["it took 62 s, longer than 60 s"]);
});
