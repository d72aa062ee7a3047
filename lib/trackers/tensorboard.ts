/**
 * Event files of TensorBoard, in `tensorboard/` of a run's folder: `tensorboard --logdir runs` shows
 * them. A file is a chain of records, each its length, its bytes, and a masked CRC-32C of either.
 *
 * @module
 */

import { makeFolder } from "../disk/whole_files.ts";
import { type Encode, protobuf } from "../programs/protobuf.ts";
import { leavesOf, type Numbers, type TrackedRun, type Tracker } from "./tracker.ts";

const SCHEMA = `syntax = "proto3";
message Event {
  double wall_time = 1;
  int64 step = 2;
  oneof what { string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
}
message SessionLog { int32 status = 1; }
message Summary { repeated Value value = 1; }
message Value {
  string tag = 1;
  SummaryMetadata metadata = 9;
  oneof value { float simple_value = 2; TensorProto tensor = 8; }
}
message SummaryMetadata { PluginData plugin_data = 1; }
message PluginData { string plugin_name = 1; }
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; repeated bytes string_val = 8; }
message TensorShapeProto { repeated Dim dim = 2; }
message Dim { int64 size = 1; }`;

/** Of a session that goes on from a step: what was there beyond it counts no more. */
const START = 1;
/** The data type of texts. */
const STRING = 7;

/**
 * Begins an event file.
 *
 * @throws {Error} If it cannot be written, or the package that encodes it cannot be fetched.
 */
export async function tensorboard(run: TrackedRun): Promise<Tracker> {
  const encode = (await protobuf(SCHEMA))("Event");
  const folder = `${run.folder}/tensorboard`;
  await makeFolder(folder);
  const began = Math.floor(run.now());
  const name = `events.out.tfevents.${String(Math.floor(began / 1000)).padStart(10, "0")}.${began}`;
  const file = await Deno.open(`${folder}/${name}`, { write: true, create: true, truncate: true });
  const write = (step: number, what: object) =>
    writeAll(file, record(eventOf(encode, run.now(), step, what)));
  const scalars = (numbers: Numbers, group: string) =>
    Object.entries(numbers).map(([tag, value]) => ({
      tag: `${group}/${tag}`,
      simple_value: value,
    }));

  await write(run.from, { file_version: "brain.Event:2" });
  await write(run.from, { session_log: { status: START } });
  await write(run.from, {
    summary: { value: [text("configuration", tableOf(run.configuration))] },
  });
  return {
    log: (timesteps, metrics) =>
      write(timesteps, { summary: { value: scalars(metrics, "train") } }),
    judge: (timesteps, policies) =>
      write(timesteps, {
        summary: {
          value: Object.entries(policies).flatMap(([name, numbers]) =>
            scalars(numbers, `test/${name}`)
          ),
        },
      }),
    async end() {
      await file.sync();
      file.close();
    },
  };
}

function eventOf(encode: Encode, nowMs: number, step: number, what: object) {
  return encode({ wall_time: nowMs / 1000, step, ...what });
}

/** A text, which TensorBoard reads as Markdown. */
function text(tag: string, content: string) {
  return {
    tag,
    metadata: { plugin_data: { plugin_name: "text" } },
    tensor: {
      dtype: STRING,
      tensor_shape: { dim: [{ size: 1 }] },
      string_val: [new TextEncoder().encode(content)],
    },
  };
}

function tableOf(configuration: object): string {
  const rows = Object.entries(leavesOf(configuration))
    .map(([path, value]) => `| ${path} | ${JSON.stringify(value)} |`);
  return ["| field | value |", "| --- | --- |", ...rows].join("\n");
}

function record(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return bytes;
}

/** A checksum of data that hold checksums themselves is rotated and moved. */
function masked(checksum: number): number {
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0x82f63b78 : 0);
  return value >>> 0;
});

/** CRC-32C (Castagnoli), as RFC 3720 has it. */
function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** Writes all bytes of a record. */
async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
