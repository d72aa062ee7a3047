/** Firefox, where there is one, spoken to by WebDriver BiDi: playwright's client wants a build of its own. */

const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Where Firefox is; `null` if there is none, and the tests that need it are left out. */
export const FIREFOX: string | null = PLACES.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}) ?? null;

/** Longest that a page has for what is waited for. [ms] */
const PATIENCE_MS = 30_000;

/** One tab of a Firefox of its own. */
export interface FirefoxTab extends AsyncDisposable {
  /** What was written to the console or thrown, and every address that was asked for. */
  readonly said: string[];
  readonly asked: string[];
  open(address: string): Promise<void>;
  /** The value of an expression in the page, a string. */
  read(expression: string): Promise<string>;
  /** Waits until an expression is true in the page. */
  until(expression: string): Promise<void>;
}

type Answer = { readonly id?: number; readonly error?: string; readonly message?: string };
// deno-lint-ignore no-explicit-any -- what the protocol answers differs by command
type Any = any;

/** Starts Firefox without a window, in a profile of its own. */
export async function startFirefox(): Promise<FirefoxTab> {
  const profile = await Deno.makeTempDir();
  const program = new Deno.Command(FIREFOX!, {
    args: ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
    env: { HOME: profile },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const [ours, rest] = program.stderr.tee();
  // Firefox waits for who reads what it says.
  const drained = rest.pipeTo(new WritableStream());
  const socket = new WebSocket(`${await endpointIn(ours)}/session`);
  await new Promise((opened, failed) => {
    socket.onopen = opened;
    socket.onerror = failed;
  });
  const said: string[] = [], asked: string[] = [];
  const waiting = new Map<number, PromiseWithResolvers<Any>>();
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data) as Answer & { method?: string; params?: Any; result?: Any };
    if (message.method === "log.entryAdded") said.push(message.params.text);
    if (message.method === "network.beforeRequestSent") asked.push(message.params.request.url);
    const answer = waiting.get(message.id ?? -1);
    if (message.error === undefined) answer?.resolve(message.result);
    else answer?.reject(new Error(`${message.error}: ${message.message}`));
  };
  const ask = (method: string, params: object): Promise<Any> => {
    const id = waiting.size + 1, answer = Promise.withResolvers<Any>();
    waiting.set(id, answer);
    socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  };
  await ask("session.new", { capabilities: {} });
  await ask("session.subscribe", { events: ["log.entryAdded", "network.beforeRequestSent"] });
  const { contexts: [{ context }] } = await ask("browsingContext.getTree", {});
  const read = async (expression: string): Promise<string> => {
    const answer = await ask("script.evaluate", {
      ...{ expression: `(async () => String(${expression}))()`, awaitPromise: true },
      target: { context },
    });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return answer.result.value;
  };
  return {
    said,
    asked,
    read,
    open: (url) => ask("browsingContext.navigate", { context, url, wait: "complete" }),
    async until(expression) {
      const end = performance.now() + PATIENCE_MS;
      while (await read(expression) !== "true") {
        if (performance.now() > end) throw new Error(`in vain: ${expression}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      program.kill("SIGKILL");
      await program.status;
      await drained;
      await Deno.remove(profile, { recursive: true });
    },
  };
}

/** The address that Firefox says it listens at. */
async function endpointIn(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    const url = /listening on (ws:\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`Firefox did not start: ${text}`);
}
