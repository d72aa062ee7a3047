/**
 * A run of Weights & Biases as that package keeps it offline, in `wandb/` of a run's folder:
 * `wandb sync runs/…/wandb/offline-run-…` sends it. A file is a header and records in the log format
 * of LevelDB: blocks of 32 KiB, in which a record is whole, or a first, middle and last part, each
 * behind a CRC-32, its length and which part it is.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { makeFolder } from "../disk/whole_files.ts";
import { protobuf } from "../programs/protobuf.ts";
import { type Numbers, PROJECT, type TrackedRun, type Tracker } from "./tracker.ts";

const SCHEMA = `syntax = "proto3";
message Record {
  int64 num = 1;
  HistoryRecord history = 2;
  SummaryRecord summary = 3;
  RunRecord run = 17;
  RunExitRecord exit = 18;
  HeaderRecord header = 21;
}
message HeaderRecord { VersionInfo version_info = 1; }
message VersionInfo { string producer = 1; string min_consumer = 2; }
message RunRecord {
  string run_id = 1;
  string project = 3;
  ConfigRecord config = 4;
  string display_name = 8;
  Timestamp start_time = 17;
}
message Timestamp { int64 seconds = 1; int32 nanos = 2; }
message ConfigRecord { repeated Item update = 1; }
message HistoryRecord { repeated Item item = 1; HistoryStep step = 2; }
message HistoryStep { int64 num = 1; }
message SummaryRecord { repeated Item update = 1; }
message Item { string key = 1; repeated string nested_key = 2; string value_json = 16; }
message RunExitRecord { int32 exit_code = 1; }`;

const HEADER = [...new TextEncoder().encode(":W&B"), 0xe1, 0xbe, 0];
const BLOCK_BYTES = 32_768, PART_HEADER_BYTES = 7;
const WHOLE = 1, FIRST = 2, MIDDLE = 3, LAST = 4;

/**
 * Begins the file.
 *
 * @throws {Error} If it cannot be written, or the package that encodes it cannot be fetched.
 */
export async function wandbOffline(run: TrackedRun): Promise<Tracker> {
  const encode = (await protobuf(SCHEMA))("Record");
  const began = Math.floor(run.now());
  const id = `p2p${began.toString(36)}`;
  const stamp = new Date(began).toISOString().replaceAll(/[-:]/g, "").replace("T", "_").slice(
    0,
    15,
  );
  const folder = `${run.folder}/wandb/offline-run-${stamp}-${id}`;
  await makeFolder(folder);
  const file = await Deno.open(`${folder}/run-${id}.wandb`, { write: true, createNew: true });
  let written = 0, count = 0;
  const put = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    written += bytes.length;
  };
  const write = async (what: object) => {
    await put(inBlocks(encode({ num: ++count, ...what }), written));
  };

  await put(Uint8Array.from(HEADER));
  await write({ header: { version_info: { producer: "@energy-lab/p2p", min_consumer: "0.0.0" } } });
  await write({
    run: {
      run_id: id,
      project: PROJECT,
      display_name: run.name,
      config: { update: itemsOf(run.configuration) },
      start_time: { seconds: Math.floor(began / 1000) },
    },
  });
  const seconds = () => ({ _timestamp: run.now() / 1000, _runtime: (run.now() - began) / 1000 });
  return {
    async log(timesteps, metrics) {
      const row = { ...metrics, _step: timesteps, ...seconds() };
      await write({ history: { item: itemsOf(row), step: { num: timesteps } } });
      await write({ summary: { update: itemsOf(row) } });
    },
    async judge(_, policies) {
      const all: Record<string, Numbers> = {};
      for (const [name, numbers] of Object.entries(policies)) all[`test/${name}`] = numbers;
      await write({ summary: { update: itemsOf(all) } });
    },
    async end(outcome) {
      await write({ exit: { exit_code: outcome === "finished" ? 0 : 1 } });
      await file.sync();
      file.close();
    },
  };
}

function itemsOf(values: object) {
  return Object.entries(values).map(([key, value]) => ({ key, value_json: JSON.stringify(value) }));
}

/** A record in parts that begin at a place in the file. */
function inBlocks(data: Uint8Array, from: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0, place = from;
  do {
    let room = BLOCK_BYTES - place % BLOCK_BYTES;
    if (room < PART_HEADER_BYTES) {
      parts.push(new Uint8Array(room));
      place += room;
      room = BLOCK_BYTES;
    }
    const part = data.subarray(at, at + room - PART_HEADER_BYTES);
    const isFirst = at === 0, isLast = at + part.length === data.length;
    const bytes = new Uint8Array(PART_HEADER_BYTES + part.length);
    bytes[6] = isFirst ? (isLast ? WHOLE : FIRST) : isLast ? LAST : MIDDLE;
    bytes.set(part, PART_HEADER_BYTES);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, crc32(bytes.subarray(6)), true);
    view.setUint16(4, part.length, true);
    parts.push(bytes);
    at += part.length;
    place += bytes.length;
  } while (at < data.length);
  const all = new Uint8Array(place - from);
  let to = 0;
  for (const part of parts) {
    all.set(part, to);
    to += part.length;
  }
  return all;
}
