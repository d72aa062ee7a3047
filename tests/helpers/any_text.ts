/** Any text, of any characters and halves of them. */

import fc from "fast-check";

/** Quicker to draw from than fast-check's own unit "binary", which takes a second to be made. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
});
