import v8 from "node:v8";
import vm from "node:vm";
import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Frame } from "../../lib/live/session.ts";
import { longTest } from "../helpers/cases.ts";
import { addressOf, frameWhere, serve, type TestServer, watch } from "../helpers/realtime.ts";

/** More than the network keeps for one that does not read: the rest must not grow here. */
const SOAK_SLOTS = 20_000;

v8.setFlagsFromString("--expose-gc");
const collectGarbage: () => void = vm.runInNewContext("gc");

/** Opens a stream with a connection that is never read. */
async function stall(server: TestServer, run: string): Promise<Deno.TcpConn> {
  const { hostname, port } = new URL(server.url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const request = `GET /api/events?run=${run} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  return connection;
}

/** What is in use once all that is not has been collected. [MB] */
function usedHeapMb(): number {
  collectGarbage();
  const { heapUsed, external } = Deno.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** Checks that a viewer gets every slot of the day that it is shown, in order. */
function slotCounter() {
  let [epoch, step] = [1, 0];
  return {
    played: 0,
    count(frame: Frame): void {
      if (frame.epoch !== epoch) [epoch, step] = [frame.epoch, 0];
      for (const slot of frame.slots) assertEquals(slot.step, ++step);
      assertEquals(frame.step, step);
      this.played = 24 * (epoch - 1) + step;
    },
  };
}

Deno.test("viewer: two viewers see the same numbers", async () => {
  await using server = serve();
  const run = await server.open(addressOf(0, "&compare=time-of-use"));
  const readers = [await watch(server.url, run), await watch(server.url, run, 2)];
  await server.command(run, { kind: "speed", slotsPerSecond: 60 });
  await server.command(run, { kind: "play" });
  const seen = await Promise.all(readers.map(async (reader) => {
    const slots: Frame["slots"][number][] = [];
    const end = await frameWhere(reader, (frame) => {
      slots.push(...frame.slots);
      return frame.step === 24;
    });
    await reader.close();
    return { slots, homes: end.homes };
  }));
  assertEquals(seen[0].slots.length, 24);
  assertEquals(seen[0], seen[1]);
});

Deno.test("viewer: a picture has the selected home's new slots, and no other's", async () => {
  await using server = serve();
  const run = await server.open(addressOf(6));
  const reader = await watch(server.url, run, 1);
  const first = await reader.next();
  assertEquals(first.home[0].map(({ step }) => step), [1, 2, 3, 4, 5, 6]);
  await server.command(run, { kind: "step" });
  const next = await frameWhere(reader, ({ step }) => step === 7);
  assertEquals(next.home[0].map(({ step }) => step), [7]);
  assertEquals(next.home[0][0].loadKw.toPrecision(5), next.homes[0].loadKw[1].toPrecision(5));
  const other = await watch(server.url, run);
  assertEquals((await other.next()).home, []);
  await Promise.all([reader.close(), other.close()]);
});

Deno.test("viewer: nobody gets more than 30 pictures a second, however fast it plays", async () => {
  await using server = serve();
  const run = await server.open(addressOf(0, "&end=next-day"));
  const reader = await watch(server.url, run);
  await server.command(run, { kind: "speed", slotsPerSecond: 1000 });
  await server.command(run, { kind: "play" });
  // What was sent before it played is not counted.
  await frameWhere(reader, ({ playing, slots }) => playing && slots.length > 0);
  const start = performance.now();
  let frames = 0, slots = 0;
  while (performance.now() - start < 1000) {
    slots += (await reader.next()).slots.length;
    frames++;
  }
  const most = 30 * (performance.now() - start) / 1000 + 2;
  await reader.close();
  assert(frames <= most, `${frames} pictures, at most ${most}`);
  assertGreater(slots, 0);
});

Deno.test("viewer: when the last one goes, the run stands still", async () => {
  await using server = serve();
  const run = await server.open(addressOf(0, "&end=next-day"));
  const reader = await watch(server.url, run);
  await server.command(run, { kind: "speed", slotsPerSecond: 100 });
  await server.command(run, { kind: "play" });
  await frameWhere(reader, ({ step }) => step > 3);
  await reader.close();
  while (server.engine.get(run).viewers > 0) await new Promise((done) => setTimeout(done, 20));
  await new Promise((done) => setTimeout(done, 150));
  const { moment } = server.engine.get(run);
  await new Promise((done) => setTimeout(done, 300));
  assertEquals(server.engine.get(run).moment, moment);
  assertEquals(server.engine.get(run).playing, true);
  const back = await watch(server.url, run);
  await frameWhere(back, (frame) => frame.step !== moment.step);
  await back.close();
});

longTest(`viewer: ${SOAK_SLOTS} slots at full speed beside one that stops reading`, async () => {
  await using server = serve();
  const run = await server.open(addressOf(0, "&end=next-day"));
  using _stalled = await stall(server, run);
  const reader = await watch(server.url, run);
  await server.command(run, { kind: "speed", slotsPerSecond: 1000 });
  await server.command(run, { kind: "play" });
  const counter = slotCounter();
  const heapMb: number[] = [];
  while (counter.played < SOAK_SLOTS) {
    counter.count(await reader.next());
    if (counter.played >= (heapMb.length + 1) * SOAK_SLOTS / 10) heapMb.push(usedHeapMb());
  }
  const [early, late] = [heapMb[1], heapMb.at(-1)!];
  assert(late < early + 2, `memory grows: ${heapMb.map((mb) => mb.toFixed(1)).join(", ")} MB`);
  assertEquals(server.engine.get(run).viewers, 2);
  await reader.close();
});
