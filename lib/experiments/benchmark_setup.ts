/**
 * What the set-ups of a benchmark have in common: what they may be asked for, and what they leave.
 *
 * @module
 */

import type { Progress } from "../cli/progress.ts";
import type { FileContent } from "../disk/whole_files.ts";
import type { LadderRow } from "../evaluation/ladder.ts";
import type { ResponseRow } from "./best_responses.ts";
import type { MarketRow } from "./selfish_markets.ts";
import type { MechanismBill } from "./mechanism_benchmark.ts";
import type { ResultOrigin } from "./provenance.ts";
import type { TradeOff } from "./trade_offs.ts";

/** What may be asked for; each set-up takes some of it, and has defaults of its own. */
export interface BenchmarkFlags {
  /** Market mechanisms, separated by commas. */
  readonly mechanisms?: string | undefined;
  /** Policies, separated by commas. */
  readonly policies?: string | undefined;
  /** So many training seeds. */
  readonly seeds?: number | undefined;
  /** So many days, spread evenly. */
  readonly days?: number | undefined;
  /** Length of each training. */
  readonly timesteps?: number | undefined;
  /** Sizes of communities, separated by commas. */
  readonly homes?: string | undefined;
  /** Where the homes are. */
  readonly data?: string | undefined;
  /** Households of a community that is made up. */
  readonly prosumers?: number | undefined;
  /** Homes with a car, of a community that is made up. */
  readonly cars?: number | undefined;
  /** Homes with a heat pump, of a community that is made up. */
  readonly "heat-pumps"?: number | undefined;
  /** Homes with an appliance that may wait, of a community that is made up. */
  readonly appliances?: number | undefined;
  /** Whether departures of its cars are announced. */
  readonly departures?: string | undefined;
  /** A folder that training wrote, or what the names of several have in common. */
  readonly model?: string | undefined;
  /** Variants, separated by commas. */
  readonly only?: string | undefined;
  /** A rule. */
  readonly policy?: string | undefined;
  /** Seed of what is composed, or of the forecasts. */
  readonly seed?: number | undefined;
  /** Threads; they change no result. */
  readonly workers?: number | undefined;
}

/** What a set-up works with. */
export interface BenchmarkContext {
  /** Folder for models; results are put there by the caller. */
  readonly out: string;
  /** Whether tables are to show everything. */
  readonly wide: boolean;
  /** Says what is going on. */
  say(line: string): void;
  /** Ends the work if that was asked for; the argument says how to go on. */
  endIfAsked(how: string): Promise<void>;
  /** Shows how far the work is; `null` if nobody looks. */
  startProgress(total: number, unit: string): Progress | null;
}

/** What came of it. */
export interface BenchmarkResult {
  /** For reading. */
  readonly text: string;
  /** The same for programs. */
  readonly json: unknown;
  /** Results by name. */
  readonly files: Readonly<Record<string, FileContent>>;
  /** What they are made from. */
  readonly origin: Omit<ResultOrigin, "commands">;
  /** What can be drawn. */
  readonly chart?: BenchmarkChart;
}

/** A chart of the results: shares of the possible saving, cost against CO2 and peak, or who gains. */
export type BenchmarkChart =
  | { readonly kind: "captured"; readonly subject: string; readonly rows: readonly LadderRow[] }
  | {
    readonly kind: "pareto";
    readonly subject: string;
    readonly currency: string;
    readonly points: readonly TradeOff[];
  }
  | {
    readonly kind: "exploit";
    readonly subject: string;
    readonly responses: readonly ResponseRow[];
    readonly markets: readonly MarketRow[];
  }
  | {
    readonly kind: "mechanisms";
    readonly subject: string;
    readonly currency: string;
    readonly bills: readonly MechanismBill[];
  };

/** A set-up of the benchmark. */
export interface BenchmarkSetup {
  /** What it is, in a line. */
  readonly title: string;
  /** What it takes. */
  readonly flags: readonly (keyof BenchmarkFlags)[];
  /** Does the work. */
  run(flags: BenchmarkFlags, context: BenchmarkContext): Promise<BenchmarkResult>;
}

/** Ends the work between two slots if that was asked for; trainings are kept. */
export function afterSlotOf({ endIfAsked }: BenchmarkContext, out: string): () => Promise<void> {
  const how = `the models are saved in ${out}/, and the same command goes on from there`;
  return () => endIfAsked(how);
}
