/**
 * The browser of the machine, for printing and for looking.
 *
 * @module
 */

import { isMissingProgram } from "./permissions/refusal.ts";

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

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Name of a Chromium that can be started; `null` if there is none. */
export async function findChromium(): Promise<string | null> {
  for (const name of NAMES) {
    try {
      const { success } = await new Deno.Command(name, { args: ["--version"] }).output();
      if (success) return name;
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
    }
  }
  return null;
}

/** Prints pages as PDF files beside them. */
export async function printPdf(pages: readonly string[]): Promise<void> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("--pdf needs Chromium; install it, or leave out --pdf");
  for (const page of pages) {
    const pdf = page.replace(/\.html$/, ".pdf");
    const args = [...QUIET_FLAGS, `--print-to-pdf=${pdf}`, "--no-pdf-header-footer", page];
    const { success, stderr } = await new Deno.Command(chromium, { args }).output();
    if (success) continue;
    const last = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
    throw new Error(`${chromium} did not print ${page}: ${last}`);
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
