import { assertEquals, assertGreater } from "@std/assert";
import { COLOURS, KNOWN_POLICIES, policyStyle } from "../../lib/report/palette.ts";

/** CIE 1976 lightness of a colour in sRGB, 0 to 100. */
function lightness(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((k) => {
    const part = parseInt(colour.slice(k, k + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y;
}

Deno.test("palette: every thing and every policy has a colour of its own", () => {
  const colours = [...Object.values(COLOURS), ...KNOWN_POLICIES.map((p) => policyStyle(p).colour)];
  assertEquals(new Set(colours).size, colours.length);
});

Deno.test("palette: policies are told apart by their dashes alone", () => {
  const dashes = [...KNOWN_POLICIES, "another"].map((policy) => policyStyle(policy).dash);
  assertEquals(new Set(dashes).size, dashes.length);
});

Deno.test("palette: things that meet in a figure differ in lightness", () => {
  const together: readonly (readonly (keyof typeof COLOURS)[])[] = [
    ["trade", "gridImport", "gridExport"],
    ["load", "solar", "battery"],
  ];
  for (const things of together) {
    const sorted = things.map((thing) => lightness(COLOURS[thing])).sort((a, b) => a - b);
    for (let k = 1; k < sorted.length; k++) assertGreater(sorted[k] - sorted[k - 1], 10);
  }
});

Deno.test("palette: every line stands out from white paper", () => {
  for (const policy of KNOWN_POLICIES) {
    assertGreater(100 - lightness(policyStyle(policy).colour), 25, policy);
  }
});
