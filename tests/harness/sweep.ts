/**
 * `deno task --cwd tests/harness sweep`: kills workers and jobs of sweeps at random moments, stops
 * their server, lets several producers submit at once, and looks whether every job was done, once,
 * with the same outcome as in a run that nobody disturbed.
 *
 * @module
 */

import { table } from "../../lib/cli/table.ts";
import { main } from "../../lib/cli/task.ts";
import { stream } from "../../lib/random.ts";
import {
  differences,
  disturbFolder,
  disturbServer,
  undisturbed,
  writeSpecs,
} from "./sweep/campaign.ts";
import { overheadSeconds, queueSeconds, takeoverSeconds } from "./sweep/figures.ts";
import { startServer } from "./sweep/server.ts";

await main({
  name: "sweep",
  summary:
    "Kills workers and jobs of sweeps at random moments, stops their server, and looks whether\n" +
    "every job was done, once, with the outcome of a run that nobody disturbed.",
  options: {
    jobs: { type: "integer", min: 10, default: 200, help: "jobs of each campaign" },
    workers: { type: "integer", min: 1, default: 4, help: "workers of one slot" },
    kills: { type: "integer", min: 0, default: 20, help: "processes that are killed" },
    stops: { type: "integer", min: 0, default: 2, help: "times that the server is stopped" },
    calm: { type: "integer", min: 0, default: 1500, help: "mean time between two kills [ms]" },
    seed: { type: "integer", default: 1, help: "decides moments and victims" },
    only: { type: "string", placeholder: "server|folder", help: "one of the two queues" },
    figures: { type: "boolean", help: "measure the speed of the queue as well" },
  },
  async run({ seed, only, figures, ...size }) {
    const folder = await Deno.makeTempDir({ prefix: "p2p-sweep-" });
    const faults: string[] = [];
    try {
      await using server = only === "folder" ? null : await startServer();
      if (server === null && only !== "folder") {
        console.log("PostgreSQL is not installed here; the queue in a folder is disturbed alone.");
      }
      const specs = await writeSpecs(folder, size.jobs);
      const wanted = await undisturbed(specs, `${folder}/undisturbed`);
      const rows = [];
      const campaign = { ...size, random: stream(seed, "sweep") };
      for (const kind of ["server", "folder"] as const) {
        if ((kind === "server" && server === null) || (only !== undefined && only !== kind)) {
          continue;
        }
        const place = `${folder}/${kind}-run`;
        const found = kind === "server"
          ? await disturbServer(campaign, specs, server!, place)
          : await disturbFolder(campaign, specs, place);
        const all = [...found.faults, ...differences(found.digests, wanted)];
        faults.push(...all.map((fault) => `${kind}: ${fault}`));
        const { size: done } = found.digests;
        rows.push([kind, size.jobs, done, all.length, found.seconds.toFixed(0), found.events]);
      }
      console.log(table(["queue", "jobs", "done", "faults", "s", "what befell it"], rows));
      if (figures && server !== null) {
        const place = ["--queue", server.address, "--folder", `${folder}/figures`];
        console.log(table(["figure", "s"], [
          ["10,000 jobs queued", (await queueSeconds(10_000, place, folder)).toFixed(2)],
          ["per job beside its process", (await overheadSeconds(20, place, folder)).toFixed(3)],
          ["until a dead worker's job is done", (await takeoverSeconds(place, folder)).toFixed(1)],
        ]));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    for (const fault of faults) console.log(fault);
    if (faults.length > 0) throw new Error(`${faults.length} faults; see above`);
    console.log("\nNothing was lost and nothing done twice.");
  },
});
