/**
 * Numbers as they are written: in digits, or in words.
 *
 * @module
 */

/** Numbers as words. */
export const WORDS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen " +
      "fifteen sixteen seventeen eighteen nineteen twenty").split(" ").map((word, k) => [word, k]),
  ),
  "thirty": 30,
  "forty": 40,
  "fifty": 50,
  "sixty": 60,
  "a hundred": 100,
  "a thousand": 1000,
  "a hundred thousand": 100_000,
  "a million": 1_000_000,
};

/** Words from four on, which count as numbers; smaller ones are mostly language. */
export const NUMBER_WORD = new RegExp(
  `\\b(?:${
    Object.keys(WORDS).filter((word) => WORDS[word] > 3).sort((a, b) => b.length - a.length)
      .join("|").replaceAll(" ", "\\s+")
  })\\b(?!\\s+(?:thousand|million|hundred))`,
  "gi",
);

/** The number that a text means. */
export function numberOf(text: string): number {
  const word = WORDS[text.toLowerCase().replaceAll(/\s+/g, " ")];
  return word ?? Number(plain(text).replaceAll(",", ""));
}

/** The text with the minus sign of keyboards. */
export function plain(text: string): string {
  return text.replaceAll("−", "-").trim();
}
