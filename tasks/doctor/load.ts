/**
 * Loads one library as the tasks do and lets it do its smallest piece of work. It runs in a process of
 * its own, under the permissions of a task: native code that does not fit the processor ends that
 * process, not the one that asks.
 *
 *     load.ts tables|solver|charts
 *
 * @module
 */

const works: Readonly<Record<string, () => Promise<string>>> = {
  async tables() {
    const { parseCsv } = await import("../../lib/data/read_table.ts");
    const { columns } = await parseCsv("home,kWh\na,1.5\n", "a table");
    if (columns.get("kWh")?.()[0] !== "1.5") throw new Error("Polars read another number");
    return "Polars reads a table";
  },
  async solver() {
    const { createProgramBuilder } = await import("../../lib/policies/linear_program.ts");
    const { createSolver } = await import("../../lib/policies/solver.ts");
    const builder = createProgramBuilder();
    builder.column("x", 1, 2, 5);
    const program = {
      subject: "the least x from 2 to 5",
      model: builder.model(),
      columnName: (column: number) => builder.columnLabels[column],
      rowName: (row: number) => builder.rowLabels[row],
    };
    using solver = createSolver({ workers: 1 });
    const [{ objective }] = await solver.solve([program]);
    if (objective !== 2) throw new Error(`HiGHS found ${objective} instead of 2`);
    return "HiGHS solves a programme";
  },
  async charts() {
    const { renderPng } = await import("../../lib/report/render.ts");
    const svg = (text: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text y="15">${text}</text></svg>`;
    // Without a font the renderer draws no text and says nothing.
    if (renderPng(svg("kWh")).length === renderPng(svg("")).length) {
      throw new Error("letters are not drawn: the fonts are missing");
    }
    return "resvg draws letters";
  },
};

if (import.meta.main) {
  try {
    console.log(await works[Deno.args[0]]());
  } catch (error) {
    console.error((error as Error).message.split("\n")[0]);
    Deno.exit(1);
  }
}
