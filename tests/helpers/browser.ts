/** A real browser, and the dashboard as a user starts it. */

import type { Browser, Page } from "playwright-core";
import { startTask } from "./run_task.ts";
import { QUIET_FLAGS } from "../../lib/programs/browser.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is; `null` if there is none, and the tests that need it are left out. */
export const CHROMIUM: string | null = PLACES.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}) ?? null;

if (CHROMIUM === null) {
  console.log("No Chromium in /usr/bin: nothing is tested in a browser (ignored below).");
}

/** Starts the browser, for a test that does more than look at pages. */
export async function launch(): Promise<Browser> {
  // Otherwise the client looks, when it is loaded, whether it is on Windows, at a file in /proc that
  // nothing but all permissions allow to read.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return await chromium.launch({
    executablePath: CHROMIUM!,
    args: QUIET_FLAGS.filter((flag) => flag !== "--headless"),
  });
}

/** What the tests of a file share: neither keeps anything of a page that is gone. */
let browser: Browser | undefined;
let dashboard: Dashboard | undefined;
Deno.test.afterAll(async () => {
  await browser?.close();
  await dashboard?.[Symbol.asyncDispose]();
});

/** A test in a browser; left out where there is none. */
export function browserTest(name: string, work: (browser: Browser) => Promise<void>): void {
  Deno.test({
    name,
    ignore: CHROMIUM === null,
    // The browser's client keeps timers of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      browser ??= await launch();
      try {
        await work(browser);
      } finally {
        for (const context of browser.contexts()) await context.close();
      }
    },
  });
}

/** The same with a dashboard beside it, whose plain address shows what other tests have opened. */
export function dashboardTest(
  name: string,
  work: (browser: Browser, dashboard: Dashboard) => Promise<void>,
): void {
  browserTest(`browser: ${name}`, async (browser) => {
    dashboard ??= await startDashboard();
    await work(browser, dashboard);
  });
}

/** A dashboard in a process of its own. */
export interface Dashboard extends AsyncDisposable {
  readonly url: string;
  /** What it said when it started. */
  readonly printed: string;
}

/** Starts `deno task realtime` and waits until it is ready. */
export async function startDashboard(args: readonly string[] = []): Promise<Dashboard> {
  const task = startTask("realtime", args);
  const output = task.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "", url: string | undefined;
  while (url === undefined) {
    const { value, done } = await output.read();
    if (done) throw new Error(`the dashboard did not start: ${text}`);
    text += decoder.decode(value, { stream: true });
    url = /Open (http:\S+)/.exec(text)?.[1];
  }
  return {
    url,
    printed: text,
    async [Symbol.asyncDispose]() {
      task.kill("SIGKILL");
      await output.cancel();
      await task.stderr.cancel();
      await task.status;
    },
  };
}

/** A page and what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors on the console, uncaught ones, and requests to another host. */
  readonly faults: readonly string[];
}

/** Opens an address and waits for the first picture. */
export async function openPage(
  browser: Browser,
  url: string,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  const faults: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).host !== new URL(url).host) faults.push(request.url());
  });
  await page.goto(url);
  await page.waitForSelector("body[data-drawn]");
  return { page, faults };
}
