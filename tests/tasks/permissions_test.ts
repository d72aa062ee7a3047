import { assertEquals, assertMatch } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { inPlainWords } from "../../lib/cli/refusal.ts";

type TaskName = keyof typeof denoJson.tasks;

/** Tasks that may be given a permission as a whole, and why. */
const WHOLE: Readonly<Partial<Record<TaskName, string>>> = {
  "check": "runs Deno's own tools",
  "test": "starts every task, and the harnesses that attack them",
};

/** Tasks that may reach every host, and why; what else they are given is a list. */
const ANY_HOST: Readonly<Partial<Record<TaskName, string>>> = {
  "sweep": "the queue of a group is wherever --queue says",
  "worker": "the same queue",
};

type Permissions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What is given for everything by a command: to start, to reach, to ask the environment. */
function wholePermissions(command: string, sets: Permissions = denoJson.permissions): string[] {
  const bare = /(?:^|\s)(-A|--allow-all|--allow-(?:run|net|env)|-[NE])(?=\s|$)/g;
  const [, set] = /(?:^|\s)-P=(\S+)/.exec(command) ?? [];
  const given = set === undefined ? {} : sets[set];
  return [
    ...[...command.matchAll(bare)].map(([, flag]) => flag),
    ...["all", "run", "net", "env"].filter((kind) =>
      given[kind] !== undefined && !Array.isArray(given[kind])
    ),
  ];
}

Deno.test("permissions: no task may start, reach or read from the environment whatever it likes", () => {
  const faults = Object.entries(denoJson.tasks)
    .filter(([name]) => WHOLE[name as TaskName] === undefined)
    .flatMap(([name, { command }]) =>
      wholePermissions(command)
        .filter((flag) => flag !== "net" || ANY_HOST[name as TaskName] === undefined)
        .map((flag) => `${name} ${flag}`)
    );
  assertEquals(faults, []);
});

Deno.test("permissions: no task asks a question, and each is one process", () => {
  const programs = Object.entries(denoJson.tasks).filter(([name]) =>
    name !== "check" && name !== "test"
  );
  for (const [name, { command }] of programs) {
    assertEquals(command.match(/(?:^|[;&|(] *)deno /g)?.length, 1, name);
    if (WHOLE[name as TaskName] === undefined) assertMatch(command, / --no-prompt /, name);
  }
});

Deno.test("permissions: the check sees every form of a permission for everything", () => {
  const whole = ["-A", "--allow-all", "--allow-run", "--allow-net", "--allow-env", "-N", "-E"];
  for (const flag of whole) assertEquals(wholePermissions(`deno run ${flag} x.ts`), [flag]);
  const narrow = "deno run --allow-read --allow-net=a.org --allow-run=deno --allow-env=PATH x.ts";
  assertEquals(wholePermissions(narrow), []);
  const sets = { wide: { read: true, run: true, net: ["a.org"] }, narrow: { run: ["deno"] } };
  assertEquals(wholePermissions("deno -q -P=wide x.ts", sets), ["run"]);
  assertEquals(wholePermissions("deno -q -P=narrow x.ts", sets), []);
});

Deno.test("permissions: what is refused or missing is said in words that name the remedy", () => {
  assertEquals(
    inPlainWords('Requires net access to "a.org:443", run again with the --allow-net flag'),
    'this task may not reach "a.org:443"; deno.json says under permissions what it may',
  );
  assertEquals(
    inPlainWords("Failed to spawn 'deno': entity not found"),
    "deno is not on PATH; install it",
  );
  assertEquals(
    inPlainWords("a.csv: File name too long (os error 36): stat 'a.csv'; name a file"),
    "a.csv: File name too long; name a file",
  );
  assertEquals(
    inPlainWords("No space left on device (os error 28): write 'a.csv'"),
    "No space left on device: write 'a.csv'",
  );
  assertEquals(inPlainWords("Broken pipe (os error 32)"), "Broken pipe");
  assertEquals(inPlainWords("Requires patience"), "Requires patience");
});
