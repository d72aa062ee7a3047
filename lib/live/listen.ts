/**
 * Where the server listens: on the machine itself unless told otherwise, and at the next port where
 * the usual one is taken.
 *
 * @module
 */

import { isIP } from "node:net";

/** Where to listen. */
export interface ListenOptions {
  /** Address. */
  readonly host: string;
  /** This port and no other; `undefined` for the first that is free. */
  readonly port: number | undefined;
  /** Where the search for a free port begins. */
  readonly firstPort: number;
  /** Ends the server; it goes on until the program ends if absent. */
  readonly signal?: AbortSignal;
}

/** A server at work. */
export interface Listening {
  /** Where to point a browser. */
  readonly url: string;
  /** What a user should know of it; empty for nothing. */
  readonly notes: readonly string[];
  /** Resolves when the server has ended. */
  readonly finished: Promise<void>;
}

const PORTS_TO_TRY = 20;
const LOOPBACK = ["127.0.0.1", "localhost", "::1", "[::1]"];

/**
 * Starts to serve.
 *
 * @throws {Error} If the port is taken and was asked for, or the address is none of this machine.
 */
export function listen(
  { host, port, firstPort, signal }: ListenOptions,
  handler: (request: Request) => Promise<Response>,
): Listening {
  const address = host.replaceAll(/[[\]]/g, "");
  // A name says how the page may be called; where to listen is an address, and Deno is asked for those.
  const hostname = isIP(address) !== 0 || address === "localhost" ? address : "0.0.0.0";
  const last = port ?? firstPort + PORTS_TO_TRY - 1;
  const notes: string[] = [];
  for (let next = port ?? firstPort; next <= last; next++) {
    let server: Deno.HttpServer;
    try {
      server = Deno.serve({
        hostname,
        port: next,
        onListen: () => {},
        ...(signal === undefined ? {} : { signal }),
      }, handler);
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) {
        if (port !== undefined) {
          throw new Error(`port ${port} is taken; choose another --port, or leave it out`);
        }
        notes.push(`Port ${next} is taken; trying the next.`);
        continue;
      }
      if (error instanceof Deno.errors.NotCapable) {
        throw new Error(
          `cannot listen at ${host}:${next}: deno.json allows addresses of this machine and of ` +
            "local networks; choose another --host, such as 0.0.0.0",
        );
      }
      throw new Error(
        `cannot listen at ${host}:${next}: ${(error as Error).message}; choose another --host`,
        { cause: error },
      );
    }
    if (!LOOPBACK.includes(host)) {
      notes.push(
        `Listening at ${host}: everybody who can reach this machine at port ${next} can watch, ` +
          "steer and take away what is shown. There is no password and no encryption.",
      );
    }
    const everywhere = ["0.0.0.0", "::"].includes(address);
    const shown = everywhere ? "127.0.0.1" : address.includes(":") ? `[${address}]` : address;
    return { url: `http://${shown}:${next}/`, notes, finished: server.finished };
  }
  throw new Error(`ports ${firstPort} to ${last} are all taken; choose one with --port`);
}
