/**
 * By which names a server may be called. A name that somebody else owns can be made to point at this
 * machine (DNS rebinding), and a page under that name would then be this server's own in a browser's
 * eyes: addresses and `localhost` cannot be owned, and a name that the server was started with is meant.
 *
 * @module
 */

/**
 * Whether a `Host` header names a server that was told to listen at `given`.
 *
 * @param host The header, `null` if there is none.
 *
 * @example
 * ```ts
 * import { isOwnName } from "./host_name.ts";
 * if (!isOwnName("[::1]:8000", "0.0.0.0")) throw new Error("an address is nobody's name");
 * if (isOwnName("rebound.example:8000", "0.0.0.0")) throw new Error("a name may be anybody's");
 * ```
 */
export function isOwnName(host: string | null, given: string): boolean {
  const name = hostName(host ?? "");
  if (name === null) return false;
  const isAddress = name.startsWith("[") || /^\d+(\.\d+){3}$/.test(name);
  return isAddress || name === "localhost" || name === hostName(given);
}

/** The name in `name[:port]` as a browser writes it; `null` if it is none. */
function hostName(text: string): string | null {
  // What a URL could hold beside a name and a port, such as a path or a user, is none of it.
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(text)) return null;
  if (!URL.canParse(`http://${text}/`)) return null;
  return new URL(`http://${text}/`).hostname.replace(/\.$/, "");
}
