/**
 * Messages of Protocol Buffers, for files and programs that others define.
 *
 * @module
 */

import { loadPackage } from "../packages.ts";

/** Writes a message by its fields. */
export type Encode = (message: Readonly<Record<string, unknown>>) => Uint8Array<ArrayBuffer>;

/** The part of protobufjs that is used. */
interface Protobuf {
  parse(schema: string, options: { readonly keepCase: boolean }): {
    readonly root: {
      lookupType(name: string): {
        fromObject(message: Readonly<Record<string, unknown>>): object;
        encode(message: object): { finish(): Uint8Array };
      };
    };
  };
}

/**
 * Prepares messages.
 *
 * @param schema In the language of Protocol Buffers; fields that are never written may be left out.
 * @throws {Error} If the package that encodes them cannot be fetched.
 *
 * @example
 * ```ts
 * import { protobuf } from "./protobuf.ts";
 * const encoder = await protobuf('syntax = "proto3"; message Price { double value = 1; }');
 * if (encoder("Price")({ value: 2 }).length !== 9) throw new Error("a tag and a double");
 * ```
 */
export async function protobuf(schema: string): Promise<(type: string) => Encode> {
  const module = await loadPackage<{ readonly default: Protobuf }>("protobufjs");
  const { root } = module.default.parse(schema, { keepCase: true });
  return (name) => {
    const type = root.lookupType(name);
    return (message) => new Uint8Array(type.encode(type.fromObject(message)).finish());
  };
}
