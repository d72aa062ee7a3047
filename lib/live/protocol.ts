/**
 * What server and page of the real-time dashboard say to each other. Types only, so that the page
 * carries none of it.
 *
 * @module
 */

import type { Intervention } from "../data/interventions.ts";
import type { Incident, SlotReport } from "./live_day.ts";

/** What is played. */
export interface Setup {
  /** One of the data sets on offer. */
  readonly data: string;
  /** Households of the embedded community; `null` where the data set has its own. */
  readonly prosumers: number | null;
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
  readonly atEnd: "stop" | "next-day";
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
}

/** What the server has on offer. */
export interface Choices {
  readonly datasets: readonly Choice[];
  readonly policies: readonly Choice[];
  readonly scenarios: readonly Choice[];
  /** What there is no model for, and how to make one; `null` where there is one. */
  readonly hint: string | null;
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
}

/** What does not change from slot to slot; sent at first, and when it has changed. */
export interface Stage {
  readonly run: string;
  readonly setup: Setup;
  /** Counts the days played in this run, restarts included. */
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
  /** Import prices of the day as published. [currency/kWh] */
  readonly importPricePerKwh: readonly number[];
  /** Feed-in tariffs of the day as published. [currency/kWh] */
  readonly feedInTariffPerKwh: readonly number[];
  /** Carbon intensity of the day as published. [kg/kWh] */
  readonly carbonKgPerKwh: readonly number[];
  /** First and last hour with sun on the panels; `null` where there is none. [h] */
  readonly sunHours: readonly [rise: number, set: number] | null;
}

/** Every home in the latest slot under one policy; a value per home. */
export interface HomesNow {
  readonly loadKw: readonly number[];
  readonly pvKw: readonly number[];
  readonly batteryKw: readonly number[];
  /** State of charge, 0 to 1; 0 without a battery. */
  readonly socFraction: readonly number[];
  readonly unservedKw: readonly number[];
  readonly curtailedKw: readonly number[];
  readonly orderKwh: readonly number[];
  readonly orderPricePerKwh: readonly number[];
  readonly tradedKwh: readonly number[];
  readonly gridKwh: readonly number[];
  readonly reasons: readonly number[];
}

/** One slot of the selected home under one policy. */
export interface HomeSlot {
  /** Slots of the day that are done, this one included. */
  readonly step: number;
  readonly loadKw: number;
  readonly pvKw: number;
  readonly batteryKw: number;
  readonly socFraction: number | null;
  readonly unservedKw: number;
  readonly orderKwh: number;
  readonly orderPricePerKwh: number;
  readonly tradedKwh: number;
  readonly gridKwh: number;
  readonly bill: number;
  readonly cost: number;
}

/** A slot and its number. */
export interface NumberedSlot extends SlotReport {
  /** Counts the slots of this run, whatever the day. */
  readonly seq: number;
  /** The day it belongs to. */
  readonly epoch: number;
}

/** What is new since the last picture of this viewer. */
export interface Frame {
  /** Number of the latest slot. */
  readonly seq: number;
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
  /** Slots that came and went while this viewer did not read. */
  readonly skipped: number;
  /** Every slot since the last picture, in order. */
  readonly slots: readonly NumberedSlot[];
  /** Every home in the latest slot, by policy; empty before the first. */
  readonly homes: readonly HomesNow[];
  /** New slots of the selected home, by policy; empty if none is selected. */
  readonly home: readonly (readonly HomeSlot[])[];
  /** Sent with the first picture, and when it has changed. */
  readonly stage: Stage | null;
}
