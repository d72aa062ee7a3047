/**
 * Serves a PGlite database, which has one session, to several clients on a Unix socket.
 *
 * A client has the session from the first message of a request to its end, and as long as a
 * transaction of its own is open; others wait. A client that goes away in the middle of one, or falls
 * silent, is rolled back. (The server of the package `pglite-socket` forgets a transaction whose client
 * is killed while a statement is at work, and then serves nobody any more.)
 *
 * The messages are those of PostgreSQL's protocol, version 3: a request ends with Query or Sync.
 *
 * @module
 */

import type { PGlite } from "@electric-sql/pglite";

/** A server; disposing of it ends all connections. */
export type SocketServer = AsyncDisposable;

/** Codes that stand where a version is expected, before any message with a type. */
const SSL_REQUEST = 80877103, ENCRYPTION_REQUEST = 80877104, CANCEL_REQUEST = 80877102;
/** Types of messages: those that end a request, and the one that ends a connection. */
const QUERY = 81, SYNC = 83, TERMINATE = 88;
/** A client that leaves a transaction open for so long without a word is taken for dead. [ms] */
const SILENCE_MS = 30_000;

/** Serves a database until it is disposed of; its owner closes the database. */
export function serveSocket(db: PGlite, path: string): SocketServer {
  const listener = Deno.listen({ transport: "unix", path });
  const session = new Session(db);
  const clients = new Map<Deno.Conn, Promise<void>>();
  const accepting = (async () => {
    for await (const connection of listener) {
      const served = serve(session, connection).catch(() => {}).finally(() => {
        clients.delete(connection);
        close(connection);
      });
      clients.set(connection, served);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting.catch(() => {});
      const ending = [...clients.values()];
      for (const connection of clients.keys()) close(connection);
      await Promise.all(ending);
    },
  };
}

/** The one session of the database, which a client has for a request or a transaction. */
class Session {
  readonly #db: PGlite;
  #holder: Deno.Conn | null = null;
  readonly #waiting: (() => void)[] = [];

  constructor(db: PGlite) {
    this.#db = db;
  }

  /** Answers a request; the session stays with the client as long as its transaction is open. */
  async answer(client: Deno.Conn, request: readonly Uint8Array[]): Promise<Uint8Array[]> {
    while (this.#holder !== null && this.#holder !== client) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#holder = client;
    const answers: Uint8Array[] = [];
    await this.#db.runExclusive(async () => {
      for (const message of request) {
        await this.#db.execProtocolRawStream(message, {
          onRawData: (data) => answers.push(data.slice()),
        });
      }
    });
    if (!this.#db.isInTransaction()) this.#release();
    return answers;
  }

  /** Whether a client has a transaction open. */
  isHeldBy(client: Deno.Conn): boolean {
    return this.#holder === client;
  }

  /** Takes the session from a client that is gone. */
  async leave(client: Deno.Conn): Promise<void> {
    if (this.#holder !== client) return;
    try {
      if (this.#db.isInTransaction()) await this.#db.exec("ROLLBACK");
    } finally {
      this.#release();
    }
  }

  #release(): void {
    this.#holder = null;
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

async function serve(session: Session, connection: Deno.Conn): Promise<void> {
  const incoming = new Uint8Array(65_536);
  let buffer = new Uint8Array(0);
  let request: Uint8Array[] = [];
  let isStarted = false;
  try {
    for (;;) {
      const timer = session.isHeldBy(connection)
        ? setTimeout(() => close(connection), SILENCE_MS)
        : undefined;
      const length = await connection.read(incoming).finally(() => clearTimeout(timer));
      if (length === null) return;
      buffer = joined([buffer, incoming.subarray(0, length)]);
      for (;;) {
        const typed = isStarted ? 1 : 0;
        if (buffer.length < typed + 4) break;
        const view = new DataView(buffer.buffer, buffer.byteOffset);
        const size = typed + view.getInt32(typed);
        if (size < typed + 4) return;
        if (buffer.length < size) break;
        const message = buffer.slice(0, size);
        buffer = buffer.slice(size);
        if (!isStarted) {
          const code = new DataView(message.buffer).getInt32(4);
          if (code === CANCEL_REQUEST) return;
          if (code === SSL_REQUEST || code === ENCRYPTION_REQUEST) {
            await writeAll(connection, new TextEncoder().encode("N"));
            continue;
          }
        }
        if (isStarted && message[0] === TERMINATE) return;
        request.push(message);
        if (isStarted && message[0] !== QUERY && message[0] !== SYNC) continue;
        isStarted = true;
        const answers = await session.answer(connection, request);
        request = [];
        await writeAll(connection, joined(answers));
      }
    }
  } finally {
    await session.leave(connection);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch { /* it is closed */ }
}
