import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { join } from "node:path";
import denoJson from "../../deno.json" with { type: "json" };
import { readArguments } from "../../tasks/permissions/arguments.ts";
import { allowed, attack } from "../../tasks/permissions/attack.ts";
import { flagsOf, taskNames } from "../../tasks/permissions/direct.ts";
import { type ConfinedTask, confinedTasks } from "../../tasks/permissions/needs.ts";
import { inPlainWords } from "../../lib/cli/refusal.ts";
import { sandboxFlags, taskModule } from "../../tasks/permissions/sandbox.ts";
import { outcome, runTask } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

const root = new URL("../..", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));
const LAUNCHER = "deno run --allow-read --allow-run --allow-env=PATH tasks/confined.ts";
/** These run Deno's own tools over everything, or make links, which takes the right to write anywhere. */
const UNCONFINED = ["check", "fuzz:files", "mutate", "test"];

/** The paths, names or addresses that are allowed with these arguments. */
function grant(kind: string, name: ConfinedTask, ...args: string[]): string[] {
  const flag = sandboxFlags(name, args).find((flag) => flag.startsWith(`--allow-${kind}=`));
  return flag?.slice(`--allow-${kind}=`.length).split(",") ?? [];
}

/** Starts a task as `deno task` does, launcher included. */
function launch(name: ConfinedTask, args: readonly string[], stdin: "null" | "piped" = "null") {
  return new Deno.Command(Deno.execPath(), {
    args: [...LAUNCHER.split(" ").slice(1), name, ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

for (const name of taskNames.filter((name) => !UNCONFINED.includes(name))) {
  Deno.test(`permissions: a probe in the place of ${name} is refused all that it tries`, async () => {
    assertEquals(allowed(await attack(flagsOf(name)!)), []);
  });
}

Deno.test("permissions: all but tools and attackers are confined, and no permission is bare", () => {
  const bare = taskNames.filter((name) => !UNCONFINED.includes(name)).filter((name) => {
    const { command } = denoJson.tasks[name];
    return command !== `${LAUNCHER} ${name}` && /--allow-\w+(?![\w=-])|-A\b/.test(command);
  });
  assertEquals(bare, []);
  const launched = taskNames.filter((name) => denoJson.tasks[name].command.includes(LAUNCHER));
  assertEquals(launched.sort(), [...confinedTasks].sort());
});

Deno.test("permissions: the probe sees what is allowed where everything is", async () => {
  const can = allowed(await attack(["--allow-all"]));
  assertEquals(can.length, 12);
  assertEquals(allowed(await attack(["--allow-net=127.0.0.1"])), [
    "reach a server",
    "listen at a port",
  ]);
});

Deno.test("permissions: the task finds nothing to narrow, and says who is not confined", async () => {
  const { code, stdout, stderr } = await runTask("permissions", ["--json"]);
  assertEquals([code, stderr], [0, ""]);
  const rows: { task: string; attempts: number }[] = JSON.parse(stdout);
  assertEquals(rows.map(({ task }) => task), taskNames);
  const free = rows.filter(({ attempts }) => attempts === 0).map(({ task }) => task);
  assertEquals(free.sort(), UNCONFINED);
});

Deno.test("permissions: the README lists every task", () => {
  const section = readme.split("## Permissions")[1].split("\n## ")[0];
  assertEquals(taskNames.filter((name) => !section.includes(`\`${name}\``)), []);
});

Deno.test("permissions: arguments are taken apart without knowing the flags of a task", () => {
  const { values, positionals, option, has } = readArguments(
    ["describe", "--days", "3", "--out=a=b", "--json", "--verbose", "x", "--out", "c"],
  );
  assertEquals(values, ["describe", "3", "a=b", "x", "c"]);
  assertEquals(positionals, ["describe", "x"]);
  assertEquals([option("days"), option("out"), option("model")], ["3", "c", undefined]);
  assertEquals([has("json"), has("pdf")], [true, false]);
});

Deno.test("permissions: what an argument names may be read, and written only if it says so", () => {
  const args = ["--data", "../mine", "--out=/elsewhere/x", "--config", "c.json"];
  const paths = [join(Deno.cwd(), "../mine"), "/elsewhere/x", join(Deno.cwd(), "c.json")];
  const read = grant("read", "train", ...args);
  assertEquals(paths.filter((path) => !read.includes(path)), []);
  assertEquals(grant("write", "train", ...args), [join(Deno.cwd(), "runs"), "/elsewhere/x"]);
  assertEquals(grant("write", "clear", "books.json"), []);
  const several = grant("read", "evaluate", "--policies", "mpc,optimum");
  assertEquals([several.includes(join(Deno.cwd(), "mpc")), several.includes(Deno.cwd())], [
    true,
    false,
  ]);
  assertEquals(grant("write", "data", "describe", "/elsewhere"), []);
});

Deno.test("permissions: models of several seeds may be written beside the one that is named", () => {
  const write = grant("write", "evaluate", "--seeds", "2", "--model", "/m/a");
  assertEquals(write.slice(-2), ["/m/a-seed42", "/m/a-seed43"]);
});

Deno.test("permissions: only the host of an address that is named may be reached", () => {
  const from = (address: string) => grant("net", "data", "import-citylearn", address, "to");
  assertEquals(from("https://example.org/x/schema.json"), ["example.org:443"]);
  assertEquals(from("http://example.org:8080"), ["example.org:8080"]);
  assertEquals(from("folder"), []);
  assertEquals(grant("net", "realtime", "--port", "9000", "--host=0.0.0.0"), ["0.0.0.0:9000"]);
  assertEquals(grant("net", "train", "--data", "https://example.org/"), []);
});

Deno.test("permissions: the data set that a named model records may be read, nothing else", async () => {
  await inFolder(async (folder) => {
    const [model, data] = [join(folder, "model"), join(folder, "data")];
    await Deno.mkdir(model);
    await Deno.mkdir(data);
    const content = { configuration: { source: { data } } };
    await Deno.writeTextFile(join(model, "model.json"), JSON.stringify({ content }));
    const isRead = () => grant("read", "evaluate", "--model", model).includes(data);
    assertEquals(isRead(), false);
    await Deno.writeTextFile(join(data, "community.json"), "{}");
    assertEquals(isRead(), true);
    assertEquals(grant("write", "evaluate", "--model", model).includes(data), false);
  });
});

Deno.test("permissions: folders with commas, links and relative names go on working", async () => {
  await inFolder(async (folder) => {
    const odd = join(folder, "a, b");
    await Deno.mkdir(odd);
    await Deno.writeTextFile(join(odd, "books.json"), '{"bids": [], "asks": []}');
    await Deno.symlink(odd, join(folder, "link"));
    const relative = join("..", "..", "..", "..", "..", "..", "..", "..", folder, "link");
    for (const place of [odd, join(folder, "link"), relative]) {
      const { code, stderr } = await runTask("clear", [join(place, "books.json"), "--json"]);
      assertEquals([code, stderr], [0, ""], place);
    }
  });
});

Deno.test("permissions: what is refused is said in one line that names the remedy", async () => {
  const { code, stderr } = outcome(
    await new Deno.Command(Deno.execPath(), {
      args: ["run", ...sandboxFlags("city", []), taskModule("clear"), "LICENSE"],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output(),
  );
  assertEquals(code, 1);
  assertEquals(
    stderr,
    'error: this task may not read "LICENSE"; name it in an argument of this task, or put it into ' +
      "data/ or runs/\n",
  );
  assertMatch(
    inPlainWords('Requires net access to "a.org:443", run again with the --allow-net flag'),
    /^this task may not reach "a.org:443"; name this very address/,
  );
  assertEquals(inPlainWords("Requires patience"), "Requires patience");
});

Deno.test("launcher: standard input, output and exit code are those of the task", async () => {
  const good = launch("clear", ["-", "--json"], "piped");
  const writer = good.stdin.getWriter();
  await writer.write(new TextEncoder().encode('{"bids": [], "asks": []}'));
  await writer.close();
  const { code, stdout } = outcome(await good.output());
  assertEquals([code, JSON.parse(stdout).volumeKwh], [0, 0]);
  const bad = outcome(await launch("clear", ["no such file"]).output());
  assertEquals([bad.code, bad.stdout], [1, ""]);
  assertMatch(bad.stderr, /^error: no such file does not exist; .*\n$/);
});

Deno.test("launcher: a task that is not in the table is refused with those that are", async () => {
  const { code, stderr } = outcome(await launch("nothing" as ConfinedTask, []).output());
  assertEquals(code, 1);
  assertMatch(stderr, /^error: no task "nothing" starts confined; there are: train, .*\n$/);
});

Deno.test({
  name: "launcher: signals reach the task, which ends as it chooses",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inFolder(async (folder) => {
      const args = ["--workers", "1", "--out", join(folder, "run")];
      const child = launch("train", args);
      const complaints = new Response(child.stderr).text();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      let asked = false;
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
        if (asked || !text.includes("Training ")) continue;
        asked = true;
        child.kill("SIGINT");
      }
      await child.status;
      const said = text + await complaints;
      assertMatch(said, /Stopped and saved; go on with: deno task train --resume/);
    });
  },
});

Deno.test({
  name: "launcher: a task does not outlive the command that was killed",
  ignore: Deno.build.os === "windows",
  async fn() {
    const port = freePort();
    const child = new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "realtime", "--port", String(port)],
      cwd: root,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("Open http")) text += (await reader.read()).value ?? "no output";
    child.kill("SIGKILL");
    await child.status;
    const began = performance.now();
    const answers = () => fetch(`http://127.0.0.1:${port}/`).then((r) => r.text(), () => null);
    while (await answers() !== null) {
      assertGreater(10_000, performance.now() - began, "the server still answers");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await reader.cancel();
    await child.stderr.cancel();
  },
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
