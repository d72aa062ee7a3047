import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { describeDay, homesAfter } from "../../lib/live/describe_day.ts";
import { feederNow } from "../../lib/live/feeder_now.ts";
import { LiveDay } from "../../lib/live/live_day.ts";
import { feederLayout } from "../../lib/live/page/feeder_layout.ts";
import { NO_DAYS } from "../../lib/live/past_days.ts";
import { createFeeder } from "../../lib/network/feeder.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { randomNetwork } from "../helpers/feeders.ts";

const config = environmentConfigSchema.parse({ episodeDays: 1 });
const given = {
  run: "r",
  setup: {} as never,
  epoch: 1,
  past: NO_DAYS,
  dayCosts: { gridOnly: 0, optimum: null },
};

async function dayOf(feeder: boolean) {
  const dataset = synthesize({
    seed: 1,
    prosumers: 8,
    cars: 4,
    days: 3,
    dtHours: 1,
    ...(feeder && { feeder: "rural" as const }),
  });
  const day = await LiveDay.begin({
    dataset,
    config,
    firstSlot: 24,
    seed: 9,
    policies: [rulePolicy("grid-only")],
    gridOnly: rulePolicy("grid-only"),
    optimum: null,
  });
  while (!day.over) await day.next();
  return day;
}

Deno.test("live feeder: the page is told of voltages as the books have them, and of each home's room", async () => {
  const day = await dayOf(true);
  const { feeder } = describeDay(day, given);
  assert(feeder !== null);
  assertEquals(feeder.nodeOf.length, 8);
  feeder.parent.forEach((parent, node) => assert(parent < node && (node === 0) === (parent < 0)));
  const [{ home, community }] = day.records;
  for (let step = 1; step <= 24; step++) {
    const [{ feeder: now }] = homesAfter(day, step);
    assertAlmostEquals(Math.min(...now!.voltagePu), community.lowestVoltagePu[step - 1], 1e-4);
    assertAlmostEquals(Math.max(...now!.voltagePu), community.highestVoltagePu[step - 1], 1e-4);
    assertAlmostEquals(now!.transformerLoading, community.transformerLoading[step - 1], 1e-4);
    for (let i = 0; i < 8; i++) {
      const kw = home.netKwh[(step - 1) * 8 + i];
      assert(kw <= now!.mostKw![i] + 1e-3 && -kw <= now!.mostGivenKw![i] + 1e-3);
    }
  }
});

Deno.test("live feeder: room is that of the rules, also where homes were seen under others", async () => {
  const day = await dayOf(true);
  const [records] = day.records;
  const rules = environmentConfigSchema.parse({ network: { envelopes: "none" } });
  assert(feederNow(records, day.dataset, 1, 24)!.mostKw !== null);
  assertEquals(feederNow({ ...records, rules }, day.dataset, 1, 24)!.mostKw, null);
});

Deno.test("live feeder: homes without a network have none", async () => {
  const day = await dayOf(false);
  assertEquals(describeDay(day, given).feeder, null);
  assertEquals(homesAfter(day, 3)[0].feeder, null);
});

Deno.test("live feeder: on any feeder all homes stand in the picture, apart from each other, at their nodes", () => {
  for (let seed = 0; seed < 60; seed++) {
    const homes = 1 + seed, nodes = 1 + (7 * seed) % 50;
    const network = randomNetwork(seed, homes, nodes);
    const ids = Object.keys(network.homes);
    const { ids: names, parent, nodeOf } = createFeeder(network, ids);
    const described = {
      nodes: names,
      parent: [...parent],
      nodeOf: [...nodeOf],
      band: network.band,
    };
    const [width, height] = seed % 2 === 0 ? [640, 470] : [300, 300];
    const { places, nodes: points, size } = feederLayout(described, width, height);
    assertEquals(Object.keys(places).length, homes, `seed ${seed}`);
    assertEquals(points.length, nodes);
    assertGreater(size, 0);
    for (const { x, y } of [...places, ...points]) {
      assert(x >= 0 && x <= width && y >= 0 && y <= height, `seed ${seed}: ${x}, ${y}`);
    }
    for (const [k, a] of places.entries()) {
      for (const b of places.slice(k + 1)) {
        assert(Math.hypot(a.x - b.x, a.y - b.y) > 1, `seed ${seed}: homes in one place`);
      }
    }
    // The current meets a node before what it feeds.
    parent.forEach((above, node) => assert(above < 0 || points[above].x <= points[node].x + 1e-9));
  }
});
