/**
 * Heat pumps and chargers of SimBench as stores, whose energy is that of their profiles.
 *
 * The profiles say what was drawn, not what could have been: what it served is an assumption.
 *
 * - A heat pump has to deliver what its profile draws, slot by slot, from a tank of four hours at its
 *   largest power. Heat counts as the electricity that makes it, so the coefficient of performance is 1.
 * - A charger's profile is cut into sessions where it draws nothing. The car arrives when a session
 *   begins and leaves at seven in the morning after it, or when the next session begins, with what the
 *   session charged; the trip then takes as much. No losses: what the profile draws is what counts.
 *
 * @module
 */

import type { TimeGrid } from "../../units.ts";
import type { Car, CarSession } from "../devices/car.ts";
import type { HeatPump } from "../devices/heat_pump.ts";

const TANK_HOURS = 4;
const LEAVES_AT_HOUR = 7;

/** What is paid where energy lacks, above any tariff: charging elsewhere, comfort missed. [EUR/kWh] */
const UNMET_PRICE_PER_KWH = 0.8;

/** A heat pump that draws `powerKw` in the course of a day. */
export function flexibleHeatPump(name: string, powerKw: Float64Array): HeatPump {
  const maxPowerKw = powerKw.reduce((a, b) => Math.max(a, b), 0.001);
  return {
    kind: "heat-pump",
    name,
    maxPowerKw,
    backupKw: 0,
    tankKwh: TANK_HOURS * maxPowerKw,
    lossPerHour: 0,
    unmetPricePerKwh: UNMET_PRICE_PER_KWH,
    heatKw: powerKw,
    cop: new Float64Array(powerKw.length).fill(1),
  };
}

/** A car that charges what `powerKw` draws, session by session. */
export function flexibleCar(
  name: string,
  powerKw: Float64Array,
  ratedKw: number,
  grid: TimeGrid,
): Car {
  const sessions = sessionsOf(powerKw, grid);
  return {
    kind: "car",
    name,
    capacityKwh: sessions.reduce((most, { tripKwh }) => Math.max(most, tripKwh), 1),
    maxChargeKw: powerKw.reduce((a, b) => Math.max(a, b), ratedKw),
    leastChargeKw: 0,
    maxDischargeKw: 0,
    chargeEfficiency: 1,
    dischargeEfficiency: 1,
    unmetPricePerKwh: UNMET_PRICE_PER_KWH,
    departure: "announced",
    sessions,
  };
}

function sessionsOf(
  powerKw: Float64Array,
  { startMs, utcOffsetMinutes, dtHours, slots }: TimeGrid,
): CarSession[] {
  const perDay = Math.round(24 / dtHours);
  const midnight = Math.round((startMs / 3_600_000 + utcOffsetMinutes / 60) % 24 / dtHours);
  const found: { from: number; end: number; kwh: number }[] = [];
  for (let slot = 0; slot < slots; slot++) {
    if (!(powerKw[slot] > 0)) continue;
    const from = slot;
    let kwh = 0;
    for (; slot < slots && powerKw[slot] > 0; slot++) kwh += powerKw[slot] * dtHours;
    found.push({ from, end: slot, kwh });
  }
  const ms = (slot: number) => startMs + slot * dtHours * 3_600_000;
  return found.map(({ from, end, kwh }, k) => {
    // The first seven o'clock at or after its end.
    const leaves = LEAVES_AT_HOUR / dtHours;
    const clock = (end + midnight) % perDay;
    const morning = end + (leaves - clock + perDay) % perDay;
    const next = found[k + 1]?.from ?? slots;
    return {
      startMs: ms(from),
      endMs: ms(Math.min(morning, next, slots)),
      tripKwh: kwh,
      requiredKwh: kwh,
    };
  });
}
