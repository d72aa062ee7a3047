import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createForecaster } from "../../lib/data/forecasts/create.ts";
import { loadsBySlot } from "../../lib/data/loads_by_slot.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { forecastSkill, SKILL_LEADS_HOURS } from "../../lib/evaluation/forecast_skill.ts";

const dataset = synthesize({ seed: 3, prosumers: 3, days: 21, dtHours: 0.5 });
const firstSlots = [0, 10 * 48];
const played = (forecast: Record<string, unknown>, episodeDays = 2) => ({
  dataset,
  config: environmentConfigSchema.parse({ episodeDays, forecast }),
  firstSlots,
  seed: 5,
});

Deno.test("forecast skill: forecasts that do not err have error 0, whatever others have", () => {
  const skill = forecastSkill(played({ error: 0 }));
  assertEquals(skill.length, 2 * 2 * SKILL_LEADS_HOURS.length);
  for (const row of skill) {
    assertEquals(row.forecastMaeKw, 0);
    assert(row.nowMaeKw > 0 && row.yesterdayMaeKw > 0, JSON.stringify(row));
  }
});

Deno.test("forecast skill: errors are those of a brute force over slots, homes and leads", () => {
  for (const currentSlot of ["measured", "forecast"]) {
    const options = played({ currentSlot });
    const { grid } = dataset.profiles;
    const { slots } = grid;
    const loads = loadsBySlot(dataset.profiles);
    const source = { loads, homes: 3, grid };
    const forecaster = createForecaster(source, options.config.forecast, 49);
    for (const row of forecastSkill(options)) {
      const kw = row.series === "load" ? dataset.profiles.loadKw : dataset.profiles.pvKw;
      const lead = row.leadHours * 2;
      const errors: Record<string, number[]> = { forecast: [], now: [], yesterday: [] };
      for (let s = 0; s < slots; s++) {
        const isPlayed = firstSlots.some((first) => s >= first && s < first + 96);
        const known = currentSlot === "measured" ? s : s - 1;
        const before = s + lead - 48 <= known ? s + lead - 48 : s + lead - 96;
        if (!isPlayed || before < 0) continue;
        const missed: Record<string, number[]> = { forecast: [], now: [], yesterday: [] };
        for (let home = 0; home < 3; home++) {
          const truth = (slot: number) => kw[home * slots + slot];
          const [loadKw, pvKw] = [new Float64Array(49), new Float64Array(49)];
          forecaster.write(5, home, s, 49, loadKw, pvKw);
          missed.forecast.push((row.series === "load" ? loadKw : pvKw)[lead] - truth(s + lead));
          missed.now.push(truth(known) - truth(s + lead));
          missed.yesterday.push(truth(before) - truth(s + lead));
        }
        for (const [name, values] of Object.entries(missed)) {
          errors[name].push(
            row.scope === "home"
              ? values.reduce((sum, x) => sum + Math.abs(x), 0) / 3
              : Math.abs(values.reduce((sum, x) => sum + x, 0)),
          );
        }
      }
      const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
      assertAlmostEquals(row.forecastMaeKw, mean(errors.forecast), 1e-12);
      assertAlmostEquals(row.nowMaeKw, mean(errors.now), 1e-12);
      assertAlmostEquals(row.yesterdayMaeKw, mean(errors.yesterday), 1e-12);
    }
  }
});

Deno.test("forecast skill: what cannot be looked up is left out", () => {
  const first = { ...played({}), firstSlots: [0], dataset };
  const short = synthesize({ seed: 3, prosumers: 3, days: 1, dtHours: 0.5 });
  assertEquals(
    forecastSkill({
      ...first,
      dataset: short,
      config: environmentConfigSchema.parse({ episodeDays: 1 }),
    }),
    [],
  );
});
