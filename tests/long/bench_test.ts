import { assertEquals } from "@std/assert";
import { cityRows } from "../../bench/city.ts";
import { startRow } from "../../bench/start.ts";

Deno.test("bench: a day of the city is scaled to a year and promises nothing", async () => {
  const [time, memory] = await cityRows(1, 1, 1);
  assertEquals(time.what, "city, 100,000 prosumers, a year at the pace of 1 day, 1 Worker");
  assertEquals([time.target, memory.target, time.unit, memory.unit], [
    undefined,
    undefined,
    "s",
    "MB",
  ]);
  // Less than 0.01 s for 2.4 million decisions, or than 50 MB, would be wrong.
  assertEquals([time.median > 3.65, memory.median > 50], [true, true]);
});

Deno.test("bench: the start of training is measured and leaves no file", async () => {
  const before = Deno.env.get("TMPDIR");
  const folder = await Deno.makeTempDir();
  Deno.env.set("TMPDIR", folder);
  try {
    const { median, target } = await startRow(1, 1.5);
    assertEquals([median > 0.01, target], [true, 1.5]);
    assertEquals([...Deno.readDirSync(folder)], []);
  } finally {
    if (before === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", before);
    await Deno.remove(folder, { recursive: true });
  }
});
