import { assert, assertEquals, assertRejects } from "@std/assert";
import { formatMoment } from "../../lib/live/address.ts";
import { takeAwayFile } from "../../lib/live/day_files.ts";
import { Engine } from "../../lib/live/engine.ts";
import { MachineSources } from "../../lib/live/machine_sources.ts";
import type { Sources } from "../../lib/live/session.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { addressOf, counted, serve } from "../helpers/realtime.ts";

/** What policies and references have done. */
interface Work {
  /** Slots that were decided on. */
  slots: number;
  /** Times that one of them looked at changed data, as the optimum does to plan anew. */
  plans: number;
}

/** Sources whose policies are counted; `before` is called before each slot. */
function watched(
  sources: Sources,
  work: Work,
  before: () => void | Promise<void> = () => {},
): Sources {
  const watch = (policy: Policy): Policy => ({
    name: policy.name,
    async begin(env) {
      work.plans++;
      const act = await policy.begin(env);
      return async (observation, actions) => {
        await before();
        work.slots++;
        await act(observation, actions);
      };
    },
  });
  return {
    offer: (file, text) => sources.offer(file, text),
    choices: () => sources.choices(),
    defaultSetup: () => sources.defaultSetup(),
    dataset: (setup) => sources.dataset(setup),
    async players(names, seed) {
      const { config, policies, gridOnly, optimum } = await sources.players(names, seed);
      return {
        config,
        policies: policies.map(watch),
        gridOnly: watch(gridOnly),
        optimum: optimum && watch(optimum),
      };
    },
  };
}

/** An address with `count` interventions, spread over the slots before the last. */
function hostileAddress(count: number): string {
  const events = Array.from({ length: count }, (_, k) => `cloud@${Math.floor(23 * k / count)}`);
  return addressOf(23, `&events=${events.join(",")}`);
}

async function workOf(query: string): Promise<Work> {
  const sources = new MachineSources({});
  const work = { slots: 0, plans: 0 };
  const engine = new Engine(watched(sources, work), counted(), takeAwayFile);
  await engine.open({ query, run: null, reload: false });
  sources.close();
  return work;
}

Deno.test("opening: an address of 800 characters costs a day of each policy and reference, no more", async () => {
  const query = hostileAddress(84);
  assert(query.length > 800, `${query.length} characters`);
  // The policy to slot 23, both references to the end of the day.
  const { slots, plans } = await workOf(query);
  assertEquals(slots, 23 + 24 + 24);
  assertEquals(plans, 3 + 3 * 23);
  assertEquals((await workOf(addressOf(23))).slots, 23 + 24 + 24);
});

Deno.test("opening: what comes at one moment is planned for once", async () => {
  const { plans } = await workOf(addressOf(5, `&events=${Array(50).fill("cloud@3").join(",")}`));
  assertEquals(plans, 3 + 3, "once at midnight and once at three o'clock for each of the three");
});

Deno.test("opening: an intervention plays what is left of the day, not what was", async () => {
  const sources = new MachineSources({});
  const work = { slots: 0, plans: 0 };
  const engine = new Engine(watched(sources, work), counted(), takeAwayFile);
  const { run } = await engine.open({ query: addressOf(20), run: null, reload: false });
  work.slots = 0;
  await engine.command(run, { kind: "intervene", intervention: { kind: "tariff-jump" } });
  assertEquals(work.slots, 4 + 4);
  sources.close();
});

Deno.test("opening: homes have the cars and heat pumps that are asked for, and what befalls them", async () => {
  const homes = { prosumers: 4, cars: 2, heatPumps: 1, appliances: 0 };
  const sources = new MachineSources({ homes });
  const engine = new Engine(sources, counted(), takeAwayFile);
  const { run } = await engine.open({ query: "", run: null, reload: false });
  const kinds = () =>
    engine.get(run).day.dataset.community.prosumers.map(({ devices = [] }) =>
      devices.map(({ kind }) => kind).join()
    );
  assertEquals(kinds(), ["car", "", "car,heat-pump", ""]);
  const broken = { kind: "charger-failure", prosumer: "house-03" } as const;
  await engine.command(run, { kind: "intervene", intervention: broken });
  const [car] = engine.get(run).day.dataset.community.prosumers[2].devices!;
  assert(car.kind === "car" && "maxChargeKw" in car && car.maxChargeKw === 0);
  // Another address, others.
  const query = addressOf(0, "&cars=0&heat-pumps=4");
  const other = await engine.open({ query, run: null, reload: false });
  assertEquals(
    engine.get(other.run).day.dataset.community.prosumers.map(({ devices }) => devices?.length),
    [1, 1, 1, 1],
  );
  sources.close();
});

Deno.test("opening: homes on a feeder, whose cars do not say when they leave, are played by who knows them", async () => {
  const homes = { prosumers: 4, cars: 2, departures: "unknown", tariff: "day-ahead" } as const;
  for (const asked of [homes, { ...homes, feeder: "rural" } as const]) {
    const sources = new MachineSources({ homes: asked });
    const engine = new Engine(sources, counted(), takeAwayFile);
    const { run } = await engine.open({ query: "", run: null, reload: false });
    const { moment, day: { dataset } } = engine.get(run);
    assertEquals(dataset.network !== undefined, "feeder" in asked);
    const [car] = dataset.community.prosumers[0].devices!;
    assert("departure" in car && car.departure === "unknown");
    const query = new URLSearchParams(formatMoment(moment));
    assertEquals([query.get("departures"), query.get("feeder")], [
      "unknown",
      "feeder" in asked ? "rural" : null,
    ]);
    sources.close();
  }
});

Deno.test("opening: a model that knows nothing of envelopes does not play on a feeder", async () => {
  const sources = new MachineSources({ homes: { prosumers: 4, feeder: "rural" } });
  const engine = new Engine(sources, counted(), takeAwayFile);
  const { run } = await engine.open({ query: "", run: null, reload: false });
  assert(!engine.get(run).moment.setup.policy.endsWith("data/models/R1"));
  sources.close();
});

Deno.test("opening: one does not wait for another", async () => {
  const sources = new MachineSources({});
  const gate = Promise.withResolvers<void>();
  let held = 0;
  const hold = () => (held++ < 1 ? gate.promise : undefined);
  const engine = new Engine(
    watched(sources, { slots: 0, plans: 0 }, hold),
    counted(),
    takeAwayFile,
  );
  const slow = engine.open({ query: addressOf(2), run: null, reload: false });
  while (held === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const quick = await engine.open({ query: addressOf(3), run: null, reload: false });
  assertEquals(engine.get(quick.run).day.step, 3);
  gate.resolve();
  assertEquals(engine.get((await slow).run).day.step, 2);
  sources.close();
});

Deno.test("opening: it is given up when the page goes, and takes no room any more", async () => {
  const sources = new MachineSources({});
  const work = { slots: 0, plans: 0 };
  const gone = new AbortController();
  const engine = new Engine(
    watched(sources, work, () => {
      if (work.slots === 4) gone.abort();
      // As long as it takes until others have their turn.
      return new Promise((resolve) => setTimeout(resolve, 1));
    }),
    counted(),
    takeAwayFile,
  );
  const opening = { query: hostileAddress(80), run: null, reload: false };
  await assertRejects(() => engine.open(opening, gone.signal), DOMException);
  assertEquals(work.slots, 5);
  for (let k = 0; k < 9; k++) {
    await engine.open({ query: addressOf(1), run: null, reload: false });
  }
  sources.close();
});

Deno.test("opening: a request that is broken off ends its work in the server", async () => {
  const work = { slots: 0, plans: 0 };
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
  await using server = serve("127.0.0.1", (sources) => watched(sources, work, slow));
  const leaving = new AbortController();
  const asked = fetch(`${server.url}/api/open${hostileAddress(84)}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "origin": server.url,
      "x-page-token": server.token,
    },
    body: JSON.stringify({ run: null, reload: false }),
    signal: leaving.signal,
  });
  while (work.slots < 5) await slow();
  leaving.abort();
  await assertRejects(() => asked, DOMException);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { slots } = work;
  assert(slots < 40, `${slots} slots were played`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(work.slots, slots);
});
