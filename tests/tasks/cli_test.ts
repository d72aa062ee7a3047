import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { usage } from "../../lib/cli/help.ts";
import { parse } from "../../lib/cli/options.ts";
import type { Task } from "../../lib/cli/task.ts";
import { runTask } from "../helpers/run_task.ts";

const options = {
  runs: { type: "integer", min: 1, max: 9, default: 3, help: "how often" },
  weight: { type: "number", help: "how much" },
  out: { type: "string", placeholder: "DIR", help: "where to" },
  json: { type: "boolean", help: "as JSON" },
} as const;

function task(positionals?: string): Task<typeof options> {
  const rest = positionals === undefined ? {} : { positionals };
  return { name: "weigh", summary: "Weighs things.", options, run() {}, ...rest };
}

function refuses(args: readonly string[], message: string, positionals?: string): void {
  assertThrows(() => parse(task(positionals), args), Error, message);
}

Deno.test("cli: flags have the values given, or their defaults", () => {
  assertEquals<unknown>(parse(task(), []).values, { runs: 3, json: false });
  const { values } = parse(task(), ["--runs", "5", "--weight=-0.5", "--out", "a b", "--json"]);
  assertEquals(values, { runs: 5, weight: -0.5, out: "a b", json: true });
  assertEquals(parse(task(), ["--weight", "-1e-3"]).values.weight, -0.001);
});

Deno.test("cli: help shows usage, every flag, its placeholder and its default", () => {
  assertEquals(
    usage(task("FROM [TO]")),
    [
      "Weighs things.",
      "",
      "Usage: deno task weigh FROM [TO] [options]",
      "",
      "  --runs integer   how often (default 3)",
      "  --weight number  how much",
      "  --out DIR        where to",
      "  --json           as JSON",
      "  --verbose        show the stack trace of an error",
      "  --help           show this text",
    ].join("\n"),
  );
});

Deno.test("cli: an unknown flag suggests the nearest", () => {
  refuses(["--wieght", "1"], "unknown option --wieght; did you mean --weight?");
  refuses(["--halp"], "did you mean --help?");
  refuses(["-j"], "unknown option -j");
  refuses(["--no-json"], "unknown option --no-json");
  refuses(["--constructor"], "unknown option --constructor");
});

Deno.test("cli: a value of the wrong kind is refused by name", () => {
  refuses(
    ["--runs", "two"],
    '--runs must be a whole number of at least 1 and at most 9, got "two"',
  );
  refuses(["--runs", "2.5"], "--runs must be a whole number");
  refuses(["--runs", "0"], "of at least 1");
  refuses(["--runs", "10"], "at most 9");
  refuses(["--weight", "1kg"], '--weight must be a number, got "1kg"');
  refuses(["--weight", "Infinity"], "--weight must be a number");
  refuses(["--weight", " "], "--weight must be a number");
  refuses(["--json=yes"], '--json takes no value, got "yes"');
});

Deno.test("cli: a flag without its value says what it needs, and takes no other flag for it", () => {
  refuses(["--out"], "--out needs a value: --out DIR");
  refuses(["--out="], "--out needs a value");
  refuses(["--out", "--json"], "--out needs a value");
  assertEquals(parse(task(), ["--out=--json"]).values.out, "--json");
});

Deno.test("cli: positional arguments are required, optional in brackets, or many", () => {
  const positionals = (words: string, ...args: string[]) => parse(task(words), args).positionals;
  assertEquals(positionals("FILE", "-"), ["-"]);
  assertEquals(positionals("FROM [TO]", "a"), ["a"]);
  assertEquals(positionals("FROM [TO]", "a", "--json", "b"), ["a", "b"]);
  assertEquals(positionals("COMMAND [ARG...]", "a"), ["a"]);
  assertEquals(positionals("COMMAND [ARG...]", "a", "b", "c"), ["a", "b", "c"]);
  assertEquals(positionals("FILE...", "a", "b"), ["a", "b"]);
  refuses([], "missing FROM and TO: deno task weigh FROM TO [options]", "FROM TO");
  refuses(["a"], "missing TO", "FROM TO");
  refuses([], "missing FILE...", "FILE...");
  refuses(["a", "b"], 'unexpected argument "b"', "FILE");
  refuses(["a"], 'unexpected argument "a"');
});

Deno.test("cli: --help ends well, whatever else is asked", async () => {
  const { code, stdout, stderr } = await runTask("clear", ["--nonsense", "--help"]);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "Usage: deno task clear FILE [options]");
});

Deno.test("cli: an error is one line and exit code 1; --verbose adds the stack", async () => {
  const { code, stdout, stderr } = await runTask("clear", ["--jsn"]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^error: unknown option --jsn; did you mean --json\?[^\n]*\n$/);
  const verbose = await runTask("clear", ["--jsn", "--verbose"]);
  assertEquals(verbose.code, 1);
  assert(verbose.stderr.startsWith(stderr));
  assertMatch(verbose.stderr, /\n {4}at parse /);
});
