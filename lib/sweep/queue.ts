/**
 * A connection to a queue that outlives the server's absence: what is asked while it is away is asked
 * again, so everything that is asked may be asked twice.
 *
 * @module
 */

import type { CommandResponse, Db, PgBoss } from "pg-boss";
import { Stopped } from "../cli/stop.ts";
import { say } from "../cli/terminal.ts";
import { loadPackage } from "../packages.ts";
import { shown, withoutPassword } from "../text/shown.ts";
import { type FolderDatabase, openFolder } from "./folder_queue.ts";
import type { QueuePlace } from "./place.ts";
import { TABLES } from "./tables.ts";

/** How a queue is used. */
export interface QueueOptions {
  /** Whether this process looks after jobs whose worker died. */
  readonly supervise: boolean;
  /** Ends waiting for a queue that is away. */
  readonly signal?: AbortSignal;
}

/** A row of a query. */
export type Row = Readonly<Record<string, unknown>>;

/** Between two looks whether jobs are still at work. [s] */
const SUPERVISE_SECONDS = 5;
/** Between two attempts to reach a queue that is away. [ms] */
const RETRY_MS = 250;
/** Longest time in which a folder changes hands. [ms] */
const HANDOVER_MS = 60_000;
const CONNECTIONS = 4;
/** A question without an answer for so long was asked of a server that is gone. [ms] */
const UNANSWERED_MS = 600_000;

interface Connection {
  readonly boss: PgBoss;
  readonly folder: FolderDatabase | null;
}

/** An open queue; disposing of it leaves jobs as they are. */
export class Queue implements AsyncDisposable {
  readonly #place: QueuePlace;
  readonly #options: QueueOptions;
  #connection: Connection;
  #renewal: Promise<void> | null = null;
  #isAway = false;

  private constructor(place: QueuePlace, options: QueueOptions, connection: Connection) {
    this.#place = place;
    this.#options = options;
    this.#connection = connection;
  }

  /**
   * Opens a queue, making its tables if there are none.
   *
   * @throws {Error} In one line without the password, if it cannot be reached or refuses.
   */
  static async open(place: QueuePlace, options: QueueOptions): Promise<Queue> {
    return new Queue(place, options, await connect(place, options));
  }

  /**
   * Does something with the queue; again, as long as it is away.
   *
   * @throws {Error} What is no matter of the connection.
   * @throws {Stopped} If it is away and waiting was ended.
   */
  async use<T>(work: (boss: PgBoss) => Promise<T>): Promise<T> {
    for (;;) {
      const used = this.#connection;
      try {
        const done = await work(used.boss);
        this.#tell(null);
        return done;
      } catch (error) {
        const away = absence(error);
        if (away === null) throw error;
        this.#tell(away);
        if (this.#options.signal?.aborted) {
          throw new Stopped(
            `Stopped; ${nameOf(this.#place)} is away, and jobs at work go to others`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        if (this.#place.kind === "folder") await this.#renew(used);
      }
    }
  }

  /** Rows of a query. */
  async rows(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return await this.use(async (boss) => (await boss.getDb().executeSql(text, [...values])).rows);
  }

  /** Does what belongs together, all or nothing. */
  async transaction<T>(work: (boss: PgBoss, db: Db) => Promise<T>): Promise<T> {
    return await this.use(async (boss) => {
      const transaction = await boss.getDb().beginTransaction!();
      try {
        const done = await work(boss, transaction.db);
        await transaction.commit();
        return done;
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
    });
  }

  /** Closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#renewal;
    await close(this.#connection);
  }

  /** Says once that a server is away, and once that it is back. */
  #tell(away: string | null): void {
    if (this.#place.kind === "folder" || this.#isAway === (away !== null)) return;
    this.#isAway = away !== null;
    const what = this.#isAway ? `is away (${away}); waiting for it` : "is back";
    say(`${this.#place.name} ${what}`, "stderr");
  }

  /** The holder of the folder is gone: another one is found, or this process becomes it. */
  async #renew(used: Connection): Promise<void> {
    if (this.#connection !== used) return;
    this.#renewal ??= (async () => {
      await close(used);
      this.#connection = await connect(this.#place, this.#options);
    })().finally(() => this.#renewal = null);
    await this.#renewal;
  }
}

/** The jobs that a command has changed: those whose attempt was still the one that it named. */
export function settledBy(response: CommandResponse): string[] {
  return (response as { settled?: string[] }).settled ?? [];
}

async function connect(place: QueuePlace, options: QueueOptions): Promise<Connection> {
  const { PgBoss } = await loadPackage<typeof import("pg-boss")>("pg-boss");
  const start = async (address: object) => {
    const boss = new PgBoss({
      ...address,
      ...{ query_timeout: UNANSWERED_MS, keepAlive: true },
      max: CONNECTIONS,
      application_name: "p2p-sweep",
      // What needs permissions, or is not used.
      registerInstance: false,
      schedule: false,
      supervise: options.supervise,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
    });
    // What goes wrong in the background is seen by the next question as well.
    boss.on("error", () => {});
    try {
      await boss.start();
      await boss.getDb().executeSql(TABLES);
      return boss;
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => {});
      throw error;
    }
  };
  if (place.kind === "server") {
    try {
      return { boss: await start({ connectionString: place.address }), folder: null };
    } catch (error) {
      throw inWords(error, place);
    }
  }
  const until = performance.now() + HANDOVER_MS;
  for (;;) {
    const folder = await openFolder(place.folder);
    try {
      if (folder !== null) return { boss: await start(folder.address), folder };
    } catch (error) {
      await folder?.[Symbol.asyncDispose]();
      if (absence(error) === null) throw error;
    }
    if (performance.now() > until || options.signal?.aborted) {
      throw new Error(
        `${place.folder} is held by a process that does not answer; end it, or choose another folder`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function close({ boss, folder }: Connection): Promise<void> {
  await boss.stop({ graceful: false }).catch(() => {});
  await folder?.[Symbol.asyncDispose]();
}

function nameOf(place: QueuePlace): string {
  return place.kind === "server" ? place.name : place.folder;
}

/** Errors of the system, and classes and codes of PostgreSQL, that pass when a server is back. */
const PASSING =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08...|57P0[1-3])$/;
const PASSING_WORDS =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|not queryable|Database not opened|Connection ended|ECONNREFUSED|too many connections/;

/** Why a queue cannot be reached at the moment; `null` if that is not what is wrong. */
function absence(error: unknown): string | null {
  const { code, message, errors } = error as {
    code?: string;
    message?: string;
    errors?: readonly Error[];
  };
  if (errors?.length) return absence(errors[0]);
  if (code !== undefined && PASSING.test(code)) return code;
  return PASSING_WORDS.test(message ?? "") ? shown(message!, 100) : null;
}

/** What a server answers, with what to do. */
function inWords(error: unknown, { name, user, database }: QueuePlace & { kind: "server" }): Error {
  const { code } = error as { code?: string };
  const message = shown(withoutPassword((error as Error).message), 200);
  if (code === "28P01" || code === "28000" || /password must be a string|SASL/.test(message)) {
    return new Error(
      `the queue at ${name} refuses the user ${
        user || "that is not named"
      }: name and password in ` +
        "--queue must be those of a user of that server",
    );
  }
  if (code === "3D000") {
    return new Error(`there is no database ${database} at ${name}; make it with createdb`);
  }
  if (code === "42501") {
    return new Error(
      `the user ${user} may make no tables at ${name} (${message}); let the owner of the database ` +
        `grant create on database ${database} to ${user}`,
    );
  }
  const away = absence(error);
  if (away === null) return new Error(`the queue at ${name} does not work: ${message}`);
  return new Error(
    `cannot reach the queue at ${name} (${away}); is the server running, and are host and port right?`,
  );
}
