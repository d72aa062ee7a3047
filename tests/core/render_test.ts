import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { Resvg } from "@resvg/resvg-js";
import { readResults } from "../../lib/evaluation/results.ts";
import type { Figure } from "../../lib/report/figure.ts";
import { batterySoc } from "../../lib/report/figures/battery_soc.ts";
import { gridFlow } from "../../lib/report/figures/grid_flow.ts";
import { learningCurve } from "../../lib/report/figures/learning_curve.ts";
import { marketPrices } from "../../lib/report/figures/market_prices.ts";
import { renderPng, renderSvg } from "../../lib/report/render.ts";
import { resultsText } from "../helpers/result_files.ts";

async function figures(): Promise<Record<string, Figure>> {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  const policies = ["grid-only", "self-consumption", "learned"];
  await Deno.writeTextFile(path, resultsText({ policies, days: 3, dtHours: 0.25, prosumers: 2 }));
  const results = await readResults(path);
  await Deno.remove(path);
  const options = { currency: "EUR" };
  const points = [20, 15, 12].map((meanEpisodeCost, k) => ({
    timesteps: 50_000 * (k + 1),
    meanEpisodeCost,
    validationCost: k === 1 ? null : meanEpisodeCost - 1,
    currency: "EUR",
  }));
  return {
    "market prices": marketPrices(results, options),
    "grid flow": gridFlow(results, options),
    "battery SoC": batterySoc(results, options),
    "learning curve": learningCurve(points),
  };
}

const plain: Figure = { title: "", subtitle: "", description: "", legend: [], panels: [] };

/** Pixels of a PNG, four bytes each. */
function pixelsOf(png: Uint8Array, width: number, height: number): Uint8Array {
  const href = `data:image/png;base64,${btoa(String.fromCharCode(...png))}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<image href="${href}" width="${width}" height="${height}"/></svg>`;
  return new Resvg(svg).render().pixels;
}

function darkPixels(png: Uint8Array, fromRow: number, toRow: number): number {
  const { width, height } = sizeOf(png);
  const pixels = pixelsOf(png, width, height).subarray(4 * width * fromRow, 4 * width * toRow);
  return pixels.filter((value, k) => k % 4 === 0 && value < 128).length;
}

function sizeOf(png: Uint8Array): { width: number; height: number } {
  const header = new DataView(png.buffer, png.byteOffset);
  return { width: header.getUint32(16), height: header.getUint32(20) };
}

Deno.test("render: every figure is one complete SVG with words, marks and alternative text", async () => {
  for (const [name, figure] of Object.entries(await figures())) {
    const svg = renderSvg(figure);
    assert(svg.startsWith("<svg "), name);
    assertEquals(svg.match(/<svg /g)?.length, 1, name);
    assertStringIncludes(svg, 'xmlns="http://www.w3.org/2000/svg"');
    assertStringIncludes(svg, 'role="img"');
    assertStringIncludes(svg, `aria-label="${figure.title}"`);
    assertStringIncludes(svg, `aria-description="${figure.description}"`);
    for (const { label } of figure.legend) assertStringIncludes(svg, `>${label}</text>`);
    assertGreater(svg.match(/<path /g)!.length, 3, name);
    for (const broken of ["NaN", "undefined", "Infinity", "var(--", "<style"]) {
      assertEquals(svg.includes(broken), false, `${name} has ${broken}`);
    }
  }
});

Deno.test("render: nothing is drawn beyond the edges", async () => {
  for (const [name, figure] of Object.entries(await figures())) {
    const svg = renderSvg(figure);
    const { width, height } = sizeOf(await renderPng(svg, 1));
    // Without the paper, what is left is ink.
    const box = new Resvg(svg.replace(/<rect [^>]*#ffffff[^>]*>/, ""), {
      font: { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
    }).getBBox()!;
    assertGreater(box.x, 5, name);
    assertGreater(box.y, 5, name);
    assertLess(box.x + box.width, width - 5, name);
    assertLess(box.y + box.height, height, name);
  }
});

Deno.test("render: a PNG has the size of the figure times the scale", async () => {
  const svg = renderSvg({ ...plain, panels: [{ height: 100, options: {} }] });
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  const png = await renderPng(svg);
  assertEquals([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  assertEquals(sizeOf(png), { width: 2 * width, height: 2 * height });
});

Deno.test("render: the words of a figure are drawn into the PNG", async () => {
  const words = await renderPng(renderSvg({ ...plain, title: "Words are drawn" }));
  const none = await renderPng(renderSvg({ ...plain, title: "               " }));
  assertEquals(darkPixels(none, 0, 80), 0);
  assertGreater(darkPixels(words, 0, 80), 500);
});

Deno.test("render: a long title goes on in the next line, and its marks are escaped", () => {
  const title = `"${"wide ".repeat(30)}" & <narrow>`;
  const svg = renderSvg({ ...plain, title });
  assertEquals(svg.match(/<text /g)!.length, 3);
  assertStringIncludes(svg, "&amp; &lt;narrow&gt;</text>");
  assertEquals(new Resvg(svg).width, 720);
});

function fontFiles(): string[] {
  return ["DejaVuSans", "DejaVuSans-Bold"].map((name) =>
    decodeURIComponent(new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)).pathname)
  );
}
