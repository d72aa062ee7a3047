import { assertEquals, assertRejects } from "@std/assert";
import { createActor, createActorTeam } from "../../lib/ppo/actor.ts";
import type { ActorWeights } from "../../lib/ppo/actor_weights.ts";
import { eachBlock } from "../../lib/ppo/blocks.ts";
import { parameterCount } from "../../lib/ppo/mlp.ts";
import { createNormalizer } from "../../lib/ppo/normalizer.ts";
import { startWorkers } from "../../lib/ppo/wasm/start_workers.ts";
import { stream } from "../../lib/random.ts";

const COMMON = 5, OWN = 4, DECIDED = 3;
const random = stream(1, "actor team");
const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
const sizes = [COMMON + OWN, 16, DECIDED];
const normalizer = eachBlock((block) => {
  const size = block === "common" ? COMMON : OWN;
  const seen = createNormalizer(size);
  seen.update(normals(100 * size));
  return seen.state();
});
const weights: ActorWeights = {
  sizes,
  parameters: Float32Array.from(normals(parameterCount(sizes))),
  logStd: new Float32Array(DECIDED),
  normalizer,
  observationClip: 10,
};

for (const workers of [1, 2, 3]) {
  Deno.test(`actor team: ${workers} threads decide as one does, bit for bit`, async () => {
    using team = await createActorTeam(weights, workers);
    const alone = createActor(weights);
    // Communities smaller and larger than a block; the numbers of rows go up and down.
    const scenes = [[1, 1], [100, 10], [1, 1_537], [7, 500], [1_001, 3], [0, 1], [3, 1_000]];
    for (const [communities, agents] of scenes) {
      const rows = communities * agents;
      const seen = { common: normals(communities * COMMON), own: normals(rows * OWN) };
      const [theirs, own] = [team, alone].map((actor) =>
        actor.mean(seen, new Float64Array(rows * DECIDED))
      );
      assertEquals(theirs, own, `${communities} communities of ${agents}`);
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
