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

/** Sets attributes, those only that change: what does not is not drawn again. */
export function setAttributes(
  element: Element,
  attributes: Readonly<Record<string, string | number>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
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
  choices: readonly { readonly name: string; readonly label: string; readonly title?: string }[],
): void {
  const key = JSON.stringify(choices);
  if (select.dataset.choices === key) return;
  const chosen = select.value;
  select.dataset.choices = key;
  select.replaceChildren(
    ...choices.map(({ name, label, title }) =>
      html("option", { value: name, ...(title !== undefined && { title }) }, label)
    ),
  );
  if (choices.some(({ name }) => name === chosen)) select.value = chosen;
}

const formats = [0, 1, 2, 3].map((decimals) =>
  new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
);

/** A number with 0 to 3 decimals and a true minus sign. */
export function decimal(value: number, decimals: 0 | 1 | 2 | 3): string {
  const text = formats[decimals].format(Math.abs(value));
  return Number(value.toFixed(decimals)) < 0 ? `−${text}` : text;
}

/** What went wrong, as a sentence; what there is to choose from stands in the lists of the page. */
export function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = message.replace(
    / must be one of .{60,}, got /,
    " must be one of those in the list, got ",
  );
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

const widths = new Map<Element, number>();

const resized = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) widths.set(target, Math.round(contentRect.width));
  dispatchEvent(new Event("resized"));
});

/** Width inside an element, known without asking for a new layout. [px] */
export function widthOf(element: HTMLElement): number {
  const known = widths.get(element);
  if (known !== undefined) return known;
  widths.set(element, element.clientWidth);
  resized.observe(element);
  return element.clientWidth;
}
