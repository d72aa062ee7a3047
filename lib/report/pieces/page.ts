/**
 * Brings the live pieces of a page to life: what stood there as a picture gets its controls, and is
 * drawn anew as they are dragged. Nothing is computed before something is touched.
 *
 * @module
 */

/// <reference lib="dom" />

import { drawFigure, type SvgDocument } from "../draw.ts";
import { FIGURE_WIDTH, NARROW_FIGURE_WIDTH } from "../figure.ts";
import type { PieceReply, PieceRequest } from "./messages.ts";
import { type Control, firstValues, inUnits, type Piece, type Values } from "./piece.ts";
import { pieceNamed } from "./pieces.ts";

/** Narrower figures stand on top of each other. [px] */
const PHONE = 480;

type Listener = (reply: PieceReply) => void;

/** Sends requests to the Worker, which starts with the first of them. */
function connect(engine: string): (request: Omit<PieceRequest, "id">, listener: Listener) => void {
  const listeners = new Map<string, { readonly id: number; readonly listener: Listener }>();
  let worker: Worker | null = null;
  let asked = 0;
  const start = () => {
    const made = new Worker(engine);
    made.onmessage = ({ data }: MessageEvent<PieceReply>) => {
      for (const { id, listener } of listeners.values()) if (id === data.id) listener(data);
    };
    made.onerror = ({ message }) => {
      for (const { id, listener } of listeners.values()) listener({ id, error: message });
    };
    return made;
  };
  return (request, listener) => {
    const id = ++asked;
    listeners.set(request.piece, { id, listener });
    worker ??= start();
    worker.postMessage({ id, ...request });
  };
}

/**
 * Brings all pieces of the page to life.
 *
 * @param engine Address of the script for the Worker.
 */
export function enlivenPage(engine: string): void {
  const send = connect(engine);
  for (const place of document.querySelectorAll<HTMLElement>("[data-piece]")) {
    enliven(place, pieceNamed(place.dataset.piece!), send);
  }
}

function enliven(
  place: HTMLElement,
  piece: Piece<unknown>,
  send: ReturnType<typeof connect>,
): void {
  const values: Record<string, number> = { ...firstValues(piece) };
  const status = element("p", { className: "status" });
  status.setAttribute("role", "status");
  const form = element("form", { className: "controls" });
  form.onsubmit = (event) => event.preventDefault();
  const button = piece.start === undefined
    ? null
    : element("button", { textContent: piece.start, type: "submit" });
  let busy = false, again = false;

  const request = () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    const asked: Values = { ...values };
    status.textContent = "Computing …";
    if (button !== null) button.textContent = "Stop";
    send({ piece: piece.name, values: asked }, (reply) => {
      if ("data" in reply) return draw(place, piece, reply.data, asked);
      status.textContent = "error" in reply ? `It could not be computed: ${reply.error}` : "";
      settle();
    });
  };
  const settle = () => {
    busy = false;
    if (button !== null) button.textContent = piece.start!;
    if (again) {
      again = false;
      request();
    }
  };
  for (const control of piece.controls) {
    form.append(slider(control, (value) => {
      values[control.name] = value;
      if (button === null) request();
    }));
  }
  if (button !== null) {
    form.append(button);
    form.onsubmit = (event) => {
      event.preventDefault();
      if (!busy) return request();
      send({ piece: piece.name, values: null }, () => {});
      status.textContent = "Stopped.";
      settle();
    };
  }
  place.prepend(form);
  place.append(status);
}

/** A range with its label before and its number behind it. */
function slider(control: Control, changed: (value: number) => void): HTMLElement {
  const { label, min, max, step, value } = control;
  const output = element("output", { textContent: inUnits(control, value) });
  const input = element("input", { type: "range" });
  Object.assign(input, { min, max, step, value });
  input.setAttribute("aria-valuetext", inUnits(control, value));
  input.oninput = () => {
    const text = inUnits(control, input.valueAsNumber);
    output.textContent = text;
    input.setAttribute("aria-valuetext", text);
    changed(input.valueAsNumber);
  };
  const row = element("label", {});
  row.append(element("span", { textContent: label }), input, output);
  return row;
}

/** Draws the answer in the place of the picture; its title is read out. */
function draw(place: HTMLElement, piece: Piece<unknown>, data: unknown, values: Values): void {
  const figure = place.querySelector("figure")!;
  const width = figure.clientWidth < PHONE ? NARROW_FIGURE_WIDTH : FIGURE_WIDTH;
  const answer = piece.figure(data, values);
  const drawing = drawFigure(answer, document as unknown as SvgDocument, { width });
  const holder = element("div", {});
  holder.append(drawing as unknown as Node);
  figure.replaceChildren(holder);
  place.dataset.answered = String(Number(place.dataset.answered ?? 0) + 1);
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), properties);
}
