/**
 * Random batteries of every size, down to none to speak of.
 *
 * @module
 */

import fc from "fast-check";
import type { Battery, Curve } from "../../../lib/data/community.ts";
import { between } from "./numbers.ts";

const size = (least: number) =>
  fc.oneof(
    { weight: 6, arbitrary: between(least === 0 ? 0 : 0.5, 30) },
    { weight: 1, arbitrary: fc.constantFrom(least, 1e-9, 1e-3, 1e4, 1e6) },
  );

const efficiency = fc.oneof(between(0.7, 1), fc.constantFrom(1, 0.01, 1e-3));

const efficiencyCurve: fc.Arbitrary<Curve> = fc.oneof(
  fc.tuple(between(0.7, 1), between(0.7, 1), between(0.7, 1))
    .map(([y0, y1, y2]) => [[0, y0], [0.4, y1], [1, y2]] as const),
  between(0.01, 1).map((y) => [[0.5, y]] as const),
);

const powerCurve: fc.Arbitrary<Curve> = fc.oneof(
  fc.tuple(between(0, 1), between(0, 1)).map(([y0, y1]) => [[0, y0], [0.8, 1], [1, y1]] as const),
  fc.constant([[0, 0], [0.5, 1], [1, 0]] as const),
  fc.constant([[0.5, 0]] as const),
);

/** Any battery that a community may have. */
export const anyBattery: fc.Arbitrary<Battery> = fc.record({
  capacityKwh: size(1e-300),
  maxChargeKw: size(0),
  maxDischargeKw: size(0),
  chargeEfficiency: efficiency,
  dischargeEfficiency: efficiency,
  selfDischargePerHour: fc.oneof(fc.constant(0), between(0, 0.1), fc.constantFrom(1e-300, 1, 50)),
  reserve: fc.oneof(fc.constant([0, 1] as const), fc.tuple(between(0, 0.4), between(0.5, 1))),
  roundTripEfficiencyByPower: efficiencyCurve,
  powerShareBySoc: powerCurve,
  capacityLossCoefficient: fc.oneof(between(0, 1e-3), fc.constantFrom(0.1, 0.999)),
}, {
  requiredKeys: [
    "capacityKwh",
    "maxChargeKw",
    "maxDischargeKw",
    "chargeEfficiency",
    "dischargeEfficiency",
    "selfDischargePerHour",
    "reserve",
  ],
}).map(({ reserve: [socMin, socMax], ...rest }) => ({ ...rest, socMin, socMax }));
