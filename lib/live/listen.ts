/**
 * Where the server listens: on the machine itself unless told otherwise, and at the next port where
 * the usual one is taken.
 *
 * @module
 */

/** Where to listen. */
export interface ListenOptions {
  /** Address. */
  readonly host: string;
  /** This port and no other; `undefined` for the first that is free. */
  readonly port: number | undefined;
  /** Where the search for a free port begins. */
  readonly firstPort: number;
  /** Ends the server; it goes on until it is killed if absent. */
  readonly signal?: AbortSignal;
}

/** A server at work. */
export interface Listening {
  /** Where to point a browser. */
  readonly url: string;
  /** Resolves when the server has ended. */
  readonly finished: Promise<void>;
}

type Handler = (request: Request) => Promise<Response>;

const PORTS_TO_TRY = 20;
const LOOPBACK = ["127.0.0.1", "localhost", "::1", "[::1]"];

/**
 * Starts to serve.
 *
 * @param handlerFor Makes the handler for the names by which the server may be called; `null` for any.
 * @throws {Error} If the port is taken and was asked for, or the address is none of this machine.
 */
export function listen(
  { host, port, firstPort, signal }: ListenOptions,
  handlerFor: (hosts: readonly string[] | null) => Handler,
): Listening {
  const own = LOOPBACK.includes(host);
  const last = port ?? firstPort + PORTS_TO_TRY - 1;
  for (let next = port ?? firstPort; next <= last; next++) {
    const hosts = own
      ? ["127.0.0.1", "localhost", "[::1]"].map((name) => next === 80 ? name : `${name}:${next}`)
      : null;
    let server: Deno.HttpServer;
    try {
      server = Deno.serve(
        {
          hostname: host.replaceAll(/[[\]]/g, ""),
          port: next,
          onListen: () => {},
          ...(signal === undefined ? {} : { signal }),
        },
        handlerFor(hosts),
      );
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) {
        if (port !== undefined) {
          throw new Error(`port ${port} is taken; choose another --port, or leave it out`);
        }
        console.log(`Port ${next} is taken; trying the next.`);
        continue;
      }
      throw new Error(
        `cannot listen at ${host}:${next}: ${(error as Error).message}; choose another --host`,
        { cause: error },
      );
    }
    if (!own) {
      console.log(
        `Listening at ${host}: everybody who can reach this machine at port ${next} can watch, ` +
          "steer and take away what is shown. There is no password and no encryption.",
      );
    }
    const shown = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
    return { url: `http://${shown}:${next}/`, finished: server.finished };
  }
  throw new Error(`ports ${firstPort} to ${last} are all taken; choose one with --port`);
}
