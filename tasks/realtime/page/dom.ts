/**
 * Small helpers for the page's document.
 *
 * @module
 */

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

const SVG = "http://www.w3.org/2000/svg";

/** The element with this id; the page has it. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

/** Writes a text only if it is another one: what does not change is not laid out again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets attributes. */
export function setAttributes(
  element: Element,
  attributes: Readonly<Record<string, string | number>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
}

/** Makes an element of HTML with a text. */
export function html<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>> = {},
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  setAttributes(element, attributes);
  element.textContent = text;
  return element;
}

/** Makes an element of SVG with a text. */
export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>> = {},
  text = "",
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  setAttributes(element, attributes);
  if (text !== "") element.textContent = text;
  return element;
}

/** Fills a list of choices, keeping what is chosen. */
export function fillSelect(
  select: HTMLSelectElement,
  choices: readonly { readonly name: string; readonly label: string }[],
): void {
  const key = JSON.stringify(choices);
  if (select.dataset.choices === key) return;
  const chosen = select.value;
  select.dataset.choices = key;
  select.replaceChildren(
    ...choices.map(({ name, label }) => html("option", { value: name }, label)),
  );
  if (choices.some(({ name }) => name === chosen)) select.value = chosen;
}

/** A number with so many decimals and a true minus sign. */
export function decimal(value: number, decimals: number): string {
  const text = Math.abs(value).toLocaleString("en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return Number(value.toFixed(decimals)) < 0 ? `−${text}` : text;
}
