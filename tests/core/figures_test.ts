import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { CommunitySlot, Results } from "../../lib/evaluation/results.ts";
import { batterySoc } from "../../lib/report/figures/battery_soc.ts";
import { gridFlow } from "../../lib/report/figures/grid_flow.ts";
import { gridSeasons, seasonOf } from "../../lib/report/figures/grid_seasons.ts";
import { priceFan } from "../../lib/report/figures/price_fan.ts";
import { learningCurve } from "../../lib/report/figures/learning_curve.ts";
import { marketPrices } from "../../lib/report/figures/market_prices.ts";

const EUR = { currency: "EUR" };
const idle: CommunitySlot = {
  policy: "learned",
  day: "2025-06-01",
  hourOfDay: 0,
  gridKw: 0,
  volumeKwh: 0,
  clearingPricePerKwh: null,
  importPricePerKwh: 0.3,
  ceilingPerKwh: 0.33,
  feedInTariffPerKwh: 0.1,
  socFraction: null,
  cost: 0,
};

/** Results of hourly slots that differ from an idle one. */
function resultsOf(...slots: Partial<CommunitySlot>[]): Results {
  const whole = slots.map((slot, k) => ({ ...idle, hourOfDay: k % 24, ...slot }));
  return {
    currency: "EUR",
    policies: [...new Set(whole.map(({ policy }) => policy))],
    days: [...new Set(whole.map(({ day }) => day))].sort(),
    dtHours: 1,
    slots: whole,
  };
}

Deno.test("market prices: the title weighs prices by the energy traded", () => {
  const { title, subtitle } = marketPrices(
    resultsOf(
      { volumeKwh: 3, clearingPricePerKwh: 0.2 },
      { volumeKwh: 1, clearingPricePerKwh: 0.4, importPricePerKwh: 0.5, ceilingPerKwh: 0.53 },
      {},
      {},
    ),
    { currency: "CHF" },
  );
  assertEquals(
    title,
    "learned: peers trade at 0.250 CHF/kWh on average, 0.130 below what imports cost and 0.150 " +
      "above the feed-in tariff",
  );
  assertEquals(subtitle, "2025-06-01; 4 kWh traded a day.");
});

Deno.test("market prices: without a trade no price is claimed", () => {
  const figure = marketPrices(resultsOf({ policy: "grid-only" }, { policy: "grid-only" }), EUR);
  assertEquals(figure.title, "grid-only: nobody trades, all energy is settled with the grid");
  assertEquals(figure.legend.map(({ label }) => label), [
    "import price with its CO2",
    "feed-in tariff",
  ]);
});

const peaks = (learnedKw: readonly number[], gridOnlyKw: readonly number[]) =>
  gridFlow(
    resultsOf(
      ...learnedKw.map((gridKw, k) => ({ gridKw, hourOfDay: 18, day: `2025-06-0${k + 1}` })),
      ...gridOnlyKw.map((gridKw, k) => ({
        gridKw,
        hourOfDay: 18,
        day: `2025-06-0${k + 1}`,
        policy: "grid-only",
      })),
    ),
    EUR,
  ).title;

Deno.test("grid flow: the title compares the mean daily peak with grid-only", () => {
  assertEquals(
    peaks([2, 4], [6, 6]),
    "learned lowers the mean daily peak by 50 % against grid-only, to 3 kW",
  );
  assertEquals(
    peaks([8, 7], [6, 6]),
    "learned raises the mean daily peak by 25 % against grid-only, to 7.5 kW",
  );
  assertEquals(
    peaks([6, 6], [6, 6]),
    "learned leaves the mean daily peak at 6 kW, as under grid-only",
  );
});

Deno.test("grid flow: a day of export only has a peak of zero", () => {
  assertEquals(peaks([-2], []), "learned: the peak of the import is 0 kW");
});

Deno.test("battery SoC: the title names the fullest and the emptiest hour", () => {
  const figure = batterySoc(
    resultsOf({ socFraction: 0.4 }, { socFraction: 0.9 }, { socFraction: 0.2 }),
    EUR,
  );
  // The state of charge is that at the end of a slot.
  assertEquals(
    figure.title,
    "learned: the batteries are fullest with 90 % at 02:00 and emptiest with 20 % at 03:00",
  );
  const flat = batterySoc(resultsOf({ socFraction: 0.5 }, { socFraction: 0.5 }), EUR);
  assertEquals(flat.title, "learned leaves the batteries at 50 % all day");
});

Deno.test("battery SoC: a community without batteries has none to draw", () => {
  assertThrows(() => batterySoc(resultsOf({}, {}), EUR), RangeError, "no prosumer has a battery");
});

Deno.test("learning curve: the title compares the first with the last tenth", () => {
  const points = Array.from({ length: 20 }, (_, k) => ({
    timesteps: 1000 * (k + 1),
    meanEpisodeCost: k < 2 ? 30 + k : k < 18 ? 99 : 20 + k,
    validationCost: k % 10 === 9 ? 25 - k : null,
    currency: "EUR",
  }));
  const { title, subtitle } = learningCurve(points);
  assertEquals(
    title,
    "Training raises the cost of an episode from 30.50 to 38.50 EUR within 20,000 timesteps",
  );
  assertStringIncludes(subtitle, "Best on validation days: 6.00 EUR after 20,000 timesteps.");
});

Deno.test("learning curve: a training without an ended episode has none", () => {
  const points = [{ timesteps: 10, meanEpisodeCost: null, validationCost: null, currency: "EUR" }];
  assertThrows(() => learningCurve(points), RangeError, "no episode ended");
});

Deno.test("figures: learned stands in the foreground, else the policy that costs least", () => {
  const both = [{ policy: "time-of-use", cost: 2 }, { policy: "trade-only", cost: 1 }];
  assertStringIncludes(marketPrices(resultsOf(...both), EUR).title, "trade-only:");
  const withLearned = resultsOf(...both, { policy: "learned", cost: 9 });
  assertStringIncludes(marketPrices(withLearned, EUR).title, "learned:");
  const chosen = marketPrices(withLearned, { ...EUR, policy: "time-of-use" });
  assertStringIncludes(chosen.title, "time-of-use:");
});

Deno.test("figures: one day is shown alone, without a spread", () => {
  const results = resultsOf(
    { day: "2025-06-01", volumeKwh: 1, clearingPricePerKwh: 0.2 },
    { day: "2025-06-03", volumeKwh: 1, clearingPricePerKwh: 0.1 },
  );
  const whole = marketPrices(results, EUR);
  const day = marketPrices(results, { ...EUR, day: "2025-06-03" });
  assertStringIncludes(whole.subtitle, "2 days between 2025-06-01 and 2025-06-03");
  assertStringIncludes(day.title, "0.100 EUR/kWh");
  assertEquals(whole.legend.length - day.legend.length, 1);
});

Deno.test("figures: a policy or a day that is not in the results is refused with those that are", () => {
  const results = resultsOf({ day: "2025-06-01" }, { day: "2025-06-03" });
  assertThrows(
    () => gridFlow(results, { ...EUR, policy: "mpc" }),
    RangeError,
    'no policy "mpc" in the results; there are learned',
  );
  assertThrows(
    () => gridFlow(results, { ...EUR, day: "2025-06-02" }),
    RangeError,
    "try 2025-06-03",
  );
});

Deno.test("price fan: the title counts the hours at either end and between them", () => {
  const slot = (hourOfDay: number, clearingPricePerKwh: number | null) => ({
    policy: "learned",
    day: "2025-06-01",
    hourOfDay,
    gridKw: 1,
    volumeKwh: 1,
    clearingPricePerKwh,
    importPricePerKwh: 0.3,
    feedInTariffPerKwh: 0.1,
    ceilingPerKwh: 0.3,
    socFraction: null,
    cost: 0,
  });
  const slots = [slot(0, 0.3), slot(1, 0.1), slot(2, 0.2), slot(3, 0.2), slot(4, null)];
  const results = {
    currency: "EUR",
    policies: ["learned"],
    days: ["2025-06-01"],
    dtHours: 1,
    slots,
  };
  assertStringIncludes(
    priceFan(results, { currency: "EUR" }).title,
    "imports cost in 25 % of hours, the feed-in tariff in 25 %, and between them in 50 %",
  );
  const none = { ...results, slots: [slot(0, null)] };
  assertThrows(() => priceFan(none, { currency: "EUR" }), RangeError, "no price");
  const { title, panels } = gridSeasons(results, { currency: "EUR" });
  assertStringIncludes(title, "learned imports a day 5 kWh in summer");
  assertEquals(panels.length, 1);
  assertEquals(["01", "03", "11", "12"].map((month) => seasonOf(`2025-${month}-01`)), [
    "winter",
    "spring",
    "autumn",
    "winter",
  ]);
});
