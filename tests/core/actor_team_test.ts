import { assertEquals, assertRejects } from "@std/assert";
import { createActor, createActorTeam } from "../../lib/ppo/actor.ts";
import type { ActorWeights } from "../../lib/ppo/actor_weights.ts";
import { parameterCount } from "../../lib/ppo/mlp.ts";
import { createNormalizer } from "../../lib/ppo/normalizer.ts";
import { startWorkers } from "../../lib/ppo/wasm/start_workers.ts";
import { stream } from "../../lib/random.ts";

const SEEN = 9, DECIDED = 3;
const random = stream(1, "actor team");
const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
const sizes = [SEEN, 16, DECIDED];
const normalizer = createNormalizer(SEEN);
normalizer.update(normals(100 * SEEN));
const weights: ActorWeights = {
  sizes,
  parameters: Float32Array.from(normals(parameterCount(sizes))),
  logStd: new Float32Array(DECIDED),
  normalizer: normalizer.state(),
  observationClip: 10,
};

for (const workers of [1, 2, 3]) {
  Deno.test(`actor team: ${workers} threads decide as one does, bit for bit`, async () => {
    using team = await createActorTeam(weights, workers);
    const alone = createActor(weights);
    // The numbers of rows go up and down, and end within a block.
    for (const rows of [1, 1_000, 1_537, 10_001, 0, 3_000]) {
      const observations = normals(rows * SEEN);
      const [theirs, own] = [team, alone].map((actor) =>
        actor.mean(observations, new Float64Array(rows * DECIDED))
      );
      assertEquals(theirs, own, `${rows} rows`);
    }
  });
}

Deno.test("actor team: no thread at all is refused", async () => {
  await assertRejects(() => createActorTeam(weights, 0), RangeError, "got 0");
});

const moduleOf = (source: string) => new URL(`data:text/javascript,${encodeURIComponent(source)}`);

for (
  const [what, module, message] of [
    ["whose module is missing", new URL("no_such_worker.ts", import.meta.url), "did not start"],
    ["that throws", moduleOf("throw new Error('a fuse has blown')"), "a fuse has blown"],
    ["that ends at once", moduleOf("self.close()"), "Worker 1 is not ready after 0.3 s"],
    ["that refuses", moduleOf("onmessage = () => postMessage('no power')"), "no power"],
  ] as const
) {
  Deno.test(`actor team: a Worker ${what} is reported, and none is left`, async () => {
    const start = startWorkers(module, 2, () => null, 300);
    await assertRejects(() => start, Error, message);
  });
}
