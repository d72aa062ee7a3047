/**
 * What the page and whoever plays for it say to each other. The page knows a {@linkcode Session} and
 * nothing of where it is: behind HTTP, or an engine in the page's own Worker. Types only, so that the page
 * carries none of it.
 *
 * @module
 */

import type { Car } from "../data/devices/car.ts";
import type { Dataset } from "../data/profiles.ts";
import type { SyntheticTariff } from "../data/synthetic.ts";
import type { FeederKind } from "../data/synthetic/feeder.ts";
import type { Intervention } from "../data/interventions.ts";
import type { ChargingReason } from "../evaluation/charging_reasons.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { ClearedOrders } from "../market/book_orders.ts";
import type { Policy } from "../policies/policy.ts";
import type { PastDays } from "./past_days.ts";
import type { HOME_COLUMNS, NOW_COLUMNS } from "./describe_day.ts";
import type { FeederDescription, FeederNow } from "./feeder_now.ts";
import type { DayCosts, Incident, SlotReport } from "./live_day.ts";

/** Who plays for a page: runs by name, each of them a day that any number of pages watch. */
export interface Session {
  /**
   * The run that a page is to show; the work is given up once `signal` says that the page has gone.
   *
   * @throws {RangeError} If the address cannot be played; the message says why.
   */
  open(opening: Opening, signal?: AbortSignal): Promise<Opened>;
  /**
   * Has a run do something.
   *
   * @throws {RangeError} If there is no such run, or it cannot be done; the message says why.
   */
  command(run: string, command: Command): Promise<void>;
  /**
   * All that is new of a run, again and again; `home` is the index of a home whose day is wanted too.
   *
   * @throws {RangeError} If there is no such run.
   */
  listen(run: string, home: number | null): ReadableStream<Frame>;
  /**
   * Every home after `step` slots of the day, by policy: a look back at what has been played.
   *
   * @throws {RangeError} If there is no such run, or so many slots have not been played.
   */
  look(run: string, step: number): Promise<readonly HomesNow[]>;
  /**
   * Takes a file over, a trained model or a data set as JSON.
   *
   * @throws {Error} If it is none; the message says so in one sentence.
   */
  offer(file: string, text: string): Promise<OfferedFile>;
  /**
   * A file of what a run has played: `day.csv`, or a figure such as `grid_flow.svg`.
   *
   * @throws {RangeError} If there is no such run or file, or nothing has been played yet.
   */
  takeAway(run: string, file: string): Promise<DayFile>;
}

/** How a page was opened. */
export interface Opening {
  /** Query string of its address. */
  readonly query: string;
  /** The run that it was showing, if any. */
  readonly run: string | null;
  /** Whether it was loaded again: it then shows what it has shown, as far as that has got. */
  readonly reload: boolean;
}

/** What a page shows, and what there is to choose from. */
export interface Opened {
  /** Name of the run. */
  readonly run: string;
  readonly choices: Choices;
}

/** What comes of a file that was handed over. */
export interface OfferedFile {
  readonly choices: Choices;
  /** What of a set-up is to be changed to play with it. */
  readonly setup: Partial<Setup>;
}

/** A file to take away. */
export interface DayFile {
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** Its media type. */
  readonly type: string;
}

/** What can be played: data sets, policies and trained models. */
export interface Sources {
  /** Everything there is to choose from now. */
  choices(): Promise<Choices>;
  /**
   * Takes a file over; what of a set-up is to be changed to play with it.
   *
   * @throws {Error} If it is neither a model nor a data set, in one sentence.
   */
  offer(file: string, text: string): Promise<Partial<Setup>>;
  /** What is played unless the address says otherwise. */
  defaultSetup(): Promise<Setup>;
  /**
   * The data of a set-up, its scenario included.
   *
   * @throws {RangeError} If there is no such data set.
   */
  dataset(setup: Setup): Promise<Dataset>;
  /**
   * The policies of these names and their references, all playing by the same rules.
   *
   * @throws {RangeError} If there is no such policy, or two models were trained under other rules.
   */
  players(names: readonly string[], seed: number): Promise<Players>;
}

/** Who plays, and by which rules. */
export interface Players {
  /** Rules of the game: those that a trained model was made for. */
  readonly config: EnvironmentConfig;
  /** The policies to watch. */
  readonly policies: readonly Policy[];
  /** What savings are counted from. */
  readonly gridOnly: Policy;
  /** The best there is; `null` where it is not computed. */
  readonly optimum: Policy | null;
}

/** What is played. */
export interface Setup {
  /** One of the data sets on offer. */
  readonly data: string;
  /** Households of the embedded community; `null` where the data set has its own. */
  readonly prosumers: number | null;
  /** Households of the embedded community with a car; none if absent. */
  readonly cars?: number;
  /** Households of the embedded community with a heat pump; none if absent. */
  readonly heatPumps?: number;
  /** Households of the embedded community with an appliance that may wait; none if absent. */
  readonly appliances?: number;
  /** Whether its cars say when they leave; they do if absent. */
  readonly departures?: Car["departure"];
  /** What its households pay; time of use if absent. */
  readonly tariff?: SyntheticTariff;
  /** The feeder that they are on; none if absent. */
  readonly feeder?: FeederKind;
  /** Local day, such as `2025-06-21`. */
  readonly day: string;
  /** What the whole day is like. */
  readonly scenario: string;
  /** Who acts. */
  readonly policy: string;
  /** Who acts beside it on the same day and noise; `null` for nobody. */
  readonly compare: string | null;
  /** Seed of the forecasts. */
  readonly seed: number;
  /** What comes after the last slot of the day. */
  readonly atEnd: "stop" | "week" | "next-day";
}

/** What the embedded community can be asked for beside the number of its homes. */
export type HomesAsked = Pick<
  Setup,
  "cars" | "heatPumps" | "appliances" | "departures" | "tariff" | "feeder"
>;

/** What is asked of the embedded community. */
export function homesAsked(
  { prosumers, cars = 0, heatPumps = 0, appliances = 0, ...more }:
    & HomesAsked
    & Pick<Setup, "prosumers">,
): HomesAsked & { readonly prosumers: number } {
  const { departures, tariff, feeder } = more;
  return {
    ...{ prosumers: prosumers ?? 10, cars, heatPumps, appliances },
    ...(departures !== undefined && { departures }),
    ...(tariff !== undefined && { tariff }),
    ...(feeder !== undefined && { feeder }),
  };
}

/** A moment of a run: all that is needed to see it again. */
export interface Moment {
  readonly setup: Setup;
  /** Slots of the day that are done. */
  readonly step: number;
  /** What has befallen the community on this day. */
  readonly incidents: readonly Incident[];
}

/** What a page may ask a run to do. */
export type Command =
  | { readonly kind: "play" | "pause" | "step" }
  | { readonly kind: "speed"; readonly slotsPerSecond: number }
  | { readonly kind: "restart"; readonly seed?: number }
  | { readonly kind: "setup"; readonly setup: Setup }
  | { readonly kind: "intervene"; readonly intervention: Intervention };

/** Something to choose from. */
export interface Choice {
  /** Stands for it in the address. */
  readonly name: string;
  /** What to call it. */
  readonly label: string;
  /** What more there is to say of it, such as where it is; shown when it is pointed at. */
  readonly title?: string;
}

/** What there is to choose from. */
export interface Choices {
  readonly datasets: readonly Choice[];
  readonly policies: readonly Choice[];
  readonly scenarios: readonly Choice[];
  /** What there is no model for, and how to make one; `null` where there is one. */
  readonly hint: string | null;
}

/** What else a household has that can wait for energy. */
export interface HomeDevice {
  /** What it is, such as `car`. */
  readonly kind: string;
  /** What it can hold. [kWh] */
  readonly capacityKwh: number;
}

/** What such a device does in a slot. */
export interface DeviceSlot {
  /** Stored share of what it can hold, at the end. */
  readonly share: number;
  /** Its power, charging > 0. [kW] */
  readonly powerKw: number;
  /** Whether it can charge: a car that is there, an appliance whose time has come. */
  readonly isThere: boolean;
  /** What most of its charging is for; `null` where it does not charge. */
  readonly reason: ChargingReason | null;
}

/** A household as the picture shows it. */
export interface Home {
  readonly id: string;
  /** Installed PV; 0 for none. [kW] */
  readonly pvCapacityKw: number;
  /** Capacity of the battery; `null` for none. [kWh] */
  readonly batteryKwh: number | null;
  /** Whether its battery has failed. */
  readonly failed: boolean;
  /** How many cars it has. */
  readonly cars: number;
  /** Its cars, heat pumps and appliances. */
  readonly devices: readonly HomeDevice[];
}

/** What does not change from slot to slot of a day; sent at first, and when it has changed. */
export interface DayDescription {
  readonly run: string;
  readonly setup: Setup;
  /** Counts the days played in this run, restarts included, and those that are told anew. */
  readonly epoch: number;
  readonly incidents: readonly Incident[];
  readonly currency: string;
  /** Length of a slot. [h] */
  readonly dtHours: number;
  /** Slots of the day. */
  readonly slots: number;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly homes: readonly Home[];
  /** What the references come to over the whole day. */
  readonly dayCosts: DayCosts;
  /** Whether the optimum will be worked out once the run stops or slows down. */
  readonly optimumLater: boolean;
  /** What the days before came to, since the set-up was chosen. */
  readonly past: PastDays;
  /** Import prices of the day as published. [currency/kWh] */
  readonly importPricePerKwh: readonly number[];
  /** Feed-in tariffs of the day as published. [currency/kWh] */
  readonly feedInTariffPerKwh: readonly number[];
  /** First and last hour with sun on the panels; `null` where there is none. [h] */
  readonly sunHours: readonly [rise: number, set: number] | null;
  /** The feeder that the homes are on; `null` for none. */
  readonly feeder: FeederDescription | null;
}

/** Every home in the latest slot under one policy: columns of the ledger, a value per home. */
export type HomesNow = Readonly<Record<(typeof NOW_COLUMNS)[number], readonly number[]>> & {
  /** Voltages and room on the feeder; `null` without one. */
  readonly feeder: FeederNow | null;
  /** State of charge of the battery, 0 to 1; 0 without one. */
  readonly socFraction: readonly number[];
  /** What the devices of each home do. */
  readonly devices: readonly (readonly DeviceSlot[])[];
  /** What each home has saved against `grid-only`, so far. [currency] */
  readonly saved: readonly number[];
  /** Bids and asks of all, and where they were cleared. */
  readonly orders: ClearedOrders;
};

/** One slot of the selected home under one policy, by columns of the ledger. */
export type HomeSlot = Readonly<Record<(typeof HOME_COLUMNS)[number], number>> & {
  /** Slots of the day that are done, this one included. */
  readonly step: number;
  /** State of charge of the battery; `null` without one. */
  readonly socFraction: number | null;
  /** Power of the battery, charging > 0. [kW] */
  readonly batteryKw: number;
};

/** What is new since the last picture of this viewer. */
export interface Frame {
  /** The day, as {@linkcode DayDescription.epoch} counts it. */
  readonly epoch: number;
  /** Slots of the day that are done. */
  readonly step: number;
  readonly playing: boolean;
  /** Speed asked for. [slots/s] */
  readonly slotsPerSecond: number;
  /** Speed reached; `null` while nothing is played. [slots/s] */
  readonly measuredSlotsPerSecond: number | null;
  /** Why the run has stopped, where a policy has failed; `null` otherwise. */
  readonly fault: string | null;
  /** Pages that watch this run. */
  readonly viewers: number;
  /** Every slot of the day since the last picture, in order. */
  readonly slots: readonly SlotReport[];
  /** Every home in the latest slot, by policy; empty before the first. */
  readonly homes: readonly HomesNow[];
  /** New slots of the selected home, by policy; empty if none is selected. */
  readonly home: readonly (readonly HomeSlot[])[];
  /** Sent with the first picture, and when it has changed. */
  readonly day: DayDescription | null;
}
