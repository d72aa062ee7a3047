import { assertEquals, assertMatch } from "@std/assert";
import { copy } from "../helpers/copy.ts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Check, examine, type Finding } from "../../tasks/doctor/finding.ts";
import { isAtLeast, machineChecks } from "../../tasks/doctor/machine.ts";
import { projectChecks } from "../../tasks/doctor/project.ts";
import { outcome, runTask } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

async function found(checks: readonly Check[], what: string): Promise<Finding> {
  return await examine(checks.find((check) => check.what === what)!);
}

Deno.test("doctor: a sound machine gets a tick for all that is required", async () => {
  const { code, stdout, stderr } = await runTask("doctor", ["--json"]);
  assertEquals([code, stderr], [0, ""]);
  const findings: Finding[] = JSON.parse(stdout);
  const whats = findings.filter(({ required }) => required).map(({ what }) => what);
  assertEquals(whats.length, 12);
  for (const { what, required, ok, detail, remedy } of findings) {
    assertEquals(ok || !required, true, `${what}: ${detail}`);
    assertEquals(remedy === null, ok, what);
  }
});

Deno.test("doctor: an unknown flag is one line, and --help says what there is", async () => {
  const wrong = await runTask("doctor", ["--jsn"]);
  assertEquals([wrong.code, wrong.stdout], [1, ""]);
  assertMatch(wrong.stderr, /^error: Unknown option '--jsn'; "deno task doctor --help" .*\n$/);
  const { code, stdout } = await runTask("doctor", ["--help"]);
  assertEquals(code, 0);
  assertMatch(stdout, /--json {2}print the result as JSON/);
});

Deno.test("doctor: versions are compared by their parts", () => {
  const at = (version: string) => isAtLeast(version, "2.9.6");
  assertEquals(["2.9.6", "2.10.0", "3.0.0", "2.9.6+abc"].map(at), [true, true, true, true]);
  assertEquals(["2.9.5", "1.46.3", "2.8.99"].map(at), [false, false, false]);
});

Deno.test("doctor: an old Deno is named with the one to install", async () => {
  const checks = machineChecks(root, { deno: "2.1.4", v8: "13", typescript: "5" });
  const { ok, detail, remedy } = await found(checks, "Deno");
  assertEquals([ok, detail], [false, "2.1.4 is older than 2.9.6"]);
  assertMatch(remedy!, /^install Deno 2\.9\.6 or later/);
});

Deno.test("doctor: kernels that were not made from their source are noticed", async () => {
  await inFolder(async (folder) => {
    await copy(join(root, "lib/ppo/wasm"), join(folder, "lib/ppo/wasm"));
    const source = join(folder, "lib/ppo/wasm/assembly/kernels.ts");
    await Deno.writeTextFile(source, "\n// changed", { append: true });
    const { ok, detail, remedy } = await found(projectChecks(folder), "network kernels");
    assertEquals(ok, false);
    assertMatch(
      detail,
      /^their source has SHA-256 \w{12}…, but they were made from one with \w{12}…$/,
    );
    assertMatch(remedy!, /deno task build:kernels/);
  });
});

Deno.test("doctor: kernels that are cut short are noticed", async () => {
  await inFolder(async (folder) => {
    await copy(join(root, "lib/ppo/wasm"), join(folder, "lib/ppo/wasm"));
    const binary = join(folder, "lib/ppo/wasm/binary.ts");
    const text = await Deno.readTextFile(binary);
    await Deno.writeTextFile(binary, text.replace(/(kernelsBase64 =\s+"[^"]{400})[^"]*/, "$1"));
    const { ok, detail } = await found(projectChecks(folder), "network kernels");
    assertEquals(ok, false);
    assertMatch(detail, /WebAssembly/);
  });
});

Deno.test("doctor: packages that the lock file names and that are not there are counted", async () => {
  await inFolder(async (folder) => {
    await Deno.copyFile(join(root, "deno.lock"), join(folder, "deno.lock"));
    const { ok, detail, remedy } = await found(projectChecks(folder), "packages");
    assertEquals(ok, false);
    assertMatch(detail, /^(\d+) of \1 are not in node_modules: /);
    assertMatch(remedy!, /deno install --frozen/);
  });
});

Deno.test("doctor: a folder that cannot be written is named", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "runs"), "a file in the place of the folder");
    const [runs, reports] = [
      await found(projectChecks(folder), "folder runs/"),
      await found(projectChecks(folder), "folder reports/"),
    ];
    assertEquals([runs.ok, reports.ok], [false, true]);
    assertMatch(runs.remedy!, /^let yourself write in runs\//);
    assertEquals(Array.from(Deno.readDirSync(join(folder, "reports"))), []);
  });
});

Deno.test("doctor: without packages and programs it still says all, and fails for what is required", async () => {
  await inFolder(async (folder) => {
    for (const part of ["tasks", "lib", "notebooks/requirements.txt", "deno.lock"]) {
      await copy(join(root, part), join(folder, part));
    }
    const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
    await Deno.writeTextFile(
      join(folder, "deno.json"),
      JSON.stringify({ ...config, nodeModulesDir: "manual", links: [] }),
    );
    const { code, stdout, stderr } = outcome(
      await new Deno.Command(Deno.execPath(), {
        args: ["run", "--allow-all", join(folder, "tasks/doctor.ts")],
        cwd: folder,
        env: { NO_COLOR: "1", PATH: folder },
      }).output(),
    );
    assertEquals([code, stderr], [1, ""]);
    const lines = stdout.split("\n");
    const lineOf = (what: string) => lines.find((line) => line.slice(2).startsWith(what)) ?? "";
    for (const what of ["packages", "Polars", "HiGHS", "resvg and fonts"]) {
      assertMatch(lineOf(what), /^✗ .*; fetch .*deno install --frozen/, what);
    }
    assertMatch(lineOf("Jupyter (optional)"), /^– .*; needed for the chapters only/);
    assertMatch(
      lineOf("Chromium (optional)"),
      /^– .*there is none on PATH; needed for "report --pdf"/,
    );
    assertMatch(lineOf("network kernels"), /^✓ /);
    assertMatch(stdout, /\n4 of 17 are missing: mend them, then look again\.\n$/);
  });
});
