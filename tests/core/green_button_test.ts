import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { imported, loadKwh } from "../helpers/meter_files.ts";
import { importData } from "../../lib/data/importers/import_data.ts";

interface Meter {
  readonly point: string;
  readonly reading: string;
  readonly type: Readonly<Record<string, number>>;
  readonly values: readonly number[];
}

const START = Date.UTC(2025, 5, 1) / 1000;
const WH = { accumulationBehaviour: 4, flowDirection: 1, powerOfTenMultiplier: 0, uom: 72 };

/** A feed as utilities write it: entries tied by links, blocks by days. */
function feed(
  meters: readonly Meter[],
  step = 3600,
  titles: Readonly<Record<string, string>> = {},
) {
  const link = (rel: string, href: string) => `<link rel="${rel}" href="https://x/Usage/${href}"/>`;
  const entry = (links: string, title: string, content: string) =>
    `<entry>${links}<title>${title}</title><content><${content}</content></entry>`;
  const parts = meters.flatMap(({ point, reading, type, values }) => {
    const up = `UsagePoint/${point}`, own = `${up}/MeterReading/${reading}`;
    const fields = Object.entries(type).map(([name, value]) => `<${name}>${value}</${name}>`).join(
      "",
    );
    const readings = values.map((value, k) =>
      `<IntervalReading><cost>7</cost><timePeriod><duration>${step}</duration>` +
      `<start>${START + k * step}</start></timePeriod><value>${value}</value></IntervalReading>`
    );
    const block = (k: number, from: number, to: number) =>
      entry(
        link("self", `${own}/IntervalBlock/${k}`) + link("up", `${own}/IntervalBlock`),
        "",
        `IntervalBlock>${readings.slice(from, to).join("")}</IntervalBlock>`,
      );
    return [
      // The type comes after what it explains, and blocks the wrong way round.
      block(2, 24, 48),
      block(1, 0, 24),
      entry(
        link("self", own) + link("related", `ReadingType/${point}${reading}`),
        "",
        "MeterReading/>",
      ),
      entry(
        link("self", `ReadingType/${point}${reading}`),
        "",
        `ReadingType>${fields}</ReadingType>`,
      ),
    ];
  });
  const points = [...new Set(meters.map(({ point }) => point))].map((point) =>
    entry(link("self", `UsagePoint/${point}`), titles[point] ?? "", "UsagePoint/>")
  );
  return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">${
    [...points, ...parts].join("")
  }</feed>`;
}

Deno.test("green button: several meters, powers of ten, both directions, whatever the order of entries", async () => {
  const count = Array.from({ length: 48 }, (_, k) => k);
  const result = await imported({
    "street.xml": feed(
      [
        {
          point: "1",
          reading: "a",
          type: { ...WH, powerOfTenMultiplier: 3 },
          values: count.map(() => 2),
        },
        {
          point: "1",
          reading: "b",
          type: { ...WH, flowDirection: 19, powerOfTenMultiplier: 0 },
          values: count.map((k) => k % 2 * 500),
        },
        {
          point: "2",
          reading: "a",
          type: { ...WH, uom: 38, accumulationBehaviour: 6 },
          values: count.map((k) => 100 * k),
        },
        {
          point: "3",
          reading: "a",
          type: { ...WH, accumulationBehaviour: 3, powerOfTenMultiplier: -1 },
          values: count.map((k) => 1e7 + 5000 * k),
        },
      ],
      3600,
      { 1: "Müller", 2: "Dr. Sun", 3: "old meter" },
    ),
  });
  const { prosumers } = result.dataset.community;
  assertEquals(prosumers.map(({ id }) => id), ["Müller", "Dr-Sun", "old-meter"]);
  assertEquals([loadKwh(result, "Müller")[0], result.dataset.profiles.pvKw[1]], [2, 0.5]);
  assertEquals(loadKwh(result, "Dr-Sun")[30], 3);
  assertEquals(loadKwh(result, "old-meter")[46], 0.5);
  assert(result.found[0][1].join().includes("elements that are not used: cost"));
});

const faults: readonly [string, string, string][] = [
  [
    "gas",
    feed([{ point: "1", reading: "a", type: { ...WH, uom: 169 }, values: [1, 2, 3] }]),
    'uom of a must be 72 (Wh) or 38 (W), got "169"',
  ],
  [
    "no block",
    "<feed><entry><content><ReadingType/></content></entry></feed>",
    "has no IntervalBlock",
  ],
  ["no XML", "<feed><entry></feed>", "is no well-formed XML"],
  [
    "half a value",
    feed([{ point: "1", reading: "a", type: WH, values: [1.5] }]),
    'value must be a whole number, got "1.5"',
  ],
];
for (const [what, text, message] of faults) {
  Deno.test(`green button: ${what} is one line`, async () => {
    const error = await assertRejects(() => imported({ "a.xml": text }), RangeError);
    assert(error.message.includes(message) && !error.message.includes("\n"), error.message);
  });
}

const meters = join(import.meta.dirname!, "../../../shared/data/meters");
const absent = await Deno.stat(meters).then(() => false, () => true);
for (const season of ["autumn", "spring"]) {
  Deno.test({
    name: `green button: the reference file of ${season} is the truth of its home`,
    ignore: absent,
    async fn() {
      const read = (name: string, wishes = {}) =>
        importData([{ path: join(meters, season, name), wishes }], {}, "x");
      const file = loadKwh(await read("06_green_button_Haus01.xml"), "Haus01");
      const truth = loadKwh(await read("truth.csv", { unit: "kW" }), "Haus01");
      assertEquals(file.length, truth.length);
      assert(file.every((energy, k) => Math.abs(energy - truth[k]) < 0.000501));
    },
  });
}
