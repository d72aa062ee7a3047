import { sunDirection } from "../../lib/data/synthetic/sun.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { madeUp, wallClock, written } from "../helpers/meter_files.ts";
import { refuses, succeeds } from "../helpers/run_task.ts";
import type { TaskName } from "../helpers/task_command.ts";
import { inFolder, names } from "../helpers/two_homes.ts";

const page = await Deno.readTextFile(new URL("../../docs/your-street.md", import.meta.url));
const commands = [...page.matchAll(/^deno task (\w+) (.*)$/gm)];
const devices = /```csv\n([^`]*)```/.exec(page)![1];

const ZONE = "Europe/Berlin";
/** Three weeks from a local midnight on, over a change of the clock. */
const START = Date.UTC(2025, 2, 16, 23), HOURS = 21 * 24;

function files(): Record<string, string> {
  const homes = ["Haus01", "Haus02"];
  const truth = madeUp(17, { startMs: START, stepMinutes: 60, intervals: HOURS, homes });
  const hour = (k: number) => {
    const { local } = wallClock(START + k * 36e5, ZONE);
    const [day, time] = local.split(" ");
    return `${day.split("-").reverse().join("/")} ${time}`;
  };
  const prices = Array.from(
    { length: HOURS },
    (_, k) => `"${hour(k)} - ${hour(k + 1)}","BZN|DE-LU","${k % 24 === 12 ? -10 : 60 + k % 24}"`,
  );
  return {
    "meters.csv": written(truth, "wide-comma", ZONE),
    "prices.csv": ['"MTU (CET/CEST)","Area","Day-ahead Price (EUR/MWh)"', ...prices].join("\n"),
    "devices.csv": devices,
    "pvgis.csv": [
      ...["Latitude (decimal degrees):\t51.3", "Longitude (decimal degrees):\t9.5"],
      ...["Nominal power of the PV system (c-Si) (kWp):\t1.0", "", "time,P,T2m"],
      ...Array.from({ length: HOURS + 1 }, (_, k) => {
        const at = START + k * 36e5;
        const stamp = new Date(at).toISOString().slice(0, 13).replaceAll("-", "").replace("T", ":");
        const up = sunDirection(at + 6e5, { latitudeDeg: 51.3, longitudeDeg: 9.5 }).up;
        return `${stamp}10,${(800 * Math.max(0, up)).toFixed(1)},9`;
      }),
    ].join("\n"),
  };
}

Deno.test("your street: the commands of docs/your-street.md lead from meters to a board's page", async () => {
  assertEquals(commands.map(([, task]) => task), ["data", "data", "report", "data"]);
  await inFolder(async (parent) => {
    for (const [name, text] of Object.entries(files())) {
      await Deno.writeTextFile(`${parent}/${name}`, text);
    }
    const said: string[] = [];
    for (const [, task, words] of commands) {
      const args = words.replaceAll(
        /\b(meters|devices|prices|pvgis)\.csv|\bdata\/street|\breports\b/g,
        `${parent}/$&`,
      );
      said.push((await succeeds(task as TaskName, args.split(" "))).stdout);
    }
    assertStringIncludes(said[0], "semicolons, decimal comma");
    assertStringIncludes(said[0], "Note: dynamic price: (day-ahead + 0.165)");
    assertStringIncludes(said[0], "Haus01: a car of 58 kWh");
    assertStringIncludes(said[0], "504 slots of 1 h");
    assertStringIncludes(
      said[0],
      "Haus01: pv_tilt and pv_azimuth of the list of devices are not used",
    );
    assertStringIncludes(said[0], "Haus01: load is taken as it is measured");
    assertStringIncludes(said[1], "Next: deno task report --data");
    const street = `${parent}/data/street`;
    assertEquals((await names(street)).filter((name) => !name.startsWith(".")), [
      ...["community.json", "import.json", "profiles.csv", "sessions.csv", "tariffs.json"],
    ]);
    const html = await Deno.readTextFile(`${parent}/reports/bills-street.html`);
    assertStringIncludes(html, "What the figures rest on");
    assertStringIncludes(html, "Haus01: a car of 58 kWh");
    // Contracts that somebody wrote into the folder outlive the next import.
    const contracts = (await Deno.readTextFile(`${street}/tariffs.json`))
      .replaceAll('"networkFeePerKwh": 0,', '"networkFeePerKwh": 0.09,');
    await Deno.writeTextFile(`${street}/tariffs.json`, contracts);
    const again = await succeeds("data", ["import", `${street}/import.json`, street]);
    assertStringIncludes(again.stdout, "tariffs.json differs from what would be made, and is kept");
    assertEquals(await Deno.readTextFile(`${street}/tariffs.json`), contracts);
    // Once more with the settings alone: the same data, which describe shows as JSON.
    const { stdout } = await succeeds("data", [
      "describe",
      street,
      "--json",
      "--place",
      "51.3,9.5",
    ]);
    const { households, doubts } = JSON.parse(stdout);
    assertEquals(households.map(({ id }: { id: string }) => id), ["Haus01", "Haus02"]);
    assert(Array.isArray(doubts));
  });
});

Deno.test("your street: a refused import writes nothing, and nothing to simulate ends with 1", async () => {
  await inFolder(async (parent) => {
    const write = (name: string, text: string) => Deno.writeTextFile(`${parent}/${name}`, text);
    const hours = Array.from({ length: 48 }, (_, k) => new Date(START + k * 36e5).toISOString());
    await write("bad.csv", ["time,a_kWh", ...hours.map((time) => `${time},1`), "x,1"].join("\n"));
    await write("zero.csv", ["time,a_kWh", ...hours.map((time) => `${time},0`)].join("\n"));
    const out = `${parent}/out`;
    await refuses(
      "data",
      ["import", `${parent}/bad.csv`, out],
      "bad.csv row 50, column time: must be a time",
    );
    assertEquals(await names(parent), ["bad.csv", "zero.csv"]);
    await refuses(
      "data",
      ["import", `${parent}/gone.csv`, out],
      "gone.csv does not exist; name the file of",
    );
    await refuses("data", ["import", out], '"import" takes FILE... DIR, got 1');
    await refuses(
      "data",
      ["import", `${parent}/zero.csv`, out, "--unit", "KWh"],
      "did you mean kWh?",
    );
    await succeeds("data", ["import", `${parent}/zero.csv`, out]);
    await refuses(
      "data",
      ["describe", out],
      "holds neither load nor sun: nothing can be simulated",
    );
  });
});
