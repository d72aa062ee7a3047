/**
 * Cases of worlds that cannot be: each must be refused in one line that names the field and the
 * value.
 *
 * @module
 */

import fc from "fast-check";
import type { Battery } from "../../../lib/data/community.ts";
import type { Dataset } from "../../../lib/data/profiles.ts";
import { anyBattery, anyPlan, between, buildDataset } from "../../helpers/worlds.ts";
import type { WorldPlan } from "../../helpers/worlds.ts";
import { check, type Subjects, type Tally } from "./checks.ts";

type Column = Exclude<keyof Dataset["profiles"], "grid">;

/** What is made impossible. */
type Fault =
  | { readonly kind: "dtHours"; readonly value: number }
  | { readonly kind: "battery"; readonly field: keyof Battery; readonly value: number }
  | {
    readonly kind: "column";
    readonly column: Column;
    readonly value: number;
    readonly at: number;
  };

/** A world with a fault. */
export interface RefusalCase {
  readonly plan: WorldPlan;
  readonly battery: Battery;
  readonly fault: Fault;
}

const notFinite = fc.constantFrom(NaN, Infinity, -Infinity);
const at = between(0, 0.999);
const batteryFault = (field: keyof Battery, ...values: readonly number[]): fc.Arbitrary<Fault> =>
  fc.oneof(notFinite, fc.constantFrom(...values))
    .map((value) => ({ kind: "battery", field, value }));
const columnFault = (column: Column, values: fc.Arbitrary<number>): fc.Arbitrary<Fault> =>
  fc.record({ kind: fc.constant("column"), column: fc.constant(column), value: values, at });
const negative = fc.constantFrom(NaN, -1, -5e-324, -Infinity);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom(0, -1, 0.1, 1 / 3, 0.7, 2, 24, 5e-324, NaN, Infinity)
    .map((value): Fault => ({ kind: "dtHours", value })),
  batteryFault("capacityKwh", 0, -0, -3),
  batteryFault("maxChargeKw", -1, -5e-324),
  batteryFault("maxDischargeKw", -1),
  batteryFault("chargeEfficiency", 0, 1.0000001, -1),
  batteryFault("dischargeEfficiency", 0, 2),
  batteryFault("selfDischargePerHour", -0.1),
  batteryFault("socMin", -0.1, 1.1),
  batteryFault("socMax", 0, 1.1, -1),
  columnFault("loadKw", fc.oneof(negative, notFinite)),
  columnFault("pvKw", fc.oneof(negative, notFinite)),
  columnFault("importPricePerKwh", notFinite),
  columnFault("feedInTariffPerKwh", notFinite),
  columnFault("carbonKgPerKwh", fc.oneof(negative, notFinite)),
  columnFault("gridImportLimitKw", negative),
  columnFault("gridExportLimitKw", negative),
);

/** Worlds with faults of all kinds. */
export const refusalCase: fc.Arbitrary<RefusalCase> = fc.record({
  plan: anyPlan,
  battery: anyBattery,
  fault,
});

/** Makes the world impossible and demands that the environment refuses it. */
export function checkRefusal(
  { plan, battery, fault }: RefusalCase,
  { createEnv }: Subjects,
  tally: Tally,
): void {
  tally.cases.refusal++;
  const dataset = withFault(buildDataset(plan), battery, fault);
  const expected = expectedIn(fault);
  const refusal = refusalOf(() => createEnv(dataset, plan.config, 1));
  const good = refusal instanceof RangeError && !refusal.message.includes("\n") &&
    expected.every((part) => refusal.message.includes(part));
  check(tally, "refused", good, () => `must name ${expected.join(" and ")}, got ${refusal}`);
}

function refusalOf(create: () => unknown): unknown {
  try {
    create();
    return "no error";
  } catch (error) {
    return error;
  }
}

/** What the message must contain. */
function expectedIn(fault: Fault): string[] {
  switch (fault.kind) {
    case "dtHours":
      return ["dtHours", String(fault.value)];
    case "battery":
      return [`battery.${fault.field}`, String(fault.value), "home-0"];
    case "column":
      return [fault.column, String(fault.value), "slot"];
  }
}

function withFault({ community, profiles }: Dataset, battery: Battery, fault: Fault): Dataset {
  switch (fault.kind) {
    case "dtHours":
      return {
        community,
        profiles: { ...profiles, grid: { ...profiles.grid, dtHours: fault.value } },
      };
    case "battery": {
      const [first, ...others] = community.prosumers;
      const faulty = { ...first, battery: { ...battery, [fault.field]: fault.value } };
      return { community: { ...community, prosumers: [faulty, ...others] }, profiles };
    }
    case "column": {
      const column = profiles[fault.column]!.slice();
      column[Math.floor(fault.at * column.length)] = fault.value;
      return { community, profiles: { ...profiles, [fault.column]: column } };
    }
  }
}
