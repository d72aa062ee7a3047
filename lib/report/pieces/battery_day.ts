/**
 * A spring day of a community of any size, with larger or smaller batteries, planned with forecasts
 * that are right or wrong.
 *
 * @module
 */

import { withBattery } from "../../data/variants.ts";
import { synthesize } from "../../data/synthetic.ts";
import { environmentConfigSchema } from "../../env/config.ts";
import { type EnergyDay, energyDay } from "../../evaluation/energy_day.ts";
import { communityCost } from "../../evaluation/prosumer_bills.ts";
import { play } from "../../evaluation/records.ts";
import { dynamicProgrammingPolicy } from "../../policies/dynamic_programming.ts";
import { rulePolicy } from "../../policies/rule_based.ts";
import { energyFlows } from "../figures/energy_day.ts";
import { fixed } from "../figures/common.ts";
import type { Figure } from "../figure.ts";
import type { Piece, Values } from "./piece.ts";

/** The week that is played, and the day of it that is shown. */
const WEEK = { start: "2025-05-05T00:00:00+02:00", days: 9, dtHours: 1, seed: 1 };
const SHOWN_DAY = 3;

/** What a week comes to. */
interface Week {
  /** The day that is shown. */
  readonly day: EnergyDay;
  /** Cost of the week without battery and trade, and as planned. [EUR] */
  readonly alone: number;
  readonly planned: number;
}

/** Drag the number of homes, the batteries and the error of forecasts. */
export const batteryDay: Piece<Week> = {
  name: "battery-day",
  controls: [
    { name: "homes", label: "A community of", unit: "homes", min: 2, max: 30, step: 1, value: 10 },
    {
      name: "battery",
      label: "whose batteries hold",
      unit: "kWh each",
      ...{ min: 0, max: 30, step: 1, value: 10 },
    },
    {
      name: "error",
      label: "and whose forecasts err by",
      unit: "%",
      ...{ min: 0, max: 100, step: 5, value: 20 },
    },
  ],
  async *compute({ homes, battery, error }: Values) {
    const dataset = withBattery(synthesize({ ...WEEK, prosumers: homes }), battery);
    const config = environmentConfigSchema.parse({
      forecast: { model: "martingale", error: error / 100 },
    });
    const options = { dataset, config, firstSlots: [0], seed: 1 };
    const planned = await play(options, dynamicProgrammingPolicy());
    const { slots, ...rest } = energyDay(planned, dataset);
    yield {
      day: {
        ...rest,
        name: `The community of ${homes}`,
        slots: slots.slice(24 * SHOWN_DAY, 24 * (SHOWN_DAY + 1))
          .map((slot) => ({ ...slot, hour: slot.hour - 24 * SHOWN_DAY })),
      },
      alone: communityCost(await play(options, rulePolicy("grid-only"))),
      planned: communityCost(planned),
    };
  },
  figure({ day, alone, planned }): Figure {
    const figure = energyFlows(day);
    const saving = alone - planned;
    return {
      ...figure,
      title:
        `Planning and trade save ${fixed(saving, 1)} EUR of ${fixed(alone, 1)} in this week: ` +
        `${fixed(100 * saving / Math.abs(alone), 0)} %`,
      subtitle: `Thursday, 8 May. ${figure.title}.`,
    };
  },
};
