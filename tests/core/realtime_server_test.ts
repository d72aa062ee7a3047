import { assert, assertAlmostEquals, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readResults } from "../../lib/evaluation/results.ts";
import {
  addressOf,
  descriptionOf,
  frameWhere,
  serve,
  SETUP,
  type TestServer,
  watch,
} from "../helpers/realtime.ts";
import { inFolder } from "../helpers/two_homes.ts";

const play = { kind: "play" } as const;

Deno.test("server: the page brings its token, allows nothing from elsewhere and is not kept", async () => {
  await using server = serve();
  const response = await fetch(server.url);
  assertEquals(await response.text(), `token ${server.token}`);
  const policy = response.headers.get("content-security-policy")!;
  assertMatch(policy, /default-src 'none'/);
  assertEquals(/unsafe|https?:|\*/.test(policy), false, policy);
  assertEquals(response.headers.get("cache-control"), "no-store");
  assertEquals(response.headers.get("access-control-allow-origin"), null);
});

Deno.test("server: a command of another page, or without the token, is refused and does nothing", async () => {
  await using server = serve();
  const run = await server.open(addressOf(3));
  const body = { run, command: { kind: "step" } };
  const refused: readonly [Record<string, string>, number, RegExp][] = [
    [{ "origin": "http://evil.example" }, 403, /commands are taken from http:\/\/127.*evil/],
    [{ "origin": "null" }, 403, /got origin null/],
    [{ "x-page-token": "guessed" }, 403, /earlier start of the server; reload/],
    [{ "content-type": "text/plain" }, 415, /a command is JSON/],
  ];
  for (const [headers, status, message] of refused) {
    const response = await server.post("/api/command", body, headers);
    assertEquals(response.status, status);
    assertMatch((await response.json()).error, message);
  }
  assertEquals(server.engine.get(run).day.step, 3);
  assertEquals((await (await server.post("/api/command", body)).json()).done, true);
  assertEquals(server.engine.get(run).day.step, 4);
});

/** The status of a request whose header lines are these, whatever they are. */
async function statusOf(server: TestServer, lines: readonly string[], version = "1.1") {
  const { port } = new URL(server.url);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const request = [`GET / HTTP/${version}`, ...lines, "Connection: close", "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(1 << 12);
  const length = await connection.read(bytes);
  const answer = new TextDecoder().decode(bytes.subarray(0, length ?? 0));
  assertEquals(answer.includes(server.token), answer.startsWith("HTTP/1.1 200 "));
  return Number(answer.split(" ")[1]);
}

const ADDRESSES = [
  "127.0.0.1",
  "127.0.0.1:8000",
  "192.168.1.20:9000",
  "localhost",
  "LocalHost:8000",
  "localhost.:8000",
  "[::1]",
  "[::1]:8000",
  "[FE80::1]:8000",
  "[::ffff:127.0.0.1]:8000",
];
const HOSTILE = [
  "",
  "rebound.example",
  "rebound.example:8000",
  "rebound.example.",
  "127.0.0.1.rebound.example",
  "localhost.rebound.example:8000",
  "rebound.localhost",
  "user@127.0.0.1",
  "127.0.0.1/",
  "127.0.0.1:8000, rebound.example",
  "127.0.0.1:8000:8000",
  "127.0.0.1:99999",
  "1.2.3.4.5",
  "256.1.1.1",
  "::1",
  "[::1",
  "[::1]rebound.example",
  "[rebound.example]",
  "[::1%25eth0]",
  "homes.lan",
];
for (const listening of ["127.0.0.1", "0.0.0.0", "::", "Homes.example"]) {
  Deno.test(`server: at ${listening} page and token are for addresses, localhost and names given`, async () => {
    await using server = serve(listening);
    for (const host of ADDRESSES) {
      assertEquals(await statusOf(server, [`Host: ${host}`]), 200, host);
    }
    for (const host of HOSTILE) {
      const status = await statusOf(server, [`Host: ${host}`]);
      assert(status === 421 || status === 400, `${host} got ${status}`);
    }
    const own = await statusOf(server, ["Host: HOMES.example.:8000"]);
    assertEquals(own, listening === "Homes.example" ? 200 : 421);
    for (const version of ["1.0", "1.1"]) {
      const status = await statusOf(server, [], version);
      assert(status === 421 || status === 400, `without a host: ${status}`);
    }
    assert([400, 421].includes(await statusOf(server, ["Host: 127.0.0.1", "Host: evil.example"])));
  });
}

Deno.test("server: who is refused for a name hears in one line what to do", async () => {
  await using server = serve("0.0.0.0");
  const { port } = new URL(server.url);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const request = "GET / HTTP/1.1\r\nHost: homes.lan\r\nConnection: close\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(1 << 12);
  const length = await connection.read(bytes);
  const answer = new TextDecoder().decode(bytes.subarray(0, length!));
  assertMatch(answer, /not called \\"homes\.lan\\"; use its address, or start it with --host NAME/);
});

const malformed: readonly [string, unknown, number, RegExp][] = [
  ["no JSON", "{", 400, /not JSON/],
  ["no object", 7, 400, /request/],
  ["an unknown kind", { run: "", command: { kind: "explode" } }, 400, /no run ""|command: kind/],
  ["too much", { run: "x".repeat(20_000), command: play }, 413, /at most 16384/],
  ["an unknown run", { run: "nowhere", command: play }, 400, /no run "nowhere"; reload/],
];
for (const [what, body, status, message] of malformed) {
  Deno.test(`server: ${what} is answered clearly`, async () => {
    await using server = serve();
    const response = await server.post("/api/command", body);
    assertEquals(response.status, status);
    assertMatch((await response.json()).error, message);
  });
}

const impossible: readonly [string, unknown, RegExp][] = [
  ["an unknown kind", { kind: "explode" }, /command: kind/],
  ["no speed at all", { kind: "speed", slotsPerSecond: 0 }, /slotsPerSecond.*got 0/],
  ["too much speed", { kind: "speed", slotsPerSecond: 1e6 }, /slotsPerSecond.*got 1000000/],
  ["an unknown field", { kind: "play", now: true }, /now/],
  [
    "an unknown policy",
    { kind: "setup", setup: { ...SETUP, policy: "mcp" } },
    /policy must be one of [^"]*, got "mcp"; did you mean mpc\?/,
  ],
  [
    "a path",
    { kind: "setup", setup: { ...SETUP, data: "../x", prosumers: null } },
    /data set must be one of/,
  ],
  ["another year", { kind: "setup", setup: { ...SETUP, day: "1999-01-01" } }, /day must be from/],
  [
    "a battery that is not there",
    { kind: "intervene", intervention: { kind: "battery-failure", prosumer: "x" } },
    /got "x"/,
  ],
];
Deno.test("server: what a run cannot do is refused, and the run is as it was", async () => {
  await using server = serve();
  const run = await server.open(addressOf(2));
  const before = JSON.stringify(server.engine.get(run).moment);
  for (const [what, command, message] of impossible) {
    const response = await server.post("/api/command", { run, command });
    assertEquals(response.status, 400, what);
    assertMatch((await response.json()).error, message);
  }
  assertEquals(JSON.stringify(server.engine.get(run).moment), before);
});

Deno.test("server: unknown paths, methods and homes have their answers", async () => {
  await using server = serve();
  const run = await server.open(addressOf(0));
  const status = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${server.url}${path}`, init);
    assert((await response.json()).error.length > 10);
    return response.status;
  };
  assertEquals(await status("/etc/passwd"), 404);
  assertEquals(await status("/", { method: "DELETE" }), 405);
  assertEquals(await status(`/api/events?run=${run}&home=x`), 400);
  assertEquals(await status("/api/events?run=none"), 400);
  assertEquals(await status(`/api/export/secrets.csv?run=${run}`), 400);
  assertEquals(await status(`/api/export/day.csv?run=${run}`), 400);
  assertEquals((await server.post("/api/format", {})).status, 404);
});

Deno.test("server: an address that cannot be played is refused with the reason", async () => {
  await using server = serve();
  const refused: readonly [string, string][] = [
    [addressOf(25), "address.step must be at most 24"],
    [addressOf(3, "&events=outage@9"), "must not lie beyond step 3"],
    [addressOf(3, "&events=battery-failure@1:nobody"), 'got "nobody"'],
    [addressOf(3, `&events=${"cloud@1,".repeat(500)}`), "at most 4000 characters"],
    ["?policy=learned:runs/none", "policy must be one of"],
  ];
  for (const [query, message] of refused) {
    await assertRejects(() => server.open(query), Error, message);
  }
});

Deno.test("server: an address shows again what was seen, interventions included", async () => {
  await using server = serve();
  const first = await server.open(addressOf(10));
  await server.command(first, { kind: "intervene", intervention: { kind: "outage" } });
  for (let k = 0; k < 4; k++) await server.command(first, { kind: "step" });
  const again = await server.open(addressOf(14, "&events=outage@10"));
  assert(again !== first);
  const reports = (run: string) => server.engine.get(run).day.reports;
  assertEquals(reports(again), reports(first));
  // Without the grid, stores give what they hold before load goes unserved.
  assert(reports(again)[9].outcomes[0].gridKw > 0.1);
  assert(Math.abs(reports(again)[11].outcomes[0].gridKw) < 1e-9);
});

Deno.test("server: who opens the plain address, or the run that is shown, watches with the others", async () => {
  await using server = serve();
  const run = await server.open(addressOf(5));
  assertEquals(await server.open(""), run, "the plain address");
  assertEquals(await server.open(addressOf(5), run), run, "the same moment");
  assert(await server.open(addressOf(5)) !== run, "a link without the run");
  assert(await server.open(addressOf(4), run) !== run, "an earlier moment");
  assertEquals(await server.open(addressOf(4), run, true), run, "loaded again");
  assert(await server.open(addressOf(4).replace("seed=42", "seed=1"), run, true) !== run);
});

Deno.test("server: of many runs nobody watches, the oldest make room", async () => {
  await using server = serve();
  const first = await server.open(addressOf(0));
  const reader = await watch(server.url, first);
  await reader.next();
  const second = await server.open(addressOf(1));
  for (let k = 0; k < 7; k++) await server.open(addressOf(2));
  assertEquals(server.engine.get(first).viewers, 1);
  await assertRejects(
    async () => await descriptionOf(server.url, second),
    Error,
    "there is no run",
  );
  await reader.close();
});

Deno.test("server: a run plays to the end of the day and stops; then it plays it again", async () => {
  await using server = serve();
  const run = await server.open(addressOf(0));
  const reader = await watch(server.url, run);
  await server.command(run, { kind: "speed", slotsPerSecond: 1000 });
  await server.command(run, play);
  const end = await frameWhere(reader, (frame) => frame.step === 24);
  const stopped = end.playing ? await frameWhere(reader, (frame) => !frame.playing) : end;
  assertEquals([stopped.step, stopped.epoch], [24, 1]);
  assertMatch((await server.command(run, { kind: "step" }))!, /the day is over/);
  await server.command(run, play);
  await frameWhere(reader, (frame) => frame.epoch === 2 && frame.step > 0);
  await server.command(run, { kind: "restart", seed: 7 });
  const anew = await frameWhere(reader, (frame) => frame.epoch === 3);
  assertEquals([anew.step, anew.playing, anew.day?.setup.seed], [0, false, 7]);
  await reader.close();
});

Deno.test("server: pausing and playing in a hurry does not double the speed", async () => {
  await using server = serve();
  const run = await server.open(addressOf(0));
  const reader = await watch(server.url, run);
  await server.command(run, { kind: "speed", slotsPerSecond: 10 });
  for (let k = 0; k < 10; k++) {
    await server.command(run, play);
    await server.command(run, { kind: "pause" });
  }
  await server.command(run, play);
  const { step } = server.engine.get(run).day;
  await new Promise((resolve) => setTimeout(resolve, 600));
  const played = server.engine.get(run).day.step - step;
  assert(played <= 8, `${played} slots in 0.6 s at 10 a second`);
  await reader.close();
});

Deno.test("server: after midnight the next day goes on where that was chosen", async () => {
  await using server = serve();
  const run = await server.open(addressOf(23, "&end=next-day"));
  const reader = await watch(server.url, run);
  await server.command(run, { kind: "speed", slotsPerSecond: 20 });
  await server.command(run, play);
  const next = await frameWhere(reader, (frame) => frame.epoch === 2 && frame.step > 0);
  await server.command(run, { kind: "pause" });
  assertEquals((await descriptionOf(server.url, run)).setup.day, "2025-01-16");
  assertEquals(next.slots.at(-1)?.timestamp.slice(0, 10), "2025-01-16");
  await reader.close();
});

Deno.test("server: the day as CSV is what was played, and the charts are those of the plot task", async () => {
  await using server = serve();
  const run = await server.open(addressOf(24, "&compare=time-of-use"));
  const get = async (file: string) => {
    const response = await fetch(`${server.url}/api/export/${file}?run=${run}`);
    assertEquals(response.status, 200, file);
    assertEquals(response.headers.get("content-disposition"), "attachment");
    return new Uint8Array(await response.arrayBuffer());
  };
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/day.csv`, await get("day.csv"));
    const results = await readResults(`${folder}/day.csv`);
    assertEquals(results.policies, ["self-consumption", "time-of-use"]);
    const last = server.engine.get(run).day.reports.at(-1)!;
    for (const [k, policy] of results.policies.entries()) {
      const cost = results.slots.filter((slot) => slot.policy === policy)
        .reduce((sum, slot) => sum + slot.cost, 0);
      assertAlmostEquals(cost, last.outcomes[k].cost, 1e-9);
    }
  });
  for (const figure of ["market_prices", "grid_flow", "battery_soc"]) {
    assertMatch(new TextDecoder().decode(await get(`${figure}.svg`)), /^<svg .*self-consumption/s);
    assertEquals([...(await get(`${figure}.png`)).subarray(1, 4)], [80, 78, 71]);
  }
});
