import { assert, assertThrows } from "@std/assert";
import { createFeeder } from "../../lib/network/feeder.ts";
import { createFlow, linDistFlow, loadingOf, withLosses } from "../../lib/network/lin_dist_flow.ts";
import { type Network, validateNetwork } from "../../lib/network/network.ts";
import { parseNetworkFile } from "../../lib/network/network_file.ts";
import { stream } from "../../lib/random.ts";
import { bySensitivities, randomNetwork } from "../helpers/feeders.ts";

const twoNodes: Network = {
  nominalVoltageV: 400,
  slackVoltagePu: 1.02,
  band: { leastPu: 0.95, mostPu: 1.05 },
  marginPu: 0.003,
  transformer: {
    ratingKva: 160,
    resistanceOhm: 0.0147,
    reactanceOhm: 0.0372,
    tapPosition: 0,
    tapStepPercent: 2.5,
  },
  nodes: [
    { id: "busbar", parent: null },
    { id: "end", parent: "busbar", resistanceOhm: 0.1, reactanceOhm: 0.04, ratingA: 270 },
  ],
  homes: { a: "end" },
};

const withNode = (change: Record<string, unknown>): Network => ({
  ...twoNodes,
  nodes: [twoNodes.nodes[0], { ...twoNodes.nodes[1], ...change } as Network["nodes"][number]],
});

Deno.test("network: every fault is one line that names node and field", () => {
  const faults: [network: Network, text: string][] = [
    [withNode({ resistanceOhm: 0 }), 'node "end": resistanceOhm must be positive, got 0'],
    [withNode({ reactanceOhm: -0.1 }), 'node "end": reactanceOhm must be positive, got -0.1'],
    [withNode({ resistanceOhm: NaN }), 'node "end": resistanceOhm must be positive, got NaN'],
    [withNode({ ratingA: 0 }), 'node "end": ratingA must be positive, got 0'],
    [withNode({ ratingA: undefined }), 'node "end": ratingA must be positive, got nothing'],
    [withNode({ parent: "x" }), 'node "end": parent must be the id of a node, got "x"'],
    [withNode({ parent: "end" }), 'node "end": parent leads back to itself'],
    [withNode({ parent: null }), "exactly one must have the parent null"],
    [withNode({ id: "busbar" }), 'node "busbar": id must be unique'],
    [
      { ...twoNodes, nodes: [{ ...twoNodes.nodes[0], resistanceOhm: 1 }, twoNodes.nodes[1]] },
      'node "busbar": resistanceOhm is of a line, and none feeds',
    ],
    [
      { ...twoNodes, nodes: [...twoNodes.nodes, twoNodes.nodes[1]] },
      'node "end": id must be unique; a node that two lines feed is a mesh',
    ],
    [
      {
        ...twoNodes,
        nodes: [
          ...twoNodes.nodes,
          { id: "x", parent: "y", resistanceOhm: 1, reactanceOhm: 1, ratingA: 1 },
          { id: "y", parent: "x", resistanceOhm: 1, reactanceOhm: 1, ratingA: 1 },
        ],
      },
      'node "x": parent leads back to itself (x < y): an island without a transformer',
    ],
    [{ ...twoNodes, nodes: [] }, "exactly one must have the parent null"],
    [{ ...twoNodes, homes: {} }, 'homes: "a" is on no node'],
    [{ ...twoNodes, homes: { a: "x" } }, 'homes.a must be the id of a node, got "x"'],
    [{ ...twoNodes, homes: { a: "end", b: "end" } }, 'homes: "b" is no home of the community'],
    [
      { ...twoNodes, slackVoltagePu: 1.06 },
      "slackVoltagePu must be within the band (0.95 to 1.05, margin 0.003) behind the transformer",
    ],
    [
      { ...twoNodes, transformer: { ...twoNodes.transformer, tapPosition: 3 } },
      "got 1.02, which is 0.9488 there",
    ],
    [
      { ...twoNodes, band: { leastPu: 1.1, mostPu: 0.9 } },
      "band.mostPu must be above leastPu, 1.1",
    ],
    [
      { ...twoNodes, transformer: { ...twoNodes.transformer, ratingKva: 0 } },
      "transformer.ratingKva must be positive, got 0",
    ],
  ];
  validateNetwork(twoNodes, ["a"]);
  for (const [network, text] of faults) {
    const error = assertThrows(() => validateNetwork(network, ["a"]), RangeError, text);
    assert(!(error as Error).message.includes("\n"));
  }
  assertThrows(
    () => parseNetworkFile('{"nominalVoltageV": "400"}', "network.json"),
    RangeError,
    "network.json: nominalVoltageV: expected number, received string",
  );
});

Deno.test("LinDistFlow: two sweeps come to what nodal sensitivities come to", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = stream(seed, "flow");
    const count = 1 + random.below(12);
    const network = randomNetwork(seed, count, 1 + random.below(10));
    const homes = Object.keys(network.homes);
    const netKw = Float64Array.from(homes, () => 20 * random.normal());
    const kvar = Float64Array.from(homes, () => 5 * random.normal());
    const feeder = createFeeder(network, homes), flow = createFlow(feeder);
    linDistFlow(feeder, netKw, kvar, 0, flow);
    const expected = bySensitivities(network, homes, netKw, kvar);
    feeder.ids.forEach((id, k) => {
      assert(Math.abs(flow.squaredPu[k] - expected.squaredPu.get(id)!) < 1e-12);
      assert(Math.abs(flow.powerKw[k] - expected.powerKw.get(id)!) < 1e-10);
    });
  }
});

// SimBench 1.6.3 1-LV-rural1--2-sw (University of Kassel, Fraunhofer IEE, RWTH Aachen, TU Dortmund;
// ODbL 1.0), cut to the two nodes of "Line 10": 0.132499 km of NAYY 4x150SE behind 160 kVA; AC power
// flow by pandapower 3.5.6 `runpp` with one load at the end. [kW, kvar, pu busbar, pu end, % line]
const acReference = [
  [30, 10, 1.01995205, 1.01423243, 16.667794],
  [90, 30, 1.0094372, 0.9918912, 51.129651],
  [-60, 0, 1.03013736, 1.04000565, 30.841193],
  [-120, 10, 1.03263079, 1.05149113, 61.220096],
] as const;

Deno.test("LinDistFlow: reads too high by less than the margin; what losses add is left over", () => {
  const cable = { resistanceOhm: 0.2067 * 0.132499, reactanceOhm: 0.0804248 * 0.132499 };
  const network: Network = {
    ...twoNodes,
    slackVoltagePu: 1.025,
    transformer: {
      ratingKva: 160,
      resistanceOhm: 0.0146875,
      reactanceOhm: Math.sqrt(0.04 ** 2 - 0.0146875 ** 2),
      tapPosition: 0,
      tapStepPercent: 0,
    },
    nodes: [{ id: "busbar", parent: null }, {
      id: "end",
      parent: "busbar",
      ...cable,
      ratingA: 270,
    }],
  };
  const feeder = createFeeder(network, ["a"]);
  const linear = createFlow(feeder), whole = createFlow(feeder);
  for (const [kw, kvar, atBusbar, atEnd, loading] of acReference) {
    linDistFlow(feeder, Float64Array.of(kw), Float64Array.of(kvar), 0, linear);
    const losses = withLosses(feeder, linear, whole);
    const off = Math.sqrt(linear.squaredPu[1]) - atEnd;
    assert(off > 0 && off < 0.003, `${kw} kW: ${off} pu`);
    assert(Math.abs(Math.sqrt(whole.squaredPu[0]) - atBusbar) < 1e-4);
    assert(Math.abs(Math.sqrt(whole.squaredPu[1]) - atEnd) < 1e-4);
    assert(Math.abs(100 * loadingOf(feeder, whole, 1) - loading) < 0.3);
    assert(losses > 0 && losses < 0.1 * Math.abs(kw));
  }
});
