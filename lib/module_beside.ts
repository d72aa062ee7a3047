/**
 * Where the module is that a Worker runs.
 *
 * @module
 */

/**
 * The address of a TypeScript module beside this one; in a package that was compiled, of its
 * JavaScript.
 *
 * @param specifier Such as `./worker.ts`.
 * @param from `import.meta.url` of the module that asks.
 *
 * @example
 * ```ts
 * import { moduleBeside } from "./module_beside.ts";
 * const { href } = moduleBeside("./worker.ts", "file:///package/pool.js");
 * if (href !== "file:///package/worker.js") throw new Error(href);
 * ```
 */
export function moduleBeside(specifier: string, from: string): URL {
  const compiled = new URL(from).pathname.endsWith(".js");
  return new URL(compiled ? specifier.replace(/\.ts$/, ".js") : specifier, from);
}
