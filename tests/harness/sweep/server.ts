/**
 * A PostgreSQL server of one's own, for as long as it is needed.
 *
 * @module
 */

import { freePort } from "./free_port.ts";

/** A server that can be stopped and started. */
export interface Server extends AsyncDisposable {
  /** Where its database is, for `--queue`. */
  readonly address: string;
  /** Stops it at once, as if the machine had failed. */
  stop(): Promise<void>;
  /** Starts it again. */
  start(): Promise<void>;
}

const USER = "lab";
/** Characters that an address has to escape. */
const PASSWORD = "se cret@/:";

/** Starts a server; `null` if PostgreSQL is not installed. */
export async function startServer(): Promise<Server | null> {
  const programs = await programFolder();
  if (programs === null) return null;
  const folder = await Deno.makeTempDir({ prefix: "p2p-server-" });
  const isRoot = Deno.uid() === 0;
  const run = async (program: string, ...args: string[]) => {
    // PostgreSQL refuses to run as root; Debian's package brings a user along.
    const command = [`${programs}/${program}`, ...args];
    const [first, ...rest] = isRoot ? ["runuser", "-u", "postgres", "--", ...command] : command;
    const { success, stderr } = await new Deno.Command(first, {
      args: rest,
      cwd: folder,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
  };
  const data = `${folder}/data`, secret = `${folder}/secret`, log = `${folder}/log`;
  await Deno.writeTextFile(secret, PASSWORD);
  if (isRoot) await own(folder);
  await run(
    "initdb",
    "-D",
    data,
    "-U",
    USER,
    "-A",
    "scram-sha-256",
    `--pwfile=${secret}`,
    "-E",
    "UTF8",
  );
  const port = freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder}`;
  const start = () => run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start");
  const stop = () => run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
  await start();
  return {
    address: `postgres://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop().catch(() => {});
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Debian keeps them beside each other by version; elsewhere they are on the path. */
async function programFolder(): Promise<string | null> {
  const base = "/usr/lib/postgresql";
  const versions = await Array.fromAsync(Deno.readDir(base)).catch(() => []);
  const places = versions.map(({ name }) => `${base}/${name}/bin`).sort().reverse();
  const path = (Deno.env.get("PATH") ?? "").split(":");
  for (const place of [...places, ...path]) {
    const isThere = await Deno.stat(`${place}/initdb`).then(() => true, () => false);
    if (isThere) return place;
  }
  return null;
}

async function own(folder: string): Promise<void> {
  const { success } = await new Deno.Command("chown", { args: ["-R", "postgres", folder] })
    .output();
  if (!success) throw new Error(`${folder} cannot be given to the user postgres`);
}
