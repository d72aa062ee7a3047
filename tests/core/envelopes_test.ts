import { assert, assertEquals } from "@std/assert";
import { allocations, createEnvelopes } from "../../lib/network/envelopes.ts";
import { isWithinLimits } from "../../lib/network/fixed_cuts.ts";
import { createFeeder, type Feeder } from "../../lib/network/feeder.ts";
import { createFlow, linDistFlow, loadingOf } from "../../lib/network/lin_dist_flow.ts";
import { stream } from "../../lib/random.ts";
import { acPowerFlow } from "../helpers/ac_power_flow.ts";
import { randomNetwork } from "../helpers/feeders.ts";

/** What lies beyond the limits: of voltages in pu, of loadings as a share. */
function beyond(feeder: Feeder, netKw: Float64Array, kvar: Float64Array): number {
  const flow = createFlow(feeder);
  linDistFlow(feeder, netKw, kvar, 0, flow);
  let most = 0;
  for (let k = 0; k < feeder.parent.length; k++) {
    const pu = Math.sqrt(flow.squaredPu[k]);
    most = Math.max(
      most,
      Math.sqrt(feeder.leastSquaredPu) - pu,
      pu - Math.sqrt(feeder.mostSquaredPu),
      loadingOf(feeder, flow, k) - 1,
    );
  }
  return most;
}

Deno.test("envelopes: every combination within them keeps voltages and lines, 12,000 cases", () => {
  let tight = 0, cut = 0;
  for (let seed = 0; seed < 600; seed++) {
    const random = stream(seed, "envelopes");
    const homes = Array.from({ length: 1 + random.below(8) }, (_, i) => `h${i}`);
    const feeder = createFeeder(randomNetwork(seed, homes.length, 1 + random.below(7)), homes);
    // From a quiet night to a street that is far beyond its transformer.
    const scale = 10 ** (2.2 * random.uniform());
    const some = (size: number) =>
      Float64Array.from(homes, () => random.uniform() < 0.3 ? 0 : size * random.uniform());
    const load = some(scale), sun = some(scale);
    const metered = {
      loadKw: load,
      pvKw: sun,
      importLimitKw: random.uniform() < 0.5 ? Infinity : scale * random.uniform(),
      exportLimitKw: random.uniform() < 0.5 ? Infinity : 0,
      kvar: load.map((kw) => 0.1 * kw * (random.uniform() - 0.2)),
      chargeKw: some(30),
      dischargeKw: some(30),
    };
    const most = new Float64Array(homes.length), least = new Float64Array(homes.length);
    for (const allocation of allocations) {
      createEnvelopes(feeder, allocation)(metered, most, least, 0);
      homes.forEach((_, i) => {
        assert(least[i] <= most[i]);
        assert(most[i] <= load[i] + metered.chargeKw[i] + 1e-9);
        assert(least[i] >= -sun[i] - metered.dischargeKw[i] - 1e-9);
        if (most[i] < load[i] + metered.chargeKw[i]) tight++;
        if (most[i] < load[i] - sun[i] || least[i] > load[i] - sun[i]) cut++;
      });
      const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
      const taken = sum(most.map((kw, i) => Math.min(kw, load[i])));
      const given = sum(least.map((kw, i) => Math.max(kw, -sun[i])));
      assert(given <= metered.importLimitKw + 1e-9, "the connection can be kept without stores");
      assert(taken >= -metered.exportLimitKw - 1e-9, "the connection can be kept without stores");
      for (let tries = 0; tries < 10; tries++) {
        const net = most.map((kw, i) => {
          const share = tries < 2 ? tries : tries < 5 ? random.below(2) : random.uniform();
          return least[i] + share * (kw - least[i]);
        });
        const off = beyond(feeder, net, metered.kvar);
        assert(off < 1e-9, `seed ${seed}, ${allocation}: ${off} beyond a limit`);
      }
    }
  }
  assert(tight > 500 && cut > 200, `${tight} limited, ${cut} cut`);
});

Deno.test("envelopes: nobody's load is cut while there is room, and headroom is used up", () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = stream(seed, "room");
    const homes = Array.from({ length: 6 }, (_, i) => `h${i}`);
    const network = randomNetwork(seed, 6, 5), feeder = createFeeder(network, homes);
    const kvar = new Float64Array(6);
    const netKw = Float64Array.from(homes, () => 4 * random.normal());
    const metered = {
      loadKw: netKw.map((kw) => Math.max(0, kw)),
      pvKw: netKw.map((kw) => Math.max(0, -kw)),
      importLimitKw: Infinity,
      exportLimitKw: Infinity,
      kvar,
      chargeKw: new Float64Array(6).fill(1e4),
      dischargeKw: new Float64Array(6).fill(1e4),
    };
    if (beyond(feeder, netKw, kvar) > 0) continue;
    const most = new Float64Array(6), least = new Float64Array(6);
    createEnvelopes(feeder, "equal")(metered, most, least, 0);
    homes.forEach((_, i) => {
      assert(most[i] >= netKw[i] && least[i] <= netKw[i]);
      // Another kilowatt for anybody at the corner breaks a linear limit, or 2 % more a true one.
      const more = most.map((kw, j) => j === i ? kw + 1 : kw);
      const flow = createFlow(feeder);
      linDistFlow(feeder, more, kvar, 0, flow);
      const ac = acPowerFlow(network, homes, more.map((kw) => kw + 0.02 * Math.abs(kw)), kvar);
      assert(
        !isWithinLimits(feeder, flow) || ac === null ||
          Math.min(...ac.pu.values()) < network.band.leastPu ||
          Math.max(...ac.loading.values()) > 1,
      );
    });
  }
});

Deno.test("envelopes: shares are equal, or in proportion to what stores can use", () => {
  const network = { ...randomNetwork(3, 2, 1), slackVoltagePu: 1 };
  const feeder = createFeeder(network, ["h0", "h1"]);
  const limit = feeder.limitKva[0];
  const metered = {
    loadKw: Float64Array.of(1, 0),
    pvKw: new Float64Array(2),
    importLimitKw: Infinity,
    exportLimitKw: Infinity,
    kvar: null,
    chargeKw: Float64Array.of(limit, 3 * limit),
    dischargeKw: new Float64Array(2),
  };
  const most = new Float64Array(2), least = new Float64Array(2);
  createEnvelopes(feeder, "equal")(metered, most, least, 0);
  assert(Math.abs(most[0] - 1 - most[1]) < 1e-9);
  createEnvelopes(feeder, "proportional")(metered, most, least, 0);
  assert(Math.abs(3 * (most[0] - 1) - most[1]) < 1e-9);
  assertEquals([...least], [0, 0]);
});

Deno.test("envelopes: what load or sun alone break is cut pro rata among those that burden it", () => {
  const line = (id: string, parent: string) => ({
    id,
    parent,
    resistanceOhm: 1e-4,
    reactanceOhm: 1e-4,
    ratingA: 20_000 / Math.sqrt(3) / 400,
  });
  const network = {
    ...randomNetwork(1, 0, 1),
    slackVoltagePu: 1,
    nodes: [{ id: "n0", parent: null }, line("a", "n0"), line("b", "n0")],
    homes: { h0: "a", h1: "a", h2: "b", h3: "a" },
  };
  const feeder = createFeeder(network, ["h0", "h1", "h2", "h3"]);
  const limit = feeder.limitKva[1];
  const none = new Float64Array(4);
  const metered = {
    loadKw: Float64Array.of(limit, 2 * limit, limit / 2, 0),
    pvKw: Float64Array.of(0, 0, 0, limit / 2),
    importLimitKw: Infinity,
    exportLimitKw: Infinity,
    kvar: null,
    chargeKw: none,
    dischargeKw: none,
  };
  const most = new Float64Array(4), least = new Float64Array(4);
  createEnvelopes(feeder, "equal")(metered, most, least, 0);
  // Of 3 limits 1.5 are left beside what the last home gives.
  [0.5, 1, 0.5, -0.5].forEach((share, i) => assert(Math.abs(most[i] - share * limit) < 1e-9));
});
