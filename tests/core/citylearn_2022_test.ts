import { assertAlmostEquals, assertEquals } from "@std/assert";
import { importCityLearn } from "../../lib/data/citylearn.ts";
import { clippedSum, meanPeak, ramping } from "../../lib/evaluation/citylearn_kpis.ts";
import { folderFiles } from "../../lib/data/dataset.ts";
import { splitDays } from "../../lib/data/split.ts";
import { localTime, timestamp } from "../../lib/units.ts";

const folder = new URL("../../../shared/data/citylearn_challenge_2022_phase_all", import.meta.url);
const absent = !await Deno.stat(folder).then(() => true, () => false);

Deno.test({
  name: "citylearn: the 17 homes of the 2022 challenge keep their yearly totals" +
    (absent ? " (skipped: the data set is not beside the repository)" : ""),
  ignore: absent,
  async fn() {
    const { community, profiles } = await importCityLearn(folderFiles(folder.pathname), {
      feedInTariffPerKwh: 0.08,
      name: "Fontana",
    });
    const { grid, loadKw, pvKw, importPricePerKwh, carbonKgPerKwh } = profiles;
    assertEquals([community.prosumers.length, grid.slots], [17, 8760]);
    // Aug 1, 2016 is the day on which the measurements in Fontana began.
    assertEquals(timestamp(grid, 0), "2016-08-01T00:00:00+00:00");

    const totals = { load: 0, pv: 0, imports: 0, exports: 0, matched: 0, costSigned: 0 };
    const netKwh = new Float64Array(grid.slots);
    let bothSides = 0;
    for (let t = 0; t < grid.slots; t++) {
      let [demand, surplus] = [0, 0];
      for (let k = t; k < loadKw.length; k += grid.slots) {
        totals.load += loadKw[k];
        totals.pv += pvKw[k];
        demand += Math.max(0, loadKw[k] - pvKw[k]);
        surplus += Math.max(0, pvKw[k] - loadKw[k]);
      }
      const net = demand - surplus;
      totals.imports += demand;
      totals.exports += surplus;
      totals.matched += Math.min(demand, surplus);
      totals.costSigned += net * importPricePerKwh[t];
      netKwh[t] = net;
      // The reference counts hours in which more than 10 Wh could change hands.
      if (Math.min(demand, surplus) > 0.01) bothSides++;
    }
    const homes = loadKw.map((load, k) => load - pvKw[k]);
    // Recomputed from the data set with CityLearn's formulas, no storage; rounded as given.
    assertAlmostEquals(totals.load, 169_644, 0.5);
    assertAlmostEquals(totals.pv, 103_425, 0.5);
    assertAlmostEquals(totals.imports, 112_121, 0.5);
    assertAlmostEquals(totals.exports, 45_902, 0.5);
    assertAlmostEquals(clippedSum(netKwh, () => 1), 94_425, 0.5);
    assertAlmostEquals(ramping(netKwh), 18_745.92, 0.005);
    assertAlmostEquals(totals.matched, 17_700, 50);
    const clipped = (rate: Float64Array) => clippedSum(homes, (k) => rate[k % grid.slots]);
    assertAlmostEquals(clipped(importPricePerKwh), 33_394.79, 0.005);
    assertAlmostEquals(totals.costSigned, 22_466.31, 0.005);
    assertAlmostEquals(clipped(carbonKgPerKwh), 17_870.14, 0.005);
    assertAlmostEquals(meanPeak(netKwh, 24), 25.642, 0.0005);
    assertAlmostEquals(Math.max(...netKwh), 49.0588, 0.00005);
    assertAlmostEquals(bothSides / grid.slots, 0.48, 0.005);
    // Faults of the data that are kept: two homes yield almost nothing.
    const yearly = (i: number) =>
      pvKw.subarray(i * grid.slots, (i + 1) * grid.slots).reduce((sum, x) => sum + x);
    const named = (id: string) => community.prosumers.findIndex((prosumer) => prosumer.id === id);
    assertAlmostEquals(yearly(named("Building_15")), 144, 0.5);
    assertAlmostEquals(yearly(named("Building_14")), 2465, 0.5);

    const centre = (first: number, end: number) => {
      let [power, moment] = [0, 0];
      for (let t = first; t < end; t++) {
        power += pvKw[t];
        moment += pvKw[t] * (localTime(grid, t).hourOfDay + 0.5);
      }
      return moment / power;
    };
    // Solar noon in Fontana is at 11:46 in mid-December, and at 12:57 daylight saving time in August.
    assertAlmostEquals(centre(122 * 24, 153 * 24), 11.77, 0.3);
    assertAlmostEquals(centre(0, 31 * 24), 12.95, 0.3);

    const split = splitDays({ community, profiles }, { episodeDays: 1 });
    assertEquals(split.train.length + split.validation.length + split.test.length, 365);
  },
});
