/**
 * The project's own functions against values of 40 digits, and data that come to the same bits in other
 * engines.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { arcsin, cos, exp, expm1, log, log1p, sin } from "../../lib/arithmetic.ts";
import { datasetHash } from "../../lib/data/hash.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { stream } from "../../lib/random.ts";
import { longTest } from "../helpers/cases.ts";
import { CHROMIUM, launch } from "../helpers/browser.ts";

/** Bits after the point of the reference. */
const DIGITS = 200n;
const ONE = 1n << DIGITS;
/** π and ln 2 to 60 digits. */
const PI = fixed("3.141592653589793238462643383279502884197169399375105820974944");
const LN2 = fixed("0.693147180559945309417232121458176568075500134360255254120680");

function fixed(decimal: string): bigint {
  const [whole, part] = decimal.split(".");
  return (BigInt(whole + part) << DIGITS) / 10n ** BigInt(part.length);
}

/** A number exactly; finite ones above 2⁻²⁰⁰ or so alone. */
function exact(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn), mantissa = bits & ((1n << 52n) - 1n);
  const shift = BigInt(Math.max(exponent, 1) - 1075) + DIGITS;
  const whole = exponent === 0 ? mantissa : mantissa | (1n << 52n);
  const value = shift >= 0n ? whole << shift : whole >> -shift;
  return x < 0 ? -value : value;
}

const times = (a: bigint, b: bigint) => (a * b) >> DIGITS;

/** Sum of a series whose terms follow from each other. */
function series(first: bigint, next: (term: bigint, n: bigint) => bigint): bigint {
  let sum = 0n;
  for (let term = first, n = 1n; term !== 0n && term !== -1n; term = next(term, n++)) sum += term;
  return sum;
}

function preciseExp(x: bigint): bigint {
  const power = x / LN2, rest = x - power * LN2;
  const near = series(ONE, (term, n) => times(term, rest) / n);
  return power >= 0n ? near << power : near >> -power;
}

function preciseSin(x: bigint): bigint {
  const rest = x % (2n * PI);
  return series(rest, (term, n) => -times(times(term, rest), rest) / ((2n * n) * (2n * n + 1n)));
}

/** By Newton's method from the function under test. */
function preciseLog(x: bigint, guess: number): bigint {
  let y = exact(guess);
  for (let step = 0; step < 4; step++) y += (x << DIGITS) / preciseExp(y) - ONE;
  return y;
}

/** By how many units in its last place a number is off. */
function unitsOff(value: number, truth: bigint, least = 0): number {
  const size = Math.max(Math.abs(value), least);
  const unit = 2 ** (Math.floor(Math.log2(size)) - 52);
  const off = exact(value) - truth;
  return Number((off < 0n ? -off : off) >> (DIGITS - 120n)) / 2 ** 120 / unit;
}

const random = stream(1, "arithmetic");
const numbers = (count: number, most: number) =>
  Array.from({ length: count }, () => (2 * random.uniform() - 1) * most);

Deno.test("arithmetic: exponentials and logarithms are within 2 units of the last place", () => {
  for (const x of [...numbers(500, 40), ...numbers(300, 1), ...numbers(200, 1e-3)]) {
    assert(unitsOff(exp(x), preciseExp(exact(x))) <= 2, `exp(${x}) = ${exp(x)}`);
    const less = preciseExp(exact(x)) - ONE;
    assert(unitsOff(expm1(x), less) <= 2.5, `expm1(${x}) = ${expm1(x)}`);
    const positive = Math.abs(x) ** 3 + 1e-6;
    const truth = preciseLog(exact(positive), log(positive));
    assert(unitsOff(log(positive), truth) <= 2, `log(${positive}) = ${log(positive)}`);
    const more = Math.abs(x);
    const above = preciseLog(ONE + exact(more), log1p(more));
    assert(unitsOff(log1p(more), above) <= 2.5, `log1p(${more}) = ${log1p(more)}`);
  }
});

Deno.test("arithmetic: sine and cosine are within 2⁻⁵², and the arc sine undoes the sine", () => {
  for (const x of [...numbers(600, 10), ...numbers(200, 3e6), ...numbers(200, 1e-6)]) {
    // Of the unit of 1, 2⁻⁵².
    assert(unitsOff(sin(x), preciseSin(exact(x)), 1) <= 1, `sin(${x}) = ${sin(x)}`);
    assert(unitsOff(cos(x), preciseSin(exact(x) + PI / 2n), 1) <= 1, `cos(${x}) = ${cos(x)}`);
    const share = Math.abs(x) <= 10 ? x / 10 : 0;
    assert(Math.abs(sin(arcsin(share)) - share) <= 3e-16, `arcsin(${share})`);
  }
});

Deno.test("arithmetic: every function is total, with the ends that IEEE 754 names", () => {
  for (const f of [sin, cos, arcsin, exp, expm1, log, log1p]) assertEquals(f(NaN), NaN, f.name);
  assertEquals([exp(Infinity), exp(-Infinity), exp(710), exp(-746), exp(0)], [
    Infinity,
    0,
    Infinity,
    0,
    1,
  ]);
  assertEquals([exp(-745), exp(709.78)].map((x) => x > 0 && x < Infinity), [true, true]);
  assertEquals([log(0), log(-1), log(Infinity), log(1)], [-Infinity, NaN, Infinity, 0]);
  for (const x of [5e-324, 1e-310, Number.MAX_VALUE]) {
    assert(Math.abs(log(x) / Math.log(x) - 1) < 1e-15, `log(${x})`);
  }
  assertEquals([expm1(-Infinity), expm1(Infinity), expm1(1e-300)], [-1, Infinity, 1e-300]);
  assertEquals([sin(Infinity), cos(-Infinity)], [NaN, NaN]);
  assertEquals([arcsin(1), arcsin(-2)], [Math.PI / 2, -Math.PI / 2]);
});

/** Sets what makes every kind of number: sun, weather, loads, tariffs, stores and forecasts. */
const set = { seed: 3, prosumers: 4, days: 3, dtHours: 0.5 };
const PINNED = "c86449f772671b0bbdd8f0824114b2da1f000a73902a1b6973dff57ffbbd8c3d";

Deno.test("arithmetic: a synthetic community has the hash that was written down", async () => {
  assertEquals(await datasetHash(synthesize(set)), PINNED);
});

/** The same in one script for other engines; it leaves the promise of a hash behind. */
async function script(folder: string): Promise<string> {
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const entry = `${folder}/main.ts`;
  await Deno.writeTextFile(
    entry,
    `import { datasetHash } from ${at("../../lib/data/hash.ts")};
import { synthesize } from ${at("../../lib/data/synthetic.ts")};
// Older engines lack the conversion to hexadecimal digits.
Uint8Array.prototype.toHex ??= function () {
  return [...this].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};
globalThis.answer = datasetHash(synthesize(${JSON.stringify(set)}));
`,
  );
  const { outputFiles, errors } = await Deno.bundle({
    entrypoints: [entry],
    platform: "browser",
    write: false,
  });
  assertEquals(errors, []);
  return outputFiles![0].text();
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "p2p-arithmetic-" });
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const NODE = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});
if (NODE === undefined) console.log("No Node in /usr/bin: data are not compared with it.");

Deno.test({
  name: "arithmetic: Node makes the same bits of the same seed",
  ignore: NODE === undefined,
  async fn() {
    await inFolder(async (folder) => {
      const file = `${folder}/main.mjs`;
      await Deno.writeTextFile(file, `${await script(folder)}\nconsole.log(await answer);`);
      const { stdout, stderr } = await new Deno.Command(NODE!, { args: [file] }).output();
      assertEquals(new TextDecoder().decode(stderr), "");
      assertEquals(new TextDecoder().decode(stdout).trim(), PINNED);
    });
  },
});

longTest("arithmetic: Chromium makes the same bits of the same seed", async () => {
  // Digests are for pages from a secure origin, as a computer's own is.
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
  );
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    const text = await inFolder(script);
    await page.evaluate(text);
    assertEquals(await page.evaluate("answer"), PINNED);
  } finally {
    await browser.close();
    await server.shutdown();
  }
}, CHROMIUM === null);
