import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { longTest } from "../helpers/cases.ts";
import { CHROMIUM } from "../helpers/browser.ts";
import { inFolder, names } from "../helpers/two_homes.ts";
import { learningCurveText, resultsText } from "../helpers/result_files.ts";
import { refuses, runTask, succeeds } from "../helpers/run_task.ts";

const results = resultsText({
  policies: ["grid-only", "learned"],
  days: 2,
  dtHours: 1,
  prosumers: 2,
});
const RESULT_FIGURES = ["battery_soc", "grid_flow", "market_prices"];

function withFolder(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await use(folder);
  });
}

function asPngAndSvg(figures: readonly string[]): string[] {
  return figures.flatMap((name) => [`${name}.png`, `${name}.svg`]);
}

Deno.test("plot: a run becomes four figures, each as PNG and as SVG", async () => {
  const files = { "evaluation_results.csv": results, "learning_curve.csv": learningCurveText(9) };
  await withFolder(files, async (folder) => {
    const { code, stdout, stderr } = await runTask("plot", [folder]);
    assertEquals([code, stderr], [0, ""]);
    const figures = asPngAndSvg([...RESULT_FIGURES, "learning_curve"]);
    assertEquals(await names(folder), [...figures, ...Object.keys(files)].sort());
    assertStringIncludes(stdout, "grid_flow       learned lowers the mean daily peak by ");
    assertStringIncludes(stdout, `are in ${folder}/`);
    const svg = await Deno.readTextFile(`${folder}/learning_curve.svg`);
    assertStringIncludes(svg, "Training lowers the cost of an episode");
    const png = await Deno.readFile(`${folder}/market_prices.png`);
    assertEquals(String.fromCharCode(...png.subarray(1, 4)), "PNG");
  });
});

Deno.test("plot: the same files make the same figures, bit for bit", async () => {
  const files = { "evaluation_results.csv": results };
  await withFolder(files, async (folder) => {
    const drawn = async () => {
      await runTask("plot", [folder]);
      return await Promise.all(
        asPngAndSvg(RESULT_FIGURES).map((name) => Deno.readFile(`${folder}/${name}`)),
      );
    };
    assertEquals(await drawn(), await drawn());
  });
});

Deno.test("plot: an evaluation has no learning curve, and the task says so", async () => {
  await withFolder({ "evaluation_results.csv": results }, async (folder) => {
    const { stdout } = await succeeds("plot", [folder, "--policy", "grid-only"]);
    assertStringIncludes(stdout, `there is no learning_curve.csv in ${folder}`);
    assertStringIncludes(stdout, "market_prices   grid-only: nobody trades");
    assertEquals((await names(folder)).includes("learning_curve.png"), false);
  });
});

Deno.test("plot: a community without batteries has no state of charge, and the task says so", async () => {
  const options = { policies: ["learned"], days: 1, dtHours: 1, prosumers: 2, batteries: false };
  await withFolder({ "evaluation_results.csv": resultsText(options) }, async (folder) => {
    const { stdout } = await succeeds("plot", [folder]);
    assertStringIncludes(stdout, "battery_soc: not drawn, no prosumer has a battery");
    assertEquals((await names(folder)).includes("grid_flow.png"), true);
  });
});

const faults: readonly [string, Readonly<Record<string, string>>, readonly string[], string][] = [
  ["has neither file", {}, [], "has neither evaluation_results.csv nor learning_curve.csv"],
  [
    "has a garbled cell",
    { "evaluation_results.csv": results.replace("2025-06-01T05:00", "five o'clock") },
    [],
    "evaluation_results.csv, row 12, column timestamp",
  ],
  [
    "has good results beside a learning curve that is cut short",
    {
      "evaluation_results.csv": results,
      "learning_curve.csv": learningCurveText(9).slice(0, -8),
    },
    [],
    "learning_curve.csv, row 10, column currency",
  ],
  [
    "lacks the policy that is asked for",
    { "evaluation_results.csv": results },
    ["--policy", "mpc"],
    'no policy "mpc" in the results; there are grid-only, learned',
  ],
];
for (const [what, files, flags, message] of faults) {
  Deno.test(`plot: a folder that ${what} ends in one line and leaves nothing behind`, async () => {
    await withFolder(files, async (folder) => {
      await refuses("plot", [folder, ...flags], message);
      assertEquals(await names(folder), Object.keys(files).sort());
    });
  });
}

Deno.test("plot: when one figure cannot be written, none is", async () => {
  await withFolder({ "evaluation_results.csv": results }, async (folder) => {
    await Deno.mkdir(`${folder}/grid_flow.png/full`, { recursive: true });
    await refuses("plot", [folder], `cannot write ${folder}/grid_flow.png: it is a folder`);
    assertEquals(await names(folder), ["evaluation_results.csv", "grid_flow.png"]);
  });
});

Deno.test("plot: a folder has to be named", () =>
  refuses("plot", [], "missing DIR: deno task plot DIR [options]"));

Deno.test("plot: figures for a paper have its width, letters of 7 pt and no title", async () => {
  await withFolder({ "evaluation_results.csv": results }, async (folder) => {
    await succeeds("plot", [folder, "--width", "89mm", "--format", "svg", "--no-title"]);
    assertEquals(
      await names(folder),
      [
        ...RESULT_FIGURES.map((name) => `${name}.svg`),
        "evaluation_results.csv",
      ].sort(),
    );
    const svg = await Deno.readTextFile(`${folder}/grid_flow.svg`);
    const [, pixels] = /viewBox="0 0 ([\d.]+) /.exec(svg)!;
    assertStringIncludes(svg, 'width="89mm"');
    const letters = Number(
      /text-anchor="middle"[^>]* font-size="([\d.]+)"|font-size="([\d.]+)"[^>]* text-anchor="middle"/
        .exec(svg)!.slice(1).find(Boolean),
    );
    assertAlmostEquals(letters * 89 / Number(pixels), 7 * 25.4 / 72, 1e-9);
    assertEquals(svg.includes(">learned lowers"), false);
    await refuses("plot", [folder, "--width", "9mm"], "--width must be from 60mm to 400mm");
    await refuses("plot", [folder, "--format", "bmp"], "bmp");
  });
});

longTest(
  "plot: a figure becomes a PDF of one page",
  () =>
    withFolder({ "evaluation_results.csv": results }, async (folder) => {
      await succeeds("plot", [folder, "--format", "pdf", "--width", "183"]);
      const pdf = new TextDecoder("latin1").decode(await Deno.readFile(`${folder}/grid_flow.pdf`));
      assertEquals(pdf.slice(0, 5), "%PDF-");
      assertEquals(pdf.match(/\/Type \/Page\b/g)?.length, 1);
    }),
  CHROMIUM === null,
);
