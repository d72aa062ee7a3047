import { assertEquals } from "@std/assert";
import { refuses } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

for (
  const [args, message] of [
    [["nothing.json"], "nothing.json does not exist; name a JSON file, or one of ablation, pareto"],
    [
      ["stats", "x"],
      'the command must be one of status, results, dead, retry, cancel, got "stats"',
    ],
    [["results"], "results needs the name of a sweep"],
    [["city", "--slots", "2", "--queue", "postgres://h/d"], "--slots goes with a queue of this"],
    [["ablation", "--queue", "http://ann:secret@h"], "got http://…"],
    [
      ["ablation", "--queue", "postgres://ann:secret@127.0.0.1:1/lab"],
      "ann:***@127.0.0.1:1/lab (ECO",
    ],
  ] as const
) {
  Deno.test(`sweep: ${args.join(" ").replace("secret", "…")} is one clear line`, () =>
    inFolder((parent) => refuses("sweep", [...args, "--folder", `${parent}/none`], message)));
}

Deno.test("sweep: a question about a folder without a queue makes none", () =>
  inFolder(async (parent) => {
    await refuses("sweep", ["status", "--folder", `${parent}/none`], "there is no queue in");
    assertEquals(await Array.fromAsync(Deno.readDir(parent)), []);
  }));
