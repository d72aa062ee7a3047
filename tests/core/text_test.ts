import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bytesOfBase64 } from "../../lib/text/base64.ts";
import { csvLine, rowsCsv } from "../../lib/text/csv.ts";
import { didYouMean, nearest, oneOf } from "../../lib/text/nearest.ts";
import { shellPath, shellWord } from "../../lib/text/shell.ts";
import { quoted, shown, visible } from "../../lib/text/shown.ts";
import { anyText } from "../helpers/any_text.ts";

Deno.test("text: what steers a terminal, breaks a line or turns a text around is shown as an escape", () => {
  assertEquals(
    shown("a\u001b[31mb\r\n\u202ec\u2028d\u200be"),
    "a\\u001b[31mb\\u000d\\n\\u202ec\\u2028d\\u200be",
  );
  assertEquals(quoted("Büro, 東京 👩‍🚀"), '"Büro, 東京 👩‍🚀"');
  assertEquals(shown("\ud800 and \u{e0041}"), "\\ud800 and \\u{e0041}");
});

Deno.test("text: a long name is cut between characters", () => {
  assertEquals(shown("👍".repeat(81)), "👍".repeat(80) + "…");
  assertEquals(shown("abc", 2), "ab…");
  assertEquals(shown("abc", 3), "abc");
  assertEquals(shown("e".repeat(1e6)).length, 81);
});

Deno.test("text: nothing that is shown has control characters, whatever it comes from", () => {
  const property = fc.property(anyText, (text) => {
    assertEquals(/[\p{Cc}\p{Bidi_Control}\p{Cs}]/u.test(shown(text)), false);
    assertEquals(visible(visible(text)), visible(text));
  });
  fc.assert(property, { numRuns: 1000, seed: 2 });
});

Deno.test("text: a word is suggested only when it is near", () => {
  const known = ["learned", "mpc", "grid-only", "R1"];
  const near = { "lerned": "learned", "mcp": "mpc", "gridonly": "grid-only", "r1": "R1" };
  for (const [word, meant] of Object.entries(near)) assertEquals(nearest(word, known), meant);
  for (const word of ["greedy", "xyz", "", "r".repeat(1e6), "learning-to-play"]) {
    assertEquals(didYouMean(word, known), "");
  }
  assertEquals(oneOf("--policy", "mpc", known), "mpc");
  assertThrows(
    () => oneOf("--policy", "mp\u001bc", ["mpc"]),
    RangeError,
    '--policy must be one of mpc, got "mp\\u001bc"; did you mean mpc?',
  );
});

Deno.test("text: cells with separators, quotes and line feeds are quoted; numbers keep their digits", () => {
  assertEquals(
    csvLine(["a,b", 'say "x"', "two\nlines", "a;b"]),
    '"a,b","say ""x""","two\nlines","a;b"\n',
  );
  assertEquals(csvLine([0.1, -3, 1e-7, null, "-3.5", "+1e3", ""]), "0.1,-3,1e-7,,-3.5,+1e3,\n");
  assertEquals(rowsCsv([{ a: 1, "b,c": "x" }, { a: null, "b,c": "y" }]), 'a,"b,c"\n1,x\n,y\n');
});

Deno.test("text: a cell from outside never begins a formula", () => {
  const formulas = ["=1+1", "+cmd", "-a", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-1+1", "+"];
  for (const text of formulas) {
    const [cell] = /[^"]+/.exec(csvLine([text]))!;
    assertEquals(cell[0], "'", text);
  }
  assertEquals(csvLine(["a=b", "a@b", "2025-06-21"]), "a=b,a@b,2025-06-21\n");
});

/** Runs a shell that prints the word between brackets; `null` if it is not installed. */
async function echoed(shell: string, word: string): Promise<string | null> {
  try {
    const { stdout } = await new Deno.Command(shell, {
      args: ["-c", `printf '[%s]' ${word}`],
      env: { LC_ALL: "C.UTF-8" },
    }).output();
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const names = [
  "plain-1.csv",
  "my homes",
  "it's",
  "$HOME",
  "`id`",
  "a\nb",
  "~",
  "=ls",
  "*",
  "\\",
  "'\t'",
]
  .concat([
    'say "x"',
    "a;b&c|d>e",
    "#x",
    "ü",
    "東京 1",
    "a\u202eb",
    "!!",
    "{a,b}",
    "",
    "\u001b[31m'",
  ]);
for (const shell of ["bash", "zsh"]) {
  const there = await echoed(shell, "x") !== null;
  Deno.test({
    name: `text: ${shell} takes every name in a suggested command as it is`,
    ignore: !there,
    async fn() {
      for (const name of names) assertEquals(await echoed(shell, shellWord(name)), `[${name}]`);
    },
  });
}

Deno.test("text: a suggested command is one line, and a path in it is no flag", () => {
  for (const name of names) assertEquals(visible(shellWord(name)), shellWord(name));
  assertEquals(shellPath("runs/a"), "runs/a");
  assertEquals(shellPath("--out"), "./--out");
});

Deno.test("base64: where the runtime cannot read it itself, the bytes are the same", () => {
  const text = new Uint8Array(300).map((_, k) => k).toBase64();
  const own = Uint8Array.fromBase64;
  const expected = own(text);
  try {
    // deno-lint-ignore no-explicit-any
    (Uint8Array as any).fromBase64 = undefined;
    assertEquals(bytesOfBase64(text), expected);
  } finally {
    Uint8Array.fromBase64 = own;
  }
});
