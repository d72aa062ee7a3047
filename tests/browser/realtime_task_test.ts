import { assertEquals, assertMatch, assertNotMatch, assertRejects } from "@std/assert";
import { listen } from "../../lib/live/listen.ts";
import { MachineSources } from "../../lib/live/machine_sources.ts";
import { Run } from "../../lib/live/run.ts";
import { startDashboard } from "../helpers/browser.ts";
import { runTask, succeeds } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

/** A port that is taken as long as it is held. */
function takenPort() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return { port: listener.addr.port, [Symbol.dispose]: () => listener.close() };
}

/** What a server on this machine answers who calls it by a name. */
async function statusUnder(name: string, port: string): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const request = `GET / HTTP/1.1\r\nHost: ${name}:${port}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const text = await new Response(connection.readable).text();
  return Number(text.split(" ")[1]);
}

const answer = () => Promise.resolve(new Response("here"));

Deno.test("realtime: a port that was asked for and is taken ends the task in one line", async () => {
  using taken = takenPort();
  const { code, stderr } = await runTask("realtime", ["--port", String(taken.port)]);
  assertEquals(code, 1);
  assertMatch(stderr, new RegExp(`^error: port ${taken.port} is taken; choose another --port`));
  assertEquals(stderr.trim().split("\n").length, 1);
});

Deno.test("realtime: where the usual port is taken it says so and takes the next", async () => {
  using taken = takenPort();
  const closing = new AbortController();
  const { url, notes, finished } = listen(
    { host: "127.0.0.1", port: undefined, firstPort: taken.port, signal: closing.signal },
    answer,
  );
  assertMatch(notes.join("\n"), new RegExp(`^Port ${taken.port} is taken; trying the next`));
  assertEquals(await (await fetch(url)).text(), "here");
  closing.abort();
  await finished;
});

Deno.test("realtime: opened to the network it says what that means, and only then", async () => {
  const warning = /everybody who can reach this machine.*no password and no encryption/;
  await using wide = await startDashboard(["--host", "0.0.0.0"]);
  assertMatch(wide.printed, warning);
  assertEquals((await (await fetch(wide.url)).text()).startsWith("<!DOCTYPE html>"), true);
  await using named = await startDashboard(["--host", "homes.test"]);
  assertMatch(named.printed, warning);
  assertMatch(named.url, /^http:\/\/homes\.test:\d+\/$/);
  const { port } = new URL(named.url);
  assertEquals(await statusUnder("homes.test", port), 200);
  assertEquals(await statusUnder("other.test", port), 421);
  await using own = await startDashboard();
  assertNotMatch(own.printed, warning);
});

Deno.test("realtime: an address that is none of this machine's is named", async () => {
  const { code, stderr } = await runTask("realtime", ["--host", "203.0.113.7"]);
  assertEquals(code, 1);
  assertMatch(stderr, /^error: cannot listen at 203\.0\.113\.7:\d+: .*choose another --host/);
});

Deno.test("realtime: without a model it starts all the same and says how to train one", async () => {
  await using dashboard = await startDashboard(["--data", "data/sample"]);
  const page = await (await fetch(dashboard.url)).text();
  assertMatch(page, /<meta name="token" content="[\w-]{36}">/);
  for (const path of ["page.js", "page.css", "icon.svg"]) {
    const response = await fetch(`${dashboard.url}${path}`);
    assertEquals(response.status, 200);
    await response.body?.cancel();
  }
});

Deno.test("realtime: a trained model is what is played, by the rules that it was trained under", async () => {
  await inFolder(async (folder) => {
    const train = async (name: string, config: string) => {
      await Deno.writeTextFile(`${folder}/${name}.json`, config);
      await succeeds("train", [
        ...["--config", `${folder}/${name}.json`, "--prosumers", "2", "--timesteps", "480"],
        ...["--out", `${folder}/${name}`],
      ]);
      return `learned:${folder}/${name}`;
    };
    const plain = await train("plain", "{}");
    const inelastic = await train("inelastic", '{"environment":{"market":{"orders":"inelastic"}}}');
    const offers = new MachineSources({ model: `${folder}/plain` });
    const setup = await offers.defaultSetup();
    assertEquals(setup.policy, plain);
    const run = await Run.at("run", { setup, step: 3, incidents: [] }, offers);
    assertEquals(run.day.records[0].policy, plain);
    assertEquals(run.day.step, 3);
    assertEquals((await offers.choices()).hint, null);
    offers.close();
    const other = new MachineSources({ model: `${folder}/inelastic` });
    await assertRejects(
      () => other.players([plain, "mpc"], 1),
      RangeError,
      "policy must be one of",
    );
    const { config } = await other.players([inelastic, "mpc"], 1);
    assertEquals(config.market.orders, "inelastic");
    other.close();
  });
});

Deno.test("realtime: a model or a data set that is not there is one line with what to do", async () => {
  for (
    const [args, message] of [
      [
        ["--model", "runs/nowhere"],
        /^error: runs\/nowhere\/model\.json does not exist; .*name one/,
      ],
      [["--data", "nowhere"], /^error: .*nowhere/],
    ] as const
  ) {
    const { code, stderr } = await runTask("realtime", args);
    assertEquals(code, 1);
    assertMatch(stderr, message);
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  }
});

Deno.test("realtime: a policy that cannot play is one line", async () => {
  for (
    const [policies, message] of [
      ["grid-only,mpc,optimum", /^error: --policies must be one or two/],
      ["mcp", /^error: --policies must be some of .*did you mean mpc\?/],
      ["./nowhere.ts", /^error: \.\/nowhere\.ts is no file/],
    ] as const
  ) {
    const { code, stderr } = await runTask("realtime", ["--policies", policies]);
    assertEquals(code, 1);
    assertMatch(stderr, message);
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  }
});
