/**
 * The browser of the machine, for printing and for looking.
 *
 * @module
 */

import { writeTogether } from "../disk/whole_files.ts";
import { isMissingProgram } from "../cli/refusal.ts";
import { runProgram } from "./program.ts";

/** Names under which Chromium may be there; `report` in `deno.json` may start these alone. */
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Flags under which Chromium runs without a screen and asks nobody anything. */
export const QUIET_FLAGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Name of a Chromium that can be started; `null` if there is none. */
export async function findChromium(): Promise<string | null> {
  for (const name of BROWSERS) {
    try {
      if ((await runProgram(name, ["--version"])).success) return name;
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
    }
  }
  return null;
}

/** Prints pages as PDF files into a folder; each is put in its place once it is whole. */
export async function printPdf(folder: string, pages: readonly string[]): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (const page of pages) {
    files[page.replace(/\.html$/, ".pdf")] = await printed(`${folder}/${page}`);
  }
  await writeTogether(folder, files);
}

/** A page of HTML as a PDF. */
export async function pdfOf(html: string): Promise<Uint8Array> {
  const page = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.writeTextFile(page, html);
    return await printed(page);
  } finally {
    await Deno.remove(page);
  }
}

async function printed(page: string): Promise<Uint8Array> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("a PDF needs Chromium; install it, or leave PDF out");
  const pdf = await Deno.makeTempFile({ suffix: ".pdf" });
  try {
    const args = [`--print-to-pdf=${pdf}`, "--no-pdf-header-footer", page];
    const { success, stderr } = await runProgram(chromium, [...QUIET_FLAGS, ...args]);
    if (!success) {
      const last = stderr.trim().split("\n").at(-1);
      throw new Error(`${chromium} did not print ${page}: ${last}`);
    }
    return await Deno.readFile(pdf);
  } finally {
    await Deno.remove(pdf);
  }
}

/** Shows a file with the program that the machine has for it. */
export async function openFile(path: string): Promise<void> {
  const { os } = Deno.build;
  const [program, ...first] = os === "darwin"
    ? ["open"]
    : os === "windows"
    ? ["cmd", "/c", "start", ""]
    : ["xdg-open"];
  try {
    await new Deno.Command(program, { args: [...first, path] }).output();
  } catch (error) {
    if (!isMissingProgram(error)) throw error;
    throw new Error(`${program} is missing; open ${path} in a browser instead of --open`);
  }
}
