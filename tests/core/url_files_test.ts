import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { importCityLearn } from "../../lib/data/citylearn.ts";
import { urlFiles, type UrlLimits } from "../../lib/data/url_files.ts";

type Handler = (path: string) => Response | Promise<Response>;

/** A server on a free port of this machine, and its address. */
async function served(handler: Handler, work: (address: string) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: () => new Response() },
    (request) => handler(new URL(request.url).pathname),
  );
  try {
    await work(`http://127.0.0.1:${server.addr.port}/set`);
  } finally {
    await server.shutdown();
  }
}

/** Expects that reading `b.csv` ends in one line with `message`, soon. */
async function expectFault(handler: Handler, message: string, limits: UrlLimits = {}) {
  await served(handler, async (address) => {
    const began = performance.now();
    const error = await assertRejects(
      () => urlFiles(address, limits).text("b.csv"),
      Error,
      message,
    );
    assert(performance.now() - began < 2000, "took long");
    assert(error.message.startsWith(`${address}/b.csv: `), error.message);
    assert(!error.message.includes("\n"), error.message);
  });
}

/** A body that comes in pieces, forever. */
function dripping(piece: string, everyMs: number): ReadableStream<Uint8Array> {
  let timer: ReturnType<typeof setInterval>;
  return new ReadableStream({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new TextEncoder().encode(piece)), everyMs);
    },
    cancel: () => clearInterval(timer),
  });
}

const redirect = (to: string) => new Response(null, { status: 302, headers: { location: to } });

Deno.test("url files: a file within the limits is read, a larger one is refused", async () => {
  const texts: Record<string, string> = { "/set/b.csv": "a".repeat(1000), "/set/fits.csv": "a\n1" };
  await served((path) => new Response(texts[path]), async (address) => {
    const files = urlFiles(address, { maxBytes: 999 });
    assertEquals(await files.text("fits.csv"), "a\n1");
    await assertRejects(() => files.text("b.csv"), Error, "larger than 999 bytes");
  });
});

Deno.test("url files: a stream without a stated length is cut off at the limit", () =>
  expectFault(() => new Response(dripping("a".repeat(1000), 1)), "larger than 5000 bytes", {
    maxBytes: 5000,
  }));

Deno.test("url files: all files together are limited in size", async () => {
  await served(() => new Response("a".repeat(600)), async (address) => {
    const files = urlFiles(address, { maxTotalBytes: 1000 });
    await files.text("a.csv");
    await files.text("a.csv");
    await assertRejects(() => files.text("b.csv"), Error, "larger than 400 bytes");
  });
});

Deno.test("url files: all files together are limited in time", async () => {
  await served(() => new Response("a"), async (address) => {
    const files = urlFiles(address, { totalMs: 0 });
    await assertRejects(() => files.text("a.csv"), Error, "the files take longer than 0 s");
  });
});

Deno.test("url files: a server that never answers is given up", () =>
  expectFault(
    () => new Promise((resolve) => setTimeout(() => resolve(new Response("late")), 700)),
    "no answer within 0.2 s",
    { connectMs: 200 },
  ));

Deno.test("url files: a server that drips is given up", () =>
  expectFault(() => new Response(dripping("a", 20)), "no complete answer within 0.3 s", {
    timeoutMs: 300,
  }));

for (
  const [name, to] of [
    ["another host", "http://localhost:1/set/b.csv"],
    ["another port", "http://127.0.0.1:1/set/b.csv"],
    ["another scheme", "file:///etc/passwd"],
    ["a text in the place of a file", "data:text/plain,a"],
  ]
) {
  Deno.test(`url files: a redirect to ${name} is not followed`, () =>
    expectFault(() => redirect(to), "the server sends on to "));
}

Deno.test("url files: a redirect on the same server is followed, one in a circle is not", async () => {
  await served(
    (path) => path === "/set/b.csv" ? redirect("/moved.csv") : new Response("a\n1"),
    async (address) => assertEquals(await urlFiles(address).text("b.csv"), "a\n1"),
  );
  await expectFault(() => redirect("/set/b.csv"), "sends on more than 5 times");
});

for (const status of [403, 404, 500]) {
  Deno.test(`url files: an answer ${status} is named`, () =>
    expectFault(() => new Response("sorry", { status }), `the server answers ${status}`));
}

Deno.test("url files: a page in the place of a file is named as such", () =>
  expectFault(
    () => new Response("<html>", { headers: { "content-type": "text/html; charset=utf-8" } }),
    "answers with a page",
  ));

Deno.test("url files: what is no text in UTF-8 is refused", () =>
  expectFault(() => new Response(Uint8Array.of(0xff, 0xfe, 97, 0)), "is UTF-16"));

/** Answers by hand, as a server that follows no rules does. */
async function answered(answer: string, message: string): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4096));
    await connection.write(new TextEncoder().encode(answer));
  })();
  const { port } = listener.addr as Deno.NetAddr;
  const files = urlFiles(`http://127.0.0.1:${port}/set`);
  await assertRejects(() => files.text("schema.json"), Error, message);
  await serving;
}

Deno.test("url files: a file that is shorter than the server said is refused", () =>
  answered("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{}", "check the address"));

Deno.test("url files: a file that the server says to be gigabytes is refused at once", () =>
  answered("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{}", "larger than 64 MiB"));

Deno.test("url files: what is no answer in HTTP is refused", () =>
  answered("hello\r\n\r\n", "check the address"));

for (const name of ["../b.csv", "/etc/passwd", "//localhost/b.csv", "http://localhost/b.csv"]) {
  Deno.test(`url files: ${name} is asked of nobody`, async () => {
    let asked = 0;
    await served(() => (asked++, new Response("a")), async (address) => {
      await assertRejects(() => urlFiles(address).text(name), Error, "leads out of the folder");
      const schema = { energy_simulation: name, pricing: "p.csv", carbon_intensity: "c.csv" };
      const text = () => Promise.resolve(JSON.stringify({ buildings: { A: schema } }));
      await assertRejects(
        () =>
          importCityLearn({ text, table: urlFiles(address).table }, {
            name: "x",
            feedInTariffPerKwh: 0,
          }),
        RangeError,
        "must be a file beside schema.json",
      );
    });
    assertEquals(asked, 0);
  });
}

Deno.test("url files: only the web is an address, and nobody there is one line", async () => {
  assertThrows(() => urlFiles("file:///etc"), RangeError, "http(s) address");
  const error = await assertRejects(
    () => urlFiles("http://127.0.0.1:1/set").text("schema.json"),
    Error,
    "127.0.0.1:1/set/schema.json: ",
  );
  assert(!error.message.includes("\n"));
});

Deno.test("url files: the fingerprint is of names and contents, in any order", async () => {
  const serve = async (texts: Record<string, string>, names: readonly string[]) => {
    let sha256 = "";
    await served((path) => new Response(texts[path.slice(5)]), async (address) => {
      const files = urlFiles(address);
      for (const name of names) await files.text(name);
      sha256 = await files.sha256();
    });
    return sha256;
  };
  const texts = { a: "1", b: "2" };
  const first = await serve(texts, ["a", "b"]);
  assertEquals(await serve(texts, ["b", "a"]), first);
  assert(await serve({ a: "1", b: "3" }, ["a", "b"]) !== first);
});
