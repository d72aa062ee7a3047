// deno-lint-ignore-file no-explicit-any
import { assert, assertEquals, assertRejects } from "@std/assert";
import { datasetOfText, datasetText } from "../../lib/data/dataset_json.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { pageSources } from "../../lib/live/page_sources.ts";
import { Offered } from "../../lib/live/offered.ts";

const dataset = synthesize({ seed: 1, prosumers: 3, days: 2, dtHours: 1, cars: 1, heatPumps: 1 });
const text = datasetText(dataset);
const model = await Deno.readTextFile(new URL("../../data/models/R1/model.json", import.meta.url));

/** The text of the data set, changed. */
function changed(change: (content: any) => unknown): string {
  const file = JSON.parse(text);
  change(file.content);
  return JSON.stringify(file);
}

Deno.test("offered: a data set is read back bit for bit, a model is told from its first words", async () => {
  assertEquals(datasetOfText(text, "x.json"), dataset);
  const offered = new Offered();
  const { data, prosumers } = await offered.take("mine.json", text);
  assertEquals([data, prosumers], ["dropped:mine.json", null]);
  const { policy } = await offered.take("model.json", model);
  assertEquals(policy, "learned:dropped:model.json");
  assertEquals(offered.choices.policies.map(({ label }) => label), ["learned (model.json)"]);
  for (let k = 0; k < 9; k++) await offered.take(`${k}.json`, text);
  assertEquals([...offered.datasets.keys()].length, 4);
});

const faults: readonly [name: string, text: string][] = [
  ["nothing", ""],
  ["no JSON", "<html>"],
  ["another JSON", "[1, 2]"],
  ["null", "null"],
  ["nested without end", "[".repeat(200_000)],
  ["a version to come", '{"format":"energy market data set","formatVersion":9}'],
  ["a data set of nothing", '{"format":"energy market data set","formatVersion":1}'],
  ["half a data set", text.slice(0, text.length / 2)],
  ["no profiles", changed((content) => Object.assign(content, { profiles: null }))],
  ["no prosumers", changed(({ community }: any) => community.prosumers = [])],
  ["a prosumer of null", changed(({ community }: any) => community.prosumers = [null])],
  ["a battery of text", changed(({ community }: any) => community.prosumers[0].battery = "big")],
  ["slots of text", changed(({ profiles }: any) => profiles.grid.slots = "many")],
  ["1e12 slots", changed(({ profiles }: any) => profiles.grid.slots = 1e12)],
  ["half a slot", changed(({ profiles }: any) => profiles.grid.slots = 47.5)],
  ["too few loads", changed(({ profiles }: any) => profiles.loadKw.base64 = "AAAA")],
  ["prices in a list", changed(({ profiles }: any) => profiles.importPricePerKwh = [1])],
  ["half a model", model.slice(0, model.length / 2)],
  ["a changed model", model.replace("hourSin", "hourCos")],
  ["a model of nothing", '{"format":"energy market model","formatVersion":3}'],
];
for (const [name, text] of faults) {
  Deno.test(`offered: ${name} is refused in one sentence that names the file, and nothing is kept`, async () => {
    const offered = new Offered();
    const { message } = await assertRejects(() => offered.take("<b>.json", text), Error);
    assert(message.includes("<b>.json") && message.length < 400, message);
    assertEquals(message.includes("\n"), false);
    assertEquals(offered.datasets.size + offered.models.size, 0);
  });
}

Deno.test("page: where the solver cannot run, planners are left out and that is one sentence", async () => {
  const setup = {
    ...{ data: "synthetic", prosumers: 3, day: "2025-01-15", scenario: "none", seed: 1 },
    ...{ policy: "trade-only", compare: null, atEnd: "stop" as const },
  };
  const sources = pageSources({ setup, datasets: {}, models: {} }, "cannot run");
  const { policies } = await sources.choices();
  assertEquals(policies.some(({ name }) => name === "mpc"), false);
  const players = await sources.players(["trade-only"], 1);
  assertEquals(players.optimum, null);
  await assertRejects(() => sources.players(["mpc"], 1), RangeError, "policy must be one of");
});
