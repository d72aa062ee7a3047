import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { chapterName, chapterPaths, checkCells, execute } from "../../lib/report/chapters.ts";
import { notebookPicture } from "../../lib/report/notebook.ts";
import { PICTURES } from "../../lib/report/publication.ts";
import { environmentIsReady } from "../../lib/programs/jupyter_environment.ts";
import { runTask } from "../helpers/run_task.ts";

const paths = await chapterPaths();
const canary = new URL("../fixtures/canary.ipynb", import.meta.url).pathname;
const hasJupyter = await environmentIsReady();
if (!hasJupyter) {
  console.log("The notebooks are not run here: there is no Jupyter. Run them: deno task report");
}

Deno.test("notebooks: the cells of all chapters are well typed", async () => {
  await checkCells(paths);
});

Deno.test("notebooks: a type error in a cell is found and placed", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/09_wrong.ipynb`;
  const source = JSON.parse(await Deno.readTextFile(canary));
  source.cells[1].source = ["const wrong: number = 'text';"];
  await Deno.writeTextFile(path, JSON.stringify(source));
  await assertRejects(() => checkCells([path]), Error, "09_wrong.ts");
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "notebooks: a fresh kernel executes a chapter, and shows every fault of the canary",
  ignore: !hasJupyter,
  async fn() {
    const { notebook, faults } = await execute(paths[0]);
    assertEquals(faults, []);
    const picture = new URL(`${chapterName(paths[0])}.svg`, PICTURES);
    assertEquals(notebookPicture(notebook), await Deno.readTextFile(picture));
    const bad = (await execute(canary)).faults.join("\n");
    for (const fault of ["cell 2 printed to stderr", "cell 3 lost output", "cell 4 failed"]) {
      assertStringIncludes(bad, fault);
    }
  },
});

Deno.test({
  name: "notebooks: a chapter beyond a limit that was asked for fails",
  ignore: !hasJupyter,
  async fn() {
    const { code, stdout, stderr } = await runTask("report", ["--only", "01", "--limit", "1"]);
    assertEquals(code, 1);
    assertStringIncludes(stdout, "s, longer than 1 s");
    assertStringIncludes(stderr, "1 of 1 chapters fail; see above");
  },
});
