/**
 * Makes the scripts of live pieces.
 *
 * @module
 */

import { bundleScript } from "../../programs/bundle.ts";
import { sha256Hex } from "../../sha256.ts";
import { pack } from "../../text/packed.ts";
import type { PieceScripts } from "./embedded.ts";

/**
 * Bundles the loader, and what it loads.
 *
 * @throws {Error} If they cannot be bundled; the message says why.
 */
export async function pieceScripts(): Promise<PieceScripts> {
  const engine = await bundleScript(new URL("./engine.ts", import.meta.url), "iife");
  const loader = await bundleScript(new URL("./loader.ts", import.meta.url), "esm");
  const loaderHash = Uint8Array.fromHex(await sha256Hex(loader)).toBase64();
  return { engine: await pack(engine), loader, loaderHash };
}
