/**
 * `deno task jupyter`: JupyterLab with a kernel for the notebooks.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { main } from "../lib/cli/task.ts";
import { KERNEL_NAME, prepareEnvironment, PYTHON } from "../lib/programs/jupyter_environment.ts";

await main({
  name: "jupyter",
  summary: "Makes an environment with Jupyter, registers the kernel and opens the first chapter.",
  options: {
    prepare: { type: "boolean", help: "make the environment and stop" },
  },
  async run({ prepare }) {
    await prepareEnvironment();
    if (prepare) {
      console.log(`Jupyter and the kernel ${KERNEL_NAME} are ready; next: deno task jupyter`);
      return;
    }
    console.log("Opening JupyterLab; Ctrl-C ends it.");
    const lab = new Deno.Command(PYTHON, {
      args: ["-m", "jupyterlab", "notebooks/01_environment_setup.ipynb"],
      cwd: fileURLToPath(new URL("..", import.meta.url)),
    }).spawn();
    // Ctrl-C reaches JupyterLab as well, which ends its kernels and then itself.
    Deno.addSignalListener("SIGINT", () => {});
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => lab.kill("SIGTERM"));
    const { success, code } = await lab.status;
    if (!success) throw new Error(`JupyterLab ended with code ${code}`);
  },
});
