/**
 * The curves of a book by the definitions, for the certificate of a clearing: written apart from
 * what clears, for reading rather than for speed.
 *
 * @module
 */

import type { MarketBook } from "./market_book.ts";

/** A piece of a curve: what it is worth, and its energy at the meter. */
export interface Piece {
  /** Price. [currency/kWh] */
  readonly pricePerKwh: number;
  /** Energy. [kWh] */
  readonly kwh: number;
}

/** The curve of a store. */
export interface StorePieces {
  /** By falling price. */
  readonly charge: readonly Piece[];
  /** By rising price. */
  readonly discharge: readonly Piece[];
}

/** A price as the market knows it. [currency/kWh] */
export function rounded(pricePerKwh: number): number {
  return Math.floor(pricePerKwh * 1e6 + 0.5) / 1e6;
}

/**
 * Pieces of store `s`, whatever of its numbers are none.
 *
 * @param most Highest price that anything is bid at. [currency/kWh]
 */
export function piecesOf(
  book: MarketBook,
  s: number,
  most: number = Infinity,
): StorePieces {
  const stored = book.storedPerKwh[s], drawn = book.drawnPerKwh[s];
  const must = book.chargeLeastKwh[s], full = book.chargeMostKwh[s];
  const deep = must > 0 ? 0 : book.dischargeMostKwh[s];
  const inBounds = 0 <= must && must <= full && full <= 1e12 && 0 <= deep && deep <= 1e12 &&
    0 < stored && stored < Infinity && 0 < drawn && drawn < Infinity;
  if (!inBounds) return { charge: [], discharge: [] };
  const value = valueOf(book, s);
  const charge: Piece[] = [];
  const unmet = rounded(stored * book.unmetPerKwh[s]);
  const stepped = value !== null && book.stepCount[s] > 0;
  if (stepped && must > 0) {
    const cuts = cutsOf(book, s, 0, must, stored);
    for (let j = 0; j + 1 < cuts.length; j++) {
      const bid = rounded(stored * value(stored * (cuts[j] + cuts[j + 1]) / 2));
      charge.push({ pricePerKwh: Math.max(unmet, bid), kwh: cuts[j + 1] - cuts[j] });
    }
  }
  if (value !== null) {
    const cuts = full > must ? cutsOf(book, s, must, full, stored) : [];
    for (let j = 0; j + 1 < cuts.length; j++) {
      const middle = (cuts[j] + cuts[j + 1]) / 2;
      charge.push({
        pricePerKwh: rounded(stored * value(stored * middle)),
        kwh: cuts[j + 1] - cuts[j],
      });
    }
  }
  if (must > 0 && !stepped) {
    charge.unshift({ pricePerKwh: Math.max(unmet, charge[0]?.pricePerKwh ?? unmet), kwh: must });
  }
  const discharge: Piece[] = [];
  if (value !== null && deep > 0) {
    const cuts = cutsOf(book, s, -deep, 0, drawn);
    for (let j = cuts.length - 1; j > 0; j--) {
      const middle = (cuts[j] + cuts[j - 1]) / 2;
      const ask = rounded(drawn * value(drawn * middle) + book.wearPerKwh[s]);
      const raised = Math.max(ask, charge[0]?.pricePerKwh ?? ask);
      discharge.push({ pricePerKwh: raised, kwh: cuts[j] - cuts[j - 1] });
    }
  }
  return {
    charge: charge.map(({ pricePerKwh, kwh }) => ({
      pricePerKwh: Math.min(most, pricePerKwh),
      kwh,
    })),
    discharge,
  };
}

/** Value of a stored kWh by how far the energy lies above the present; `null` where it has none. */
function valueOf(book: MarketBook, s: number): ((rise: number) => number) | null {
  const { steps } = book;
  const count = book.stepCount[s];
  if (count === 0) {
    const [value, fall] = [book.valuePerKwh[s], book.fallPerKwh[s]];
    if (!Number.isFinite(value) || !Number.isFinite(fall)) return null;
    return (rise) => value - Math.max(0, fall) * rise;
  }
  if (!(count > 0 && count <= steps) || !Number.isFinite(book.energyKwh[s])) return null;
  const from = [...book.stepFromKwh.subarray(s * steps, s * steps + count)];
  const values = [...book.stepValuePerKwh.subarray(s * steps, s * steps + count)];
  const ascends = from.every((kwh, k) => k === 0 || !Number.isNaN(kwh)) &&
    from.every((kwh, k) => k < 2 || kwh >= from[k - 1]);
  if (!ascends || !values.every(Number.isFinite)) return null;
  const falling = values.map((_, k) => Math.min(...values.slice(0, k + 1)));
  return (rise) => {
    const energy = book.energyKwh[s] + rise;
    return falling[from.findLastIndex((kwh, k) => k === 0 || kwh <= energy)];
  };
}

/** Where the pieces between two energies at the meter begin and end, ascending. */
function cutsOf(book: MarketBook, s: number, low: number, high: number, perKwh: number): number[] {
  const count = book.stepCount[s];
  if (count === 0) return [0, 1, 2, 3, 4].map((j) => low + (high - low) * j / 4);
  const knots = Array.from(
    { length: count - 1 },
    (_, k) => (book.stepFromKwh[s * book.steps + k + 1] - book.energyKwh[s]) / perKwh,
  );
  return [low, ...knots.filter((kwh) => kwh > low && kwh < high), high];
}

/** A piece of a home's curve. */
export interface HomePiece extends Piece {
  /** What it is of. */
  readonly kind: "load" | "store" | "sun";
  /** Which store, −1 for load and sun. */
  readonly store: number;
  /** How much of it is demanded: served, charged, not discharged, not used. [kWh] */
  readonly onKwh: number;
}

/** The curve of a home and what came of it. */
export interface HomeCurve {
  /** By falling price; at one price load first and sun last. */
  readonly pieces: readonly HomePiece[];
  /** Net demand when everything is given that can be, or that the meter may give. [kWh] */
  readonly leastKwh: number;
}

/** What of a curve lies between the limits of a meter, the dearest demanded first. */
function withinMeter(curve: HomeCurve, least: number, most: number): HomeCurve {
  if (least === -Infinity && most === Infinity) return curve;
  // Of a store's pieces at one price the first are the ones that are demanded.
  const demanded = new Map<number, number>();
  for (const { store, onKwh } of curve.pieces) {
    if (store >= 0) demanded.set(store, (demanded.get(store) ?? 0) + onKwh);
  }
  let net = curve.leastKwh;
  const pieces = curve.pieces.map((piece) => {
    const from = net;
    net += piece.kwh;
    const left = demanded.get(piece.store) ?? piece.onKwh;
    const on = Math.min(piece.kwh, left);
    if (piece.store >= 0) demanded.set(piece.store, left - on);
    const kwh = Math.max(0, Math.min(net, most) - Math.max(from, least));
    const before = Math.min(piece.kwh, Math.max(0, least - from));
    return { ...piece, kwh, onKwh: Math.max(0, Math.min(kwh, on - before)) };
  });
  return { pieces, leastKwh: Math.max(curve.leastKwh, Math.min(least, net)) };
}

/** An energy of the book; what is none, or negative, counts as 0. [kWh] */
export function energyAt(column: Float64Array, k: number): number {
  return column[k] > 0 ? Math.min(column[k], 1e12) : 0;
}

/**
 * The curve of a row, with what its outcome demands of each piece. A store that charges has
 * discharged nothing; what is worth most is charged first, what is asked least discharged first.
 */
export function homeCurve(
  book: MarketBook,
  c: number,
  row: number,
): HomeCurve {
  const cap = rounded(book.priceCapPerKwh[c]);
  const sun = energyAt(book.sunKwh, row);
  const pieces: HomePiece[] = [{
    kind: "load",
    store: -1,
    pricePerKwh: Math.min(cap, rounded(book.lostLoadPerKwh[c])),
    kwh: energyAt(book.loadKwh, row),
    onKwh: book.servedKwh[row],
  }];
  let leastKwh = -sun;
  for (let s = book.firstStore[row]; s < book.firstStore[row + 1]; s++) {
    const { charge, discharge } = piecesOf(book, s, cap);
    let taken = Math.max(0, book.storeKwh[s]);
    for (const { pricePerKwh, kwh } of charge) {
      const onKwh = Math.min(taken, kwh);
      taken -= onKwh;
      pieces.push({ kind: "store", store: s, pricePerKwh, kwh, onKwh });
    }
    let given = Math.max(0, -book.storeKwh[s]);
    for (const { pricePerKwh, kwh } of discharge) {
      const offKwh = Math.min(given, kwh);
      given -= offKwh;
      leastKwh -= kwh;
      pieces.push({ kind: "store", store: s, pricePerKwh, kwh, onKwh: kwh - offKwh });
    }
  }
  pieces.push({
    kind: "sun",
    store: -1,
    pricePerKwh: rounded(book.curtailmentPerKwh[c]),
    kwh: sun,
    onKwh: sun - book.usedSunKwh[row],
  });
  // Sorting is stable: what is tied stays load, stores, sun.
  const curve = withinMeter(
    { pieces: pieces.sort((a, b) => b.pricePerKwh - a.pricePerKwh), leastKwh },
    book.meterLeastKwh[row],
    book.meterMostKwh[row],
  );
  return { ...curve, pieces: beyondStep(curve.pieces, curve.leastKwh, ...homeStep(book, row)) };
}

/** Where a row begins to pay more for what it takes, and how much. [kWh] [currency/kWh] */
export function homeStep(
  { homeSteps, rowStepFromKwh, rowStepPerKwh }: MarketBook,
  row: number,
): [fromKwh: number, perKwh: number] {
  const [from, step] = [rowStepFromKwh[row], rowStepPerKwh[row]];
  return homeSteps && from >= 0 && step >= 0 && step < Infinity
    ? [from, rounded(step)]
    : [Infinity, 0];
}

/** Pieces beyond a net demand are worth what they were less the step; those of one price pro rata. */
function beyondStep(
  pieces: readonly HomePiece[],
  leastKwh: number,
  from: number,
  step: number,
): readonly HomePiece[] {
  if (step === 0) return pieces;
  let net = leastKwh;
  const groups = [
    ...Map.groupBy(
      pieces,
      ({ kind, pricePerKwh }) => `${kind} ${pricePerKwh}`,
    ).values(),
  ];
  return groups.flatMap((group) => {
    const total = group.reduce((sum, { kwh }) => sum + kwh, 0);
    const on = group.reduce((sum, { onKwh }) => sum + onKwh, 0);
    const within = Math.max(0, Math.min(total, from - net));
    net += total;
    const part = total > 0 ? within / total : 1;
    const onPart = on > 0 ? Math.min(1, within / on) : 1;
    return group.flatMap((piece) => {
      const [kwh, onKwh] = [part * piece.kwh, onPart * piece.onKwh];
      if (part === 1) return [piece];
      const rest = {
        ...piece,
        pricePerKwh: piece.pricePerKwh - step,
        kwh: piece.kwh - kwh,
        onKwh: piece.onKwh - onKwh,
      };
      return part === 0 ? [rest] : [{ ...piece, kwh, onKwh }, rest];
    });
  }).sort((a, b) => b.pricePerKwh - a.pricePerKwh);
}

/** Tariffs of a row as the market knows them. [currency/kWh] */
export function tariffsAt(
  book: MarketBook,
  c: number,
  row: number,
): [ceiling: number, feedIn: number] {
  return book.ownTariffs
    ? [rounded(book.rowCeilingPerKwh[row]), rounded(book.rowFeedInPerKwh[row])]
    : [rounded(book.ceilingPerKwh[c]), rounded(book.feedInPerKwh[c])];
}
