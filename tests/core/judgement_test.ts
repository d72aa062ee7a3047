import { assert, assertEquals } from "@std/assert";
import { judge } from "../../lib/data/judgement/judge.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";

const KASSEL = { latitudeDeg: 51.3, longitudeDeg: 9.5 };
const street = synthesize({
  ...{ seed: 3, prosumers: 4, days: 100, dtHours: 0.25 },
  start: "2025-02-01T00:00:00+01:00",
});
const { slots } = street.profiles.grid;

const withProfiles = (change: Partial<Dataset["profiles"]>): Dataset => ({
  ...street,
  profiles: { ...street.profiles, ...change },
});

/** The sun some slots later, from a slot on. */
function sunLater(by: number, from = 0): Dataset {
  const { pvKw } = street.profiles;
  const later = pvKw.map((_, at) => {
    const slot = at % slots, home = at - slot;
    return slot < from ? pvKw[at] : pvKw[home + (slot - by + slots) % slots];
  });
  return withProfiles({ pvKw: later });
}

const { loadKw, pvKw, grid, importPricePerKwh } = street.profiles;
const doubtful: readonly [string, Dataset, string, string][] = [
  [
    "an hour late",
    sunLater(4),
    "clock",
    "62 min too late for 10° east, where the offset points to: stamps are an hour late; import again",
  ],
  [
    "an hour early",
    sunLater(-4),
    "clock",
    "58 min too early for 10° east, where the offset points to: stamps are an hour early; import",
  ],
  [
    "a clock that is changed in summer",
    sunLater(4, 57 * 96),
    "clock",
    "the sun's noon jumps by 57 min around 2025-03-29: stamps follow a clock that is changed",
  ],
  [
    "half a day off",
    sunLater(48),
    "clock",
    "% of the sun shines from 22:00 to 3:00; is the offset from UTC right? Import again with --time",
  ],
  [
    "labels at the end",
    withProfiles({ grid: { ...grid, startMs: grid.startMs + 900_000 } }),
    "label",
    "the first slot is 00:15 and the last 00:00, as if stamps named the ends of slots; import",
  ],
  [
    "kW taken for kWh",
    withProfiles({ loadKw: loadKw.map((power) => power * 4) }),
    "energy",
    "with 0.25 times as much they would be usual, as if kW were taken for kWh of an interval",
  ],
  [
    "kWh taken for kW",
    withProfiles({ loadKw: loadKw.map((power) => power / 4) }),
    "energy",
    "with 4 times as much they would be usual, as if kWh of an interval were taken for kW",
  ],
  [
    "watts",
    withProfiles({ loadKw: loadKw.map((power) => power * 1000) }),
    "unit",
    "more than 20 kW on average; are these watts? Import again with --unit W",
  ],
  [
    "an absurd reading",
    withProfiles({ loadKw: loadKw.with(777, 95) }),
    "absurd-reading",
    "house-01: load of 95 kW at 2025-02-09T02:15:00+01:00, 21.3 times what it is else",
  ],
  [
    "a meter that stands still",
    withProfiles({ loadKw: loadKw.map((power, at) => at > 2000 && at < 2200 ? 0.3 : power) }),
    "flat-line",
    "house-01: load stays at 0.3 kW for 49.8 h from 2025-02-21T20:15:00+01:00; did its meter",
  ],
  [
    "more than is installed",
    withProfiles({ pvKw: pvKw.map((power) => 2 * power) }),
    "pv-rating",
    "panels give more than is installed; is pvCapacityKw right",
  ],
  [
    "no sun at all",
    withProfiles({ pvKw: pvKw.map(() => 0) }),
    "pv-rating",
    "panels that never give anything; import again with the file of their meter",
  ],
  [
    "less than is installed",
    withProfiles({ pvKw: pvKw.map((power) => power / 5) }),
    "pv-rating",
    "panels never give a quarter of what is installed; correct pv_kWp in devices.csv",
  ],
  [
    "cents",
    withProfiles({ importPricePerKwh: importPricePerKwh.map((price) => 100 * price) }),
    "price",
    "the import price is 29.5 EUR/kWh on average; are these cents, or prices of a MWh? Divide by 100",
  ],
  [
    "the exchange's price",
    withProfiles({
      importPricePerKwh: importPricePerKwh.map((price) => price / 5),
      feedInTariffPerKwh: new Float64Array(slots),
    }),
    "price",
    "the import price is 0.059 EUR/kWh on average, less than homes pay: is it the exchange's price",
  ],
  [
    "nothing at all",
    withProfiles({ loadKw: new Float64Array(4 * slots), pvKw: new Float64Array(4 * slots) }),
    "nothing",
    "there is neither load nor sun",
  ],
];
for (const [what, dataset, kind, text] of doubtful) {
  Deno.test(`judgement: ${what} is found and named, with a remedy`, () => {
    const doubts = judge(dataset);
    const found = doubts.filter((doubt) => doubt.kind === kind);
    assertEquals(found.length, 1, JSON.stringify(doubts));
    assert(found[0].text.includes(text), found[0].text);
  });
}

Deno.test("judgement: nothing is doubted about made-up streets, in any resolution and season", () => {
  for (
    const [days, dtHours, start] of [
      [365, 1, "2025-01-01T00:00:00+01:00"],
      [120, 0.25, "2025-05-01T00:00:00+02:00"],
      [14, 0.5, "2025-12-15T00:00:00+01:00"],
      [3, 1, "2025-03-29T00:00:00+01:00"],
    ] as const
  ) {
    assertEquals(judge(synthesize({ seed: 5, prosumers: 8, days, dtHours, start })), []);
  }
});

Deno.test("judgement: a place that is said is held against the sun more closely", () => {
  assertEquals(judge(street, KASSEL), []);
  assertEquals(judge(sunLater(2)), []);
  assert(judge(sunLater(2), KASSEL)[0].text.includes("stamps are 30 min late"));
  // 22° further west, noon is an hour and a half later.
  assert(
    judge(street, { latitudeDeg: 40, longitudeDeg: -13 })[0].text.includes(
      "min too early for 13° west",
    ),
  );
});
