/**
 * Files that are dropped onto the page: a trained model or a data set as JSON is played with, anything
 * else is said to be none.
 *
 * @module
 */

/// <reference lib="dom" />

/** The largest file that is taken. [bytes] */
const LARGEST = 64 * 2 ** 20;

/** Takes files that are dropped; `offer` is given name and text of the first. */
export function connectDrop(
  offer: (name: string, text: string) => void,
  tell: (message: string) => void,
): void {
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return tell("Nothing that is a file was dropped.");
    if (file.size > LARGEST) {
      return tell(`${file.name} is too large: ${LARGEST / 2 ** 20} MB at most are taken.`);
    }
    try {
      offer(file.name, await file.text());
    } catch {
      tell(`${file.name} cannot be read; is it a folder?`);
    }
  });
}
