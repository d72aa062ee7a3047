import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { befallsHome, type Intervention, interventionKinds } from "../../lib/data/interventions.ts";
import { scenarioNames } from "../../lib/data/scenarios.ts";
import { formatMoment, namesMoment, readMoment } from "../../lib/live/address.ts";
import { checkMoment } from "../../lib/live/checks.ts";
import type { Moment } from "../../lib/live/session.ts";
import { SETUP } from "../helpers/realtime.ts";

const name = fc.stringMatching(/^[a-z][\w:/ .-]{0,20}$/);
const intervention = fc.constantFrom(...interventionKinds).chain<Intervention>((kind) =>
  befallsHome(kind)
    ? fc.stringMatching(/^[\w-]{1,12}$/).map((prosumer) => ({ kind, prosumer }))
    : fc.constant({ kind })
);
const moment = fc.record({
  setup: fc.record({
    data: fc.constant("synthetic"),
    prosumers: fc.integer({ min: 1, max: 200 }),
    cars: fc.nat(200),
    heatPumps: fc.nat(200),
    appliances: fc.nat(200),
    departures: fc.constantFrom("announced", "unknown"),
    tariff: fc.constantFrom("time-of-use", "day-ahead"),
    feeder: fc.constantFrom("rural"),
    day: fc.constantFrom("2025-01-01", "2025-12-31"),
    scenario: fc.constantFrom(...scenarioNames),
    policy: name,
    compare: fc.option(name),
    seed: fc.integer(),
    atEnd: fc.constantFrom("stop", "next-day"),
  }, {
    requiredKeys: ["data", "prosumers", "day", "scenario", "policy", "compare", "seed", "atEnd"],
  }),
  step: fc.nat(96),
  incidents: fc.array(fc.record({ step: fc.nat(96), intervention }), { maxLength: 5 }),
}) as fc.Arbitrary<Moment>;

Deno.test("address: whatever was seen, its address names it", () => {
  fc.assert(
    fc.property(moment, (moment) => {
      const query = new URLSearchParams(formatMoment(moment));
      assertEquals(namesMoment(query), true);
      assertEquals(checkMoment(readMoment(query, SETUP)), moment);
    }),
    { numRuns: 300, seed: 3 },
  );
});

Deno.test("address: it can be read by people", () => {
  const incidents = [
    { step: 11, intervention: { kind: "cloud" } },
    { step: 12, intervention: { kind: "battery-failure", prosumer: "house-03" } },
  ] as const;
  assertEquals(
    formatMoment({ setup: SETUP, step: 14, incidents }),
    "data=synthetic&prosumers=4&day=2025-01-15&scenario=none&policy=self-consumption&seed=42" +
      "&step=14&events=cloud@11,battery-failure@12:house-03",
  );
});

Deno.test("address: what it leaves out is as usual", () => {
  const read = (query: string) => checkMoment(readMoment(new URLSearchParams(query), SETUP));
  assertEquals(read("policy=mpc"), {
    setup: { ...SETUP, policy: "mpc" },
    step: 0,
    incidents: [],
  });
  assertEquals(read("data=data/sample").setup.prosumers, null);
  const { cars, heatPumps } = read("policy=mpc&cars=2&heat-pumps=0").setup;
  assertEquals([cars, heatPumps], [2, 0]);
  assertEquals(read("data=data/sample&cars=2").setup.cars, undefined);
  assertEquals(namesMoment(new URLSearchParams("speed=4&run=x")), false);
});

const wrong: readonly [string, string][] = [
  ["policy=mpc&seed=1.5", "address: setup.seed"],
  ["policy=mpc&step=-1", "address: step"],
  ["policy=mpc&prosumers=201", "address: setup.prosumers"],
  ["policy=mpc&prosumers=many", "address: setup.prosumers"],
  ["policy=mpc&cars=-1", "address: setup.cars"],
  ["policy=mpc&heat-pumps=201", "address: setup.heatPumps"],
  ["policy=mpc&departures=soon", "address: setup.departures"],
  ["policy=mpc&feeder=mesh", "address: setup.feeder"],
  ["policy=mpc&day=yesterday", "a day such as"],
  ["policy=mpc&scenario=flood", "address: setup.scenario"],
  ["policy=mpc&end=never", "address: setup.atEnd"],
  ["policy=mpc&events=flood@3", "address: incidents[0].intervention"],
  ["policy=mpc&events=cloud", "address: incidents[0].step"],
];
for (const [query, message] of wrong) {
  Deno.test(`address: ${query} is refused by name`, () => {
    assertThrows(
      () => checkMoment(readMoment(new URLSearchParams(query), SETUP)),
      RangeError,
      message,
    );
  });
}
