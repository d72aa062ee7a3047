/**
 * Clients of a queue in a folder that die at every point of a transaction, and one that then asks. Run
 * by a test as a program of its own, since a socket needs a permission that tests do not have.
 *
 * @module
 */

import { openFolder } from "../../lib/sweep/folder_queue.ts";
import { Queue } from "../../lib/sweep/queue.ts";

const folder = await Deno.makeTempDir();
{
  await using database = (await openFolder(folder))!;
  const path = `${database.address.host}/.s.PGSQL.5432`;
  const text = new TextEncoder();
  const message = (type: string, body: string) => {
    const bytes = text.encode(`${type}\0\0\0\0${body}\0`);
    new DataView(bytes.buffer).setInt32(type.length, bytes.length - type.length);
    return bytes;
  };
  const startup = message("", "\0\x03\0\0user\0postgres\0database\0postgres\0");
  // Nobody waits for an answer: the connection ends before, while or after the statement is at work.
  for (const pauseMs of [0, 0, 1, 5, 50, 500]) {
    const client = await Deno.connect({ transport: "unix", path });
    await client.write(startup);
    await client.write(message("Q", "BEGIN; LOCK TABLE pg_class; SELECT pg_sleep(0.02)"));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    client.close();
  }
  await using queue = await Queue.open({ kind: "folder", folder }, { supervise: false });
  const rows = await Promise.all([1, 2, 3].map((n) => queue.rows("SELECT $1::int AS n", [n])));
  console.log(rows.map(([row]) => row.n).join());
}
await Deno.remove(folder, { recursive: true });
