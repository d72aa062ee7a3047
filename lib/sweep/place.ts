/**
 * Where a queue is: a folder of this machine, or a PostgreSQL server. Passwords are not shown.
 *
 * @module
 */

import { join } from "node:path";
import { readTextWithin } from "../data/bounded_file.ts";
import { shown, withoutPassword } from "../text/shown.ts";
import { isQueueFolder } from "./folder_queue.ts";

/** Where a queue is. */
export type QueuePlace =
  | { readonly kind: "folder"; readonly folder: string }
  | {
    readonly kind: "server";
    /** For the driver. */
    readonly address: string;
    /** For reading, without a password. */
    readonly name: string;
    /** The user; empty if none is named. */
    readonly user: string;
    /** The database; empty if none is named. */
    readonly database: string;
  };

/** Where queue and results are unless another folder is named. */
export const DEFAULT_FOLDER = "runs/sweeps";

/** Flags of tasks that use a queue. */
export const queueFlags = {
  queue: {
    type: "string",
    placeholder: "URL",
    help: "PostgreSQL of a group: postgres://user:password@host:5432/database, or @FILE that " +
      "holds it (default: a queue in FOLDER)",
  },
  folder: {
    type: "string",
    placeholder: "FOLDER",
    default: DEFAULT_FOLDER,
    help: "queue of this machine, models and results",
  },
} as const;

/** Longest file with an address. [bytes] */
const LONGEST = 4096;

/**
 * The place that is asked for.
 *
 * @param queue An address such as `postgres://user:password@host:5432/database`, or `@FILE` for a file
 * that holds it; the folder if `undefined`.
 * @throws {Error} In one line without the password, if it is no address of a PostgreSQL server, or
 * where a folder cannot hold a queue.
 */
export async function queuePlace(queue: string | undefined, folder: string): Promise<QueuePlace> {
  if (queue === undefined) {
    if (Deno.build.os === "windows") {
      throw new Error(
        "a queue in a folder needs Unix sockets, which Windows has not; name a PostgreSQL server " +
          "with --queue",
      );
    }
    return { kind: "folder", folder: join(folder, "queue") };
  }
  const options = { maxBytes: LONGEST, remedy: "name a file that holds the queue's address" };
  const isFile = queue.startsWith("@");
  const text = isFile ? (await readTextWithin(queue.slice(1), options)).trim() : queue;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    // Where it cannot be taken apart, nobody knows what of it is a password.
    const [, scheme = ""] = /^([a-z][a-z0-9+.-]*:\/\/)/i.exec(text) ?? [];
    const got = isFile ? `something else in ${queue.slice(1)}` : `${shown(scheme)}…`;
    throw new Error(
      "--queue must be an address such as postgres://user:password@host:5432/database, or @FILE " +
        `for a file that holds it, got ${got}`,
    );
  }
  return {
    kind: "server",
    address: text,
    name: withoutPassword(text),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}

/**
 * Refuses a folder without a queue, where a question would make one.
 *
 * @throws {Error} If there is none.
 */
export async function requireQueue(place: QueuePlace): Promise<void> {
  if (place.kind === "server" || await isQueueFolder(place.folder)) return;
  throw new Error(
    `there is no queue in ${place.folder}; sweep first with deno task sweep SPEC, or name a group's ` +
      "with --queue",
  );
}
