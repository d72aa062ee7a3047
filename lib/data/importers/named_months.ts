/**
 * Dates that name their month, in English or German: `21 Oct 2023`, `21-Oct-23`, `21. Oktober 2023`,
 * `October 21, 2023`, `2023-Oct-21`.
 *
 * @module
 */

const MONTHS: readonly (readonly string[])[] = [
  ["january", "januar", "jänner"],
  ["february", "februar", "feber"],
  ["march", "märz", "maerz", "mrz"],
  ["april"],
  ["may", "mai"],
  ["june", "juni"],
  ["july", "juli"],
  ["august"],
  ["september"],
  ["october", "oktober"],
  ["november"],
  ["december", "dezember"],
];
const BETWEEN = String.raw`\.?[\s/-]*`, NAME = String.raw`([a-zä]{3,9})`;
const FORMS: readonly {
  readonly form: RegExp;
  readonly order: readonly [number, number, number];
}[] = [
  {
    form: new RegExp(`^(\\d{1,2})${BETWEEN}${NAME}${BETWEEN}(\\d{4}|\\d{2})(?!\\d)`, "i"),
    order: [3, 2, 1],
  },
  { form: new RegExp(`^${NAME}\\.?\\s+(\\d{1,2}),?\\s+(\\d{4})(?!\\d)`, "i"), order: [3, 1, 2] },
  {
    form: new RegExp(`^(\\d{4})${BETWEEN}${NAME}${BETWEEN}(\\d{1,2})(?!\\d)`, "i"),
    order: [1, 2, 3],
  },
];

/** The stamp with its date as `YYYY-MM-DD`; `null` if none with a named month begins it. */
export function withNumberedMonth(stamp: string): string | null {
  for (const { form, order: [year, month, day] } of FORMS) {
    const match = form.exec(stamp);
    if (match === null) continue;
    const number = monthOf(match[month].toLowerCase());
    if (number === null) continue;
    const fullYear = match[year].length === 2 ? `20${match[year]}` : match[year];
    const date = [fullYear, String(number).padStart(2, "0"), match[day].padStart(2, "0")].join("-");
    const rest = stamp.slice(match[0].length).replace(/^,?\s+/, " ");
    return date + rest;
  }
  return null;
}

/** 1 to 12 of a name or of its first three letters or more. */
function monthOf(name: string): number | null {
  const at = MONTHS.findIndex((names) => names.some((each) => each.startsWith(name)));
  return at < 0 ? null : at + 1;
}
