/**
 * Holds the linear power flow against AC power flow on SimBench grids, and prints a row of CSV for each:
 *
 *     deno run -A bench/power_flow.ts GRID_FOLDER:REFERENCE_FILE[:FACTOR] …
 *
 * A reference file has voltages of all buses and loadings of the transformer by pandapower's `runpp`,
 * for some days of the grid's own profiles (times FACTOR): `{"buses", "days": {NAME: {"firstRow",
 * "vmPu", "transformerLoadingPercent"}}}`, a row for every 96th, 48th, … part of a day.
 *
 * @module
 */

import { simBenchFolder } from "../lib/data/dataset.ts";
import { importSimBench } from "../lib/data/simbench/import.ts";
import { createFeeder } from "../lib/network/feeder.ts";
import { createFlow, linDistFlow, loadingOf, withLosses } from "../lib/network/lin_dist_flow.ts";
import { rowsCsv } from "../lib/text/csv.ts";

/** What a reference file holds. */
interface Reference {
  readonly grid: string;
  readonly buses: readonly string[];
  readonly days: Readonly<
    Record<string, {
      readonly firstRow: number;
      readonly vmPu: readonly (readonly number[])[];
      readonly transformerLoadingPercent: readonly number[];
    }>
  >;
}

async function compare(folder: string, file: string, factor: number) {
  const { community, profiles, network } = await importSimBench(await simBenchFolder(folder), {
    name: "grid",
    importPricePerKwh: () => 0.3,
    feedInTariffPerKwh: 0.08,
    carbonKgPerKwh: 0.38,
  });
  const reference: Reference = JSON.parse(await Deno.readTextFile(file));
  const { loadKw, pvKw, reactiveKvar, grid: { slots } } = profiles;
  const homes = community.prosumers.map(({ id }) => id);
  const feeder = createFeeder(network!, homes);
  const linear = createFlow(feeder), whole = createFlow(feeder);
  const bus = feeder.ids.map((id) => reference.buses.indexOf(id));
  const worst = { linear: 0, withinRating: 0, lowest: 0, withLosses: 0, loading: 0, most: 0 };
  for (const { firstRow, vmPu, transformerLoadingPercent } of Object.values(reference.days)) {
    vmPu.forEach((voltages, t) => {
      const slot = firstRow + t * 96 / vmPu.length;
      const at = (i: number) => i * slots + slot;
      const kw = Float64Array.from(homes, (_, i) => factor * (loadKw[at(i)] - pvKw[at(i)]));
      const kvar = Float64Array.from(homes, (_, i) => factor * (reactiveKvar?.[at(i)] ?? 0));
      linDistFlow(feeder, kw, kvar, 0, linear);
      withLosses(feeder, linear, whole);
      const loading = transformerLoadingPercent[t];
      worst.most = Math.max(worst.most, loading);
      const off = Math.abs(100 * loadingOf(feeder, whole, 0) - loading);
      worst.loading = Math.max(worst.loading, off);
      const isWithin = feeder.ids.every((_, k) => loadingOf(feeder, whole, k) <= 1);
      bus.forEach((b, k) => {
        const error = Math.sqrt(linear.squaredPu[k]) - voltages[b];
        worst.linear = Math.max(worst.linear, error);
        worst.lowest = Math.min(worst.lowest, error);
        if (isWithin) worst.withinRating = Math.max(worst.withinRating, Math.abs(error));
        const rest = Math.abs(Math.sqrt(whole.squaredPu[k]) - voltages[b]);
        worst.withLosses = Math.max(worst.withLosses, rest);
      });
    });
  }
  return {
    grid: reference.grid,
    times: factor,
    homes: homes.length,
    nodes: feeder.ids.length,
    highestTransformerPercent: Math.round(worst.most),
    linearWithinRatingPu: worst.withinRating.toFixed(5),
    linearPu: worst.linear.toFixed(5),
    linearLowestPu: worst.lowest.toFixed(6),
    withLossesPu: worst.withLosses.toFixed(6),
    transformerPoints: worst.loading.toFixed(2),
  };
}

if (import.meta.main) {
  const rows = [];
  for (const argument of Deno.args) {
    const [folder, file, factor = "1"] = argument.split(":");
    rows.push(await compare(folder, file, Number(factor)));
  }
  console.log(rowsCsv(rows).trimEnd());
}
