/**
 * Programs that only some tasks use: Jupyter for the chapters, Chromium for PDF.
 *
 * @module
 */

import { join } from "node:path";
import { findChromium } from "../browser.ts";
import { environmentIsReady, KERNEL_NAME, PYTHON } from "../jupyter_environment.ts";
import type { Check } from "./finding.ts";

const PREPARE = 'needed for the chapters only: call "deno task jupyter --prepare", which needs ' +
  "Python 3 with its venv module";

/** The programs. */
export function programChecks(): Check[] {
  return [
    {
      what: "Jupyter",
      required: false,
      remedy: PREPARE,
      async look() {
        if (!await environmentIsReady()) throw new Error("there is none in .venv/, or an old one");
        const { success, stdout } = await new Deno.Command(PYTHON, {
          args: ["-m", "jupyterlab", "--version"],
          env: { NO_COLOR: "1" },
        }).output();
        if (!success) throw new Error("JupyterLab in .venv/ does not start");
        return `JupyterLab ${new TextDecoder().decode(stdout).trim()} in .venv/`;
      },
    },
    {
      what: "Jupyter's kernel",
      required: false,
      remedy: PREPARE,
      async look() {
        const file = join(PYTHON, "../../share/jupyter/kernels", KERNEL_NAME, "kernel.json");
        const kernel = await Deno.readTextFile(file).then(JSON.parse, () => null);
        if (kernel === null) throw new Error(`the kernel ${KERNEL_NAME} is not registered`);
        if (kernel.argv?.[0] === Deno.execPath()) return `${KERNEL_NAME} is this Deno`;
        throw new Error(`the kernel ${KERNEL_NAME} starts ${kernel.argv?.[0]}, another Deno`);
      },
    },
    {
      what: "Chromium",
      required: false,
      remedy: 'needed for "report --pdf" only: install chromium and see that it is on PATH',
      async look() {
        const name = await findChromium();
        if (name === null) throw new Error("there is none on PATH");
        return name;
      },
    },
  ];
}
