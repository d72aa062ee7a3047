import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { readDataset } from "../../lib/data/dataset.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { cityLearnFiles, type Files } from "../harness/files/examples.ts";
import { refuses, runTask } from "../helpers/run_task.ts";
import { inFolder, names } from "../helpers/two_homes.ts";

/** Runs `deno task data`. */
const data = (...args: string[]) => runTask("data", args);

/** Expects failure in one line that contains `message`, and `folder` to stay empty. */
async function expectError(folder: string, args: string[], message: string): Promise<void> {
  await refuses("data", args, message);
  assertEquals(await names(folder), []);
}

/** Serves `files` on a free port of this machine while `work` runs. */
async function served(
  files: Files,
  work: (address: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname;
    const file = files.get(path.replace("/set/", ""));
    return file === undefined ? new Response("gone", { status: 404 }) : new Response(file);
  });
  try {
    await work(`http://127.0.0.1:${server.addr.port}/set`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("data task: synthesize writes what describe then shows", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "made");
    const flags = ["--prosumers", "4", "--days", "5", "--dt-hours", "0.5", "--seed", "9"];
    const made = await data("synthesize", ...flags, "--format", "parquet", "--out", out);
    assertEquals([made.code, made.stderr], [0, ""]);
    assertStringIncludes(made.stdout, "4 prosumers, 240 slots of 0.5 h");
    assertEquals(await names(out), ["community.json", "profiles.parquet"]);
    const expected = synthesize({ seed: 9, prosumers: 4, days: 5, dtHours: 0.5 });
    assertEquals(await readDataset(out), expected);

    const described = await data("describe", out);
    assertEquals([described.code, described.stderr], [0, ""]);
    assertStringIncludes(described.stdout, "house-04");
    assertStringIncludes(described.stdout, "240 of 0.5 h");
    const load = expected.profiles.loadKw.reduce((sum, power) => sum + power / 2, 0);
    assertStringIncludes(described.stdout, ` ${load.toFixed(0)} `);
    assertStringIncludes(described.stdout, "3, 1, 1");
  });
});

Deno.test("data task: synthesize gives homes cars, heat pumps and appliances", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "made");
    const size = ["--prosumers", "4", "--days", "5", "--out", out];
    const devices = ["--cars", "2", "--heat-pumps", "1", "--appliances", "3"];
    const made = await data("synthesize", ...size, ...devices, "--departures", "unknown");
    assertEquals([made.code, made.stderr], [0, ""]);
    assertEquals(await names(out), ["community.json", "profiles.csv", "runs.csv", "sessions.csv"]);
    const options = { seed: 1, prosumers: 4, days: 5, dtHours: 1, departures: "unknown" } as const;
    assertEquals(
      await readDataset(out),
      synthesize({ ...options, cars: 2, heatPumps: 1, appliances: 3 }),
    );
    const described = await data("describe", out);
    for (const kind of ["car", "heat-pump", "washing-machine", "dishwasher"]) {
      assertStringIncludes(described.stdout, kind);
    }
    for (
      const [flags, message] of [
        [["--cars", "5"], "--cars must be at most the number of homes, 4, got 5"],
        [["--heat-pumps", "-1"], "--heat-pumps"],
        [["--departures", "anounced"], "did you mean announced?"],
      ] as const
    ) {
      await refuses(
        "data",
        ["synthesize", ...size.with(-1, join(folder, "no")), ...flags],
        message,
      );
    }
    assertEquals(await names(folder), ["made"]);
  });
});

Deno.test("data task: describe suggests a training only where there are days enough", async () => {
  await inFolder(async (folder) => {
    for (
      const [days, last] of [[3, "Then: deno task train --data "], [
        2,
        "Too few days to train on: ",
      ]]
    ) {
      const out = join(folder, `${days} days`);
      await data("synthesize", "--prosumers", "2", "--days", String(days), "--out", out);
      const described = await data("describe", out);
      assertEquals([described.code, described.stderr], [0, ""]);
      assertStringIncludes(described.stdout.trimEnd().split("\n").at(-1)!, String(last));
    }
  });
});

Deno.test("data task: the sample data set is what its README says", async () => {
  const sample = await readDataset("data/sample");
  const start = "2025-04-01T00:00:00+02:00";
  assertEquals(sample, synthesize({ seed: 1, prosumers: 3, days: 4, dtHours: 1, start }));
});

Deno.test("data task: import-citylearn takes a folder, a schema and a web address alike", async () => {
  await inFolder(async (folder) => {
    const from = join(folder, "from");
    await Deno.mkdir(from);
    for (const [name, file] of cityLearnFiles()) await Deno.writeFile(join(from, name), file);
    await served(cityLearnFiles(), async (address) => {
      const sources = [
        from,
        `${from}/schema.json`,
        address,
        `${address}/`,
        `${address}/schema.json`,
      ];
      for (const [k, source] of sources.entries()) {
        const directory = join(folder, `${k}`, "home");
        const flags = ["--feed-in-tariff", "0.05", "--start", "2024-06-03T00:00:00+02:00"];
        const { code, stdout: out, stderr: err } = await data(
          "import-citylearn",
          source,
          directory,
          ...flags,
        );
        assertEquals([code, err], [0, ""], source);
        assertStringIncludes(out, "0.05 USD/kWh is used");
        assertEquals(out.includes("Fingerprint of the files: "), source.startsWith("http"));
        const { community, profiles } = await readDataset(directory);
        assertEquals(community.name, "home");
        assertEquals(profiles.feedInTariffPerKwh[0], 0.05);
        assertEquals(profiles.pvKw[12], 0.48);
      }
    });
  });
});

Deno.test("data task: bad commands and flags end in one line and leave nothing behind", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "out");
    await expectError(
      folder,
      [],
      "missing COMMAND: deno task data COMMAND [ARG...] [options]",
    );
    await expectError(
      folder,
      ["describ", out],
      'got "describ"; did you mean describe?',
    );
    await expectError(folder, ["describe"], '"describe" takes DIR, got 0');
    await expectError(folder, ["describe", out], "community.json does not exist");
    await expectError(folder, ["describe", out, "--days", "2"], "--days does not belong");
    const synthesized = ["synthesize", "--out", out];
    await expectError(folder, [...synthesized, "--prosumers", "0"], "--prosumers must be a whole");
    await expectError(folder, [...synthesized, "--dt-hours", "0.3"], "dtHours must be one of 1,");
    await expectError(
      folder,
      [...synthesized, "--format", "xlsx"],
      "--format must be csv or parquet",
    );
    await expectError(folder, [...synthesized, "--start", "today"], "timestamp must be ISO 8601");
    await expectError(folder, [...synthesized, "--dayz", "2"], "did you mean --days?");
    await expectError(folder, ["import-citylearn", folder, out], "schema.json does not exist");
  });
});

Deno.test("data task: a failed import from the web ends in one line and leaves nothing behind", async () => {
  await inFolder(async (folder) => {
    const files = new Map(cityLearnFiles());
    files.delete("c.csv");
    await served(files, (address) =>
      expectError(
        folder,
        ["import-citylearn", address, join(folder, "out")],
        `${address}/c.csv: the server answers 404 Not Found`,
      ));
  });
});

Deno.test("data task: files whose fingerprint is another are not imported", async () => {
  await inFolder(async (folder) => {
    await served(cityLearnFiles(), async (address) => {
      const from = ["import-citylearn", address, join(folder, "out")];
      await expectError(folder, [...from, "--sha256", "00ff"], "not 00ff; they have changed");
      const { stdout: out } = await data(...from);
      const [sha256] = /[0-9a-f]{64}/.exec(out)!;
      assertEquals((await data(...from, "--sha256", sha256)).code, 0);
    });
    await Deno.remove(join(folder, "out"), { recursive: true });
    const local = ["import-citylearn", folder, join(folder, "out"), "--sha256", "00ff"];
    await expectError(folder, local, "--sha256 goes with an http(s) address");
  });
});
