/**
 * A queue in a folder, where there is no server: PGlite, which is PostgreSQL in this process.
 *
 * PGlite takes no lock, and what a second process writes into its folder vanishes. So whoever comes
 * first takes the operating system's lock on the folder, opens the database and serves it on a Unix
 * socket; others connect to that. When the holder ends, however it ends, one of them becomes the next.
 *
 * @module
 */

import { join } from "node:path";
import { tryLockFolder } from "../disk/folder_lock.ts";
import { exists } from "../disk/exists.ts";
import { makeFolder, writeWhole } from "../disk/whole_files.ts";
import { loadPackage } from "../packages.ts";
import { shown } from "../text/shown.ts";
import { serveSocket } from "./socket_server.ts";

/** How a client reaches the database. */
export interface SocketAddress {
  /** Folder of the socket. */
  readonly host: string;
  /** User of the database. */
  readonly user: string;
  /** The database. */
  readonly database: string;
}

/** A database in a folder, held by this process or by another one. */
export interface FolderDatabase extends AsyncDisposable {
  /** How it is reached. */
  readonly address: SocketAddress;
  /** Whether this process holds it. */
  readonly isHolder: boolean;
}

/** In the folder: names the socket's folder. */
const SOCKET_FILE = "socket.txt";
const SOCKET = ".s.PGSQL.5432";
const DATABASE = "database";

/** Whether there has ever been a queue in this folder. */
export async function isQueueFolder(folder: string): Promise<boolean> {
  return await exists(join(folder, DATABASE));
}

/**
 * Opens the database in a folder, or finds who holds it; `null` if that one is just coming or going.
 *
 * @throws {Error} If the folder cannot be written.
 */
export async function openFolder(folder: string): Promise<FolderDatabase | null> {
  const lock = await tryLockFolder(folder);
  if (lock === null) return await findHolder(folder);
  await using owned = new AsyncDisposableStack();
  owned.use(lock);
  const { PGlite } = await loadPackage<typeof import("@electric-sql/pglite")>(
    "@electric-sql/pglite",
  );
  await removeSocket(folder);
  const dataDir = join(folder, DATABASE);
  if (!await exists(dataDir)) {
    // One that is killed while it makes a database leaves nothing that looks like one.
    const partial = `${dataDir}.partial`;
    await makeFolder(partial);
    await (await PGlite.create({ dataDir: partial })).close();
    await Deno.rename(partial, dataDir);
  }
  const db = await PGlite.create({ dataDir }).catch((error) => {
    const reason = shown(String(error?.message ?? error), 200);
    throw new Error(
      `the queue in ${folder} is damaged (${reason}); move it away, and sweeps begin anew`,
    );
  });
  owned.defer(() => db.close());
  // The path of a socket must be short, and nobody else may reach it.
  const host = await Deno.makeTempDir({ prefix: "p2p-" });
  owned.use(serveSocket(db, join(host, SOCKET)));
  owned.defer(() => removeSocket(folder));
  await writeWhole(join(folder, SOCKET_FILE), host);
  const all = owned.move();
  return {
    address: addressOf(host),
    isHolder: true,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function findHolder(folder: string): Promise<FolderDatabase | null> {
  const host = await socketFolder(folder);
  if (host === null || !await exists(join(host, SOCKET))) return null;
  return { address: addressOf(host), isHolder: false, async [Symbol.asyncDispose]() {} };
}

function addressOf(host: string): SocketAddress {
  return { host, user: "postgres", database: "postgres" };
}

async function socketFolder(folder: string): Promise<string | null> {
  return await Deno.readTextFile(join(folder, SOCKET_FILE)).catch(() => null);
}

/** Removes the socket, or that of a holder that was killed. */
async function removeSocket(folder: string): Promise<void> {
  const host = await socketFolder(folder);
  if (host === null) return;
  await Deno.remove(join(folder, SOCKET_FILE)).catch(() => {});
  await Deno.remove(join(host, SOCKET)).catch(() => {});
  await Deno.remove(host).catch(() => {});
}
