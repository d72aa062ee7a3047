/**
 * What a page and the Worker that plays for it say to each other. Types only.
 *
 * @module
 */

import type { Command, Opening } from "./session.ts";

/** What the page asks for; each request has an answer of the same `id`. */
export type PageRequest = { readonly id: number } & PageQuestion;

/** A request without its number. */
export type PageQuestion =
  | {
    readonly kind: "contents";
    readonly text: string;
    /** The binary of the solver; `null` in a page without planners. */
    readonly solver: Uint8Array<ArrayBuffer> | null;
  }
  | { readonly kind: "open"; readonly opening: Opening }
  | { readonly kind: "command"; readonly run: string; readonly command: Command }
  | { readonly kind: "look"; readonly run: string; readonly step: number }
  | { readonly kind: "offer"; readonly file: string; readonly text: string }
  | { readonly kind: "take"; readonly run: string; readonly file: string }
  | {
    readonly kind: "listen";
    readonly stream: number;
    readonly run: string;
    readonly home: number | null;
  }
  | { readonly kind: "next" | "cancel"; readonly stream: number };

/** What the Worker answers. */
export type PageReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };
