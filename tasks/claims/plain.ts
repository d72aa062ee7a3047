/**
 * Numbers that need no source of ours, by kind, with the reason.
 *
 * @module
 */

/** A kind. */
export interface Plain {
  /** The page, or any if absent. */
  readonly file?: string;
  /** What is covered, whole; a space stands for any white space. */
  readonly pattern: RegExp;
  /** Why it is not measured. */
  readonly why: string;
}

/** In README and docs. */
export const PLAIN: readonly Plain[] = [
  { pattern: /\b(?:CityLearn )?challenge 2022/, why: "the name of a contest" },
  { pattern: /(?:0|100) % (?:is|costs) [a-z]+/, why: "ends of a scale, by definition" },
  { pattern: /\[\d · [^\]]+\]\(notebooks\//, why: "numbers of chapters" },
  { pattern: /[Cc]hapter \d/, why: "numbers of chapters" },
  {
    pattern: /need Python 3,/,
    why: "the version of a language, held by tasks/python_environment.ts",
  },
  { pattern: /needs Python 3\.11/, why: "the version of a language, held by tasks/bench_peers.ts" },
  { pattern: /ends with code 130/, why: "an exit code, held by tests/tasks/interrupt_test.ts" },
  { pattern: /127\.0\.0\.1/, why: "an address" },
  { file: "README.md", pattern: /\| slot [^\n]*/, why: "a definition" },
  { file: "README.md", pattern: /\| net position [^\n]*/, why: "a definition" },
  { pattern: /ISO 8601/, why: "the name of a standard" },
  { pattern: /slots are 1, 0\.5 or 0\.25 hours long/, why: "a definition" },
  { pattern: /a limit of 0 is an outage/, why: "a definition" },
  {
    file: "data/README.md",
    pattern: /, seed 42,/,
    why: "a parameter; tests/core/committed_model_test.ts trains with it again",
  },
  {
    file: "data/README.md",
    pattern: /[\s_,](?:ch\. )?\d+, \d{4}(?=[,\s])/,
    why: "volume or chapter and year of a source",
  },
  { file: "data/README.md", pattern: /, (?:2025|2014)(?=[,\s])/, why: "a source" },
  { file: "data/README.md", pattern: /two to five people/, why: "the source's words" },
  { file: "data/README.md", pattern: /PVWatts 5/, why: "the name of a model" },
  { file: "data/README.md", pattern: /W\/m²/, why: "a unit" },
  {
    file: "data/README.md",
    pattern: /set to about 1,090 kWh\/m² a year [^|]*1991–2020/,
    why: "a figure of the source; tests/core/synthetic_test.ts holds the data to it",
  },
  { file: "data/README.md", pattern: /_ \d{4}/, why: "year of a source" },
  { file: "data/README.md", pattern: /ch\. 25/, why: "chapter of a source" },
  { file: "data/README.md", pattern: /to 6:00|from 17:00 to 21:00/, why: "hours of a tariff" },
  { file: "data/README.md", pattern: /module 3|contracts in 2025/, why: "the source's words" },
  { file: "data/README.md", pattern: /EEG 2025[^|]*0\.0794/, why: "a figure of the source" },
  { file: "data/README.md", pattern: /up to 10 kW/, why: "the source's words" },
  { file: "data/README.md", pattern: /mix of 2023 and 2024/, why: "years of a source" },
  { file: "data/README.md", pattern: /3 % self-discharge a month/, why: "as the source has it" },
  { file: "data/README.md", pattern: /the clock is UTC\+1/, why: "a time zone" },
  {
    file: "data/README.md",
    pattern: /yields 144 kWh of PV a year [\s\S]*8,800/,
    why: "data that are no part of the repository; tests/core/citylearn_2022_test.ts reads them",
  },
  { file: "docs/kpis.md", pattern: /^\| [^\n]*\|$/, why: "formulas and sources" },
  { file: "docs/kpis.md", pattern: /_ 1, 2007|NeurIPS 2021/, why: "volume and year of a source" },
  { file: "docs/learning.md", pattern: /an untrained actor says about 0/, why: "by construction" },
  { file: "docs/learning.md", pattern: /number in \[−1, 1\]/, why: "a definition" },
  { file: "docs/learning.md", pattern: /merit-order action of 0/, why: "a definition" },
  {
    file: "docs/learning.md",
    pattern: /the agents\s+of R1 capture 92, 95 and 95 %/,
    why: "of the committed model; tests/other_worlds_test.ts holds it to less on fewer days",
  },
];

/** In notebooks. */
export const NOTEBOOK_PLAIN: readonly Plain[] = [
  { pattern: /^# \d · /, why: "numbers of chapters" },
  { pattern: /0 % (?:is|costs)|100 % (?:is|as)/, why: "ends of a scale, by definition" },
  { pattern: /\b1993\b/, why: "year of a source" },
  { pattern: /Chapter 8 uses five/, why: "seeds of the ladder, whose title README quotes" },
  { pattern: /rewards a million times larger/, why: "a probe of tests/core/probe_test.ts" },
  { pattern: /A year has four faces/, why: "the seasons, counted in the same chapter" },
  { pattern: /seventeen measured homes/, why: "R2, whose homes README counts" },
  { pattern: /[Cc]hapter \d/, why: "numbers of chapters" },
];
