/**
 * `deno task plot`: draws what a run or an evaluation wrote, from its CSV files alone.
 *
 * @module
 */

import { CHECKPOINT_FILE } from "../lib/ppo/checkpoint.ts";
import { ending } from "../lib/cli/ending.ts";
import { say } from "../lib/cli/terminal.ts";
import { oneOf } from "../lib/text/nearest.ts";
import { shellPath } from "../lib/text/shell.ts";
import { visible } from "../lib/text/shown.ts";
import { CHARGING_FILE, readCharging } from "../lib/evaluation/charging_file.ts";
import { readLearningCurve } from "../lib/evaluation/learning_curve.ts";
import {
  NETWORK_DAY_FILE,
  NETWORK_FILE,
  readNetworkDay,
  readNetworkNodes,
} from "../lib/evaluation/network_files.ts";
import { readResults } from "../lib/evaluation/results.ts";
import type { Figure } from "../lib/report/figure.ts";
import { batterySoc } from "../lib/report/figures/battery_soc.ts";
import { charging } from "../lib/report/figures/charging.ts";
import { comparedPolicies, type FigureOptions, focusPolicy } from "../lib/report/figures/common.ts";
import { feederDay } from "../lib/report/figures/feeder_day.ts";
import { feederProfile } from "../lib/report/figures/feeder_profile.ts";
import { gridFlow } from "../lib/report/figures/grid_flow.ts";
import { learningCurve } from "../lib/report/figures/learning_curve.ts";
import { marketPrices } from "../lib/report/figures/market_prices.ts";
import { main } from "../lib/cli/task.ts";
import { FIGURE_FORMATS, figureFiles, type FigureFormat } from "../lib/report/render.ts";
import { settleFiles, writeTogether } from "../lib/disk/whole_files.ts";
import { exists } from "../lib/disk/exists.ts";

const RESULTS = "evaluation_results.csv";
const CURVE = "learning_curve.csv";

await main({
  name: "plot",
  summary: "Draws market prices, grid flow, stores, the feeder and the learning curve.",
  positionals: "DIR",
  options: {
    policy: {
      type: "string",
      placeholder: "NAME",
      help: "the policy in the foreground (default: learned, else the cheapest)",
    },
    day: { type: "string", placeholder: "DATE", help: "one day only, such as 2025-06-21" },
    width: {
      type: "string",
      placeholder: "MM",
      help: "width on paper, such as 89mm or 183mm, with letters of 7 pt",
    },
    format: {
      type: "string",
      default: "svg,png",
      placeholder: "a[,b]",
      help: `what to write: ${FIGURE_FORMATS.join(", ")} (pdf needs Chromium)`,
    },
    "no-title": {
      type: "boolean",
      help: "leave out title and subtitle, for a paper's own caption",
    },
  },
  async run({ policy, day, width, format, "no-title": untitled }, [dir]) {
    const formats = format.split(",").map((name) => oneOf("--format", name, FIGURE_FORMATS));
    const layout = {
      titled: !untitled,
      ...(width !== undefined && { widthMm: millimetres(width) }),
    };
    const figures = await drawAll(dir, {
      ...(policy === undefined ? {} : { policy }),
      ...(day === undefined ? {} : { day }),
    });
    await writeTogether(dir, await figureFiles(figures, layout, formats as FigureFormat[]));
    for (const [name, { title }] of Object.entries(figures)) {
      say(`${name.padEnd(14)}  ${visible(title)}`);
    }
    const isTraining = await exists(`${dir}/${CHECKPOINT_FILE}`);
    console.log(ending(`Figures, each as ${listed(formats)},`, dir, {
      ...(isTraining
        ? { "All of the training as a page": `deno task report --run ${shellPath(dir)}` }
        : {}),
    }));
  },
});

function listed(formats: readonly string[]): string {
  return formats.map((format) => format.toUpperCase()).join(" and as ");
}

/** A width on paper. [mm] */
function millimetres(text: string): number {
  const width = Number(/^(\d+(?:\.\d+)?)(?:mm)?$/.exec(text)?.[1]);
  if (!(width >= 60 && width <= 400)) {
    throw new RangeError(`--width must be from 60mm to 400mm, such as 89mm, got ${visible(text)}`);
  }
  return width;
}

async function drawAll(
  dir: string,
  chosen: Omit<FigureOptions, "currency">,
): Promise<Record<string, Figure>> {
  await settleFiles(dir);
  const figures: Record<string, Figure> = {};
  const [hasResults, hasCurve] = [
    await exists(`${dir}/${RESULTS}`),
    await exists(`${dir}/${CURVE}`),
  ];
  if (!hasResults && !hasCurve) {
    throw new Error(
      `${visible(dir)} has neither ${RESULTS} nor ${CURVE}; write them with ` +
        `"deno task train --out ${shellPath(dir)}" or ` +
        `"deno task evaluate --out ${shellPath(dir)}"`,
    );
  }
  if (hasResults) {
    const results = await readResults(`${dir}/${RESULTS}`);
    const options = { ...chosen, currency: results.currency };
    figures.market_prices = marketPrices(results, options);
    figures.grid_flow = gridFlow(results, options);
    if (results.slots.some(({ socFraction }) => socFraction !== null)) {
      figures.battery_soc = batterySoc(results, options);
    } else say("battery_soc: not drawn, no prosumer has a battery");
    if (await exists(`${dir}/${CHARGING_FILE}`)) {
      const policy = focusPolicy(results, options);
      const hours = await readCharging(`${dir}/${CHARGING_FILE}`, policy);
      if (hours.length > 0) figures.charging = charging(hours, policy);
    }
    if (await exists(`${dir}/${NETWORK_DAY_FILE}`)) {
      const policies = comparedPolicies(results, options, ["grid-only"]);
      const hours = await readNetworkDay(`${dir}/${NETWORK_DAY_FILE}`);
      figures.feeder_day = feederDay(hours, policies);
      figures.feeder_profile = feederProfile(
        await readNetworkNodes(`${dir}/${NETWORK_FILE}`),
        policies,
        [hours[0].bandLeastPu, hours[0].bandMostPu],
      );
    }
  } else say(`Only the learning curve is drawn: there is no ${RESULTS} in ${visible(dir)}.`);
  if (hasCurve) {
    const points = await readLearningCurve(`${dir}/${CURVE}`);
    if (points.some(({ meanEpisodeCost }) => meanEpisodeCost !== null)) {
      figures.learning_curve = learningCurve(points);
    } else say("learning_curve: not drawn, no episode ended in so short a training");
  } else say(`No learning curve is drawn: there is no ${CURVE} in ${visible(dir)}.`);
  return figures;
}
