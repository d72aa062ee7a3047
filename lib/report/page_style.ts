/**
 * How a report looks: a quiet column of text that figures and tables may not leave, on a screen, on a
 * phone and on paper.
 *
 * @module
 */

import { ON_DARK } from "./palette.ts";

/** The colours of figures on a dark page; they are attributes, which a style sheet overrules. */
const DARK_FIGURES = Object.entries(ON_DARK).map(([light, dark]) =>
  `svg [fill="${light}"], svg[fill="${light}"] { fill: ${dark}; }
  svg [stroke="${light}"] { stroke: ${dark}; }`
).join("\n  ");

/** Style sheet of every page. */
export const PAGE_STYLE = `
:root { --ink: #1a1a1a; --quiet: #5b5f66; --line: #dcdfe3; --wash: #f5f6f8; --accent: #00619c;
  --paper: #fff; --red: #b3261e;
  --sh-keyword: #7a2a8c; --sh-string: #1c6b3a; --sh-class: #9a4a00; --sh-comment: #6a6f76;
  --sh-identifier: inherit; --sh-sign: #444; --sh-property: inherit; --sh-entity: #00619c;
  --sh-jsxliterals: inherit; --sh-space: inherit; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 17px/1.6 system-ui, sans-serif;
  -webkit-text-size-adjust: 100%; }
main { max-width: 784px; margin: 0 auto; padding: 8px 16px 64px; }
nav { display: flex; flex-wrap: wrap; gap: 2px 18px; max-width: 784px; margin: 0 auto;
  padding: 14px 16px; font-size: 14px; }
nav a, nav span { padding: 2px 0; }
nav span { color: var(--quiet); font-weight: 600; }
a { color: var(--accent); text-underline-offset: 2px; }
h1 { font-size: 31px; line-height: 1.2; letter-spacing: -0.01em; margin: 24px 0 12px; }
h2 { font-size: 22px; line-height: 1.3; margin: 44px 0 8px; }
h3 { font-size: 18px; margin: 28px 0 6px; }
p, ul, ol { margin: 12px 0; overflow-wrap: anywhere; }
li { margin: 4px 0; }
blockquote { margin: 20px 0; padding: 2px 18px; border-left: 3px solid var(--accent);
  background: var(--wash); }
code { font: 0.88em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  background: var(--wash); border-radius: 3px; padding: 1px 4px; overflow-wrap: anywhere; }
pre { overflow-x: auto; background: var(--wash); border-radius: 6px; padding: 12px 14px;
  margin: 10px 0; line-height: 1.45; }
pre code { background: none; padding: 0; overflow-wrap: normal; font-size: 13.5px; }
details { margin: 10px 0; }
summary { color: var(--quiet); font-size: 14px; cursor: pointer; width: max-content;
  padding: 2px 0; }
figure { margin: 22px 0; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
figure div { line-height: 0; }
figure svg { width: 100%; height: auto; }
.narrow { display: none; }
.table { overflow-x: auto; margin: 18px 0; }
table { border-collapse: collapse; font-size: 15px; line-height: 1.4; min-width: 60%; }
th, td { text-align: left; min-width: 5em; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th { font-weight: 600; }
td:first-child { white-space: nowrap; }
.table th:first-child, .table td:first-child { position: sticky; left: 0; background: #fff; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.piece { margin: 26px 0; padding: 14px 16px 2px; border: 2px solid var(--accent); border-radius: 10px; }
.piece figure { margin: 12px 0; border: 0; }
.piece iframe { width: 100%; height: 620px; border: 0; border-radius: 6px; }
.controls { display: grid; gap: 8px; }
.controls label { display: grid; grid-template-columns: 15em 1fr 11em; gap: 14px;
  align-items: center; font-size: 15px; }
.controls input { width: 100%; min-height: 28px; accent-color: var(--accent); }
.controls output { font-variant-numeric: tabular-nums; font-weight: 600; }
.controls button { justify-self: start; min-height: 40px; padding: 6px 22px; font: inherit;
  font-weight: 600; color: var(--paper); background: var(--accent); border: 0; border-radius: 6px;
  cursor: pointer; }
.status { min-height: 1.5em; margin: 0 0 6px; font-size: 14px; color: var(--quiet); }
th.number { white-space: normal; }
.dense table { font-size: 14px; }
.dense th, .dense td { min-width: 0; padding-right: 11px; }
.dense td { white-space: nowrap; }
.loses { margin: 18px 0; padding: 10px 18px; border-left: 3px solid var(--red); color: var(--red); }
.loses ul { margin: 4px 0; }
.turn { display: flex; justify-content: space-between; gap: 20px; margin-top: 48px;
  padding-top: 16px; border-top: 1px solid var(--line); }
.cards { display: grid; grid-template-columns: 1fr 1fr; gap: 22px; margin: 24px 0; padding: 0;
  list-style: none; }
.cards a { display: block; color: inherit; text-decoration: none; height: 100%;
  border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.cards a:hover, .cards a:focus-visible { border-color: var(--accent); }
.cards svg { display: block; width: 100%; height: 200px; border-bottom: 1px solid var(--line); }
.cards strong { display: block; padding: 12px 16px 0; line-height: 1.35; }
.cards p { margin: 4px 0 0; padding: 0 16px 14px; font-size: 15px; line-height: 1.45;
  color: var(--quiet); }
@media (min-width: 1200px) {
  .piece:has(iframe) { width: 1120px; margin-left: -168px; }
}
@media (max-width: 620px) {
  body { font-size: 16px; }
  h1 { font-size: 26px; }
  h2 { font-size: 20px; }
  figure { margin: 18px 0; }
  .wide { display: none; }
  .narrow { display: block; }
  .cards { grid-template-columns: 1fr; }
  .piece { padding: 12px 10px 0; }
  .piece iframe { display: none; }
  .controls label { grid-template-columns: 1fr auto; }
  .controls input { grid-column: 1 / -1; grid-row: 2; }
}
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e4e6ea; --quiet: #a2a8b0; --line: #3a3f47; --wash: #262a31; --accent: #6bb6f2;
    --paper: #1c1f24; --red: #ff9a90; --sh-keyword: #d3a1e6; --sh-string: #8fd0a3; --sh-class: #f0b070;
    --sh-comment: #959ba3; --sh-sign: #c3c7cd; --sh-entity: #7cc0f5; }
  svg[color="#1a1a1a"] { color: var(--ink); }
  ${DARK_FIGURES}
}
@media print {
  nav, details, .turn, .controls, .status { display: none; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  figure, table { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;
