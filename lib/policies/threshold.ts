/**
 * A hand-written rule on forecasts, about as long as a person would make it: energy that the dear
 * hours before the next sun will need is worth nearly what they cost; what is stored beyond that is
 * worth what it costs to store again, which is the feed-in tariff where sun will be left over, and the
 * lowest published ceiling elsewhere.
 *
 * Cars and appliances charge in the cheapest hours before they are needed; heat pumps fill their tank in
 * hours that are no dearer than the mean of the published ones.
 *
 * Every home reckons with the sum of all homes and stores and applies it to its own share.
 *
 * @module
 */

import { decideCurve, decidePower } from "../env/decision.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { aggregateStore, energyBounds } from "./aggregate_store.ts";
import { forecastOutlook } from "./outlook.ts";
import type { Policy } from "./policy.ts";
import { chargingKw, waits } from "./charging_rules.ts";
import { decideOrder } from "./set_points.ts";

/** The policy `threshold`. */
export function thresholdPolicy(): Policy {
  return {
    name: "threshold",
    observes: false,
    begin({ world, communities, slotsPerEpisode }) {
      const { stores, homes, firstStore, tariffs, state, config, dataset, spaces } = world;
      const { dtHours } = dataset.profiles.grid;
      const ceiling = (home: number, slot: number) =>
        tariffs.classes[tariffs.classOf[home]].importPricePerKwh[slot] +
        config.cost.carbonPricePerKg * dataset.profiles.carbonKgPerKwh[slot];
      return (_observation, decision) => {
        const day = Math.round(HOURS_PER_DAY / dtHours);
        const slots = Math.min(day, slotsPerEpisode - state.step);
        for (let c = 0; c < communities; c++) {
          const { firstSlot, loadKw, pvKw } = forecastOutlook(world, c, slots);
          const all = aggregateStore(world, c);
          const netKwh = Array.from({ length: slots }, (_, t) => {
            let net = 0;
            for (let i = t * homes; i < (t + 1) * homes; i++) net += loadKw[i] - pvKw[i];
            return net * dtHours;
          });
          const sunrise = netKwh.findIndex((net, t) => t > 0 && net < 0);
          const surplus = netKwh.reduce((sum, net, t) => sum + (t > 0 ? Math.max(0, -net) : 0), 0);
          for (let i = 0; i < homes; i++) {
            const ahead = Array.from({ length: slots }, (_, t) => ceiling(i, firstSlot + t));
            const [least, most] = [Math.min(...ahead), Math.max(...ahead)];
            const need = netKwh.reduce((sum, net, t) => {
              const dear = t > 0 && (sunrise < 0 || t < sunrise) && ahead[t] > (least + most) / 2;
              return dear ? sum + Math.max(0, net) : sum;
            }, 0);
            const feedIn = tariffs.classes[tariffs.classOf[i]].feedInTariffPerKwh[firstSlot];
            const again = surplus * all.storedPerKwh > all.roomKwh / 2 ? feedIn : least;
            const share = all.roomKwh > 0 ? Math.min(1, need * all.drawnPerKwh / all.roomKwh) : 0;
            let netKw = loadKw[i] - pvKw[i];
            for (let s = firstStore[i]; s < firstStore[i + 1]; s++) {
              const k = c * stores.length + s, store = stores[s];
              if (waits(store)) {
                const isCheap = ahead[0] <= ahead.reduce((sum, each) => sum + each, 0) / slots;
                const wantedKw = store.kind === "heat-pump"
                  ? (isCheap ? Infinity : 0)
                  : chargingKw("cheapest", world, k, 0);
                const powerKw = Math.min(
                  state.chargeLimitKw[k],
                  Math.max(state.requiredChargeKw[k], wantedKw),
                );
                decidePower(world, decision, k, powerKw);
                netKw += powerKw;
                continue;
              }
              const { leastKwh, mostKwh } = energyBounds(world, c, s, firstSlot);
              const kept = leastKwh + share * (mostKwh - leastKwh);
              const worth = (most - config.cost.wearPricePerKwh) * store.dischargeEfficiency;
              const refill = Math.min(worth, again / all.storedPerKwh);
              if (spaces.action.orders === "curves") {
                decideCurve(decision, k, kept, worth, refill);
                continue;
              }
              const wantedKw = (kept - state.energyKwh[k]) / store.effectiveHours;
              const powerKw = ahead[0] < worth || wantedKw < 0 ? wantedKw : 0;
              decidePower(world, decision, k, powerKw);
              netKw += powerKw;
            }
            decideOrder(world, decision, c * homes + i, netKw);
          }
        }
      };
    },
  };
}
