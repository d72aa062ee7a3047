/** Worlds in which a plan costs what the environment charges for it. */

import type fc from "fast-check";
import type { Battery } from "../../lib/data/community.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { type World, world } from "./worlds.ts";

/**
 * Worlds of linear batteries, without ramps, negative or inverted tariffs, in which losing load is the worst.
 *
 * @param binds What else is in the way: limits of the connection, or a network fee.
 */
export function reachableWorld(binds: "limits" | "fee"): fc.Arbitrary<World> {
  return world.map((world) => {
    const { community, profiles } = world.dataset;
    const { cost, market } = world.config;
    const unlimited = profiles.gridImportLimitKw.map(() => Infinity);
    const batteries = community.prosumers.map(({ battery }) => battery && linear(battery));
    return {
      ...world,
      dataset: {
        community: {
          ...community,
          prosumers: community.prosumers.map((each, i) => ({ ...each, battery: batteries[i] })),
        },
        profiles: {
          ...profiles,
          feedInTariffPerKwh: profiles.feedInTariffPerKwh.map((price) => Math.max(0, price)),
          importPricePerKwh: profiles.importPricePerKwh.map((price, slot) =>
            Math.max(0, price, profiles.feedInTariffPerKwh[slot])
          ),
          ...(binds === "limits"
            ? {}
            : { gridImportLimitKw: unlimited, gridExportLimitKw: unlimited }),
        },
      },
      config: environmentConfigSchema.parse({
        ...world.config,
        market: {
          ...market,
          mechanism: "uniform-price",
          ...(binds === "limits" && { networkFeePerKwh: 0 }),
        },
        cost: {
          ...cost,
          rampPricePerKw: 0,
          lostLoadPricePerKwh: 10,
          // Where exports are limited, a cost of curtailment is a negative price.
          ...(binds === "limits" && { curtailmentPricePerKwh: 0 }),
        },
      }),
    };
  });
}

/** A battery with constant efficiencies, and with no reserve where it discharges itself. */
function linear(battery: Battery): Battery {
  const { capacityKwh, maxChargeKw, maxDischargeKw, chargeEfficiency, dischargeEfficiency } =
    battery;
  const { selfDischargePerHour, socMin, socMax } = battery;
  return {
    capacityKwh,
    maxChargeKw,
    maxDischargeKw,
    chargeEfficiency,
    dischargeEfficiency,
    selfDischargePerHour,
    socMin: selfDischargePerHour > 0 ? 0 : socMin,
    socMax,
  };
}
