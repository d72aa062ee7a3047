/**
 * What became of a case, and what counts as broken.
 *
 * @module
 */

/** How a case ended. */
export interface Verdict {
  /** `accepted`, `refused` in one clear line, or `broken`. */
  readonly outcome: "accepted" | "refused" | "broken";
  /** The line, or what is wrong. */
  readonly message: string;
}

const LONGEST_LINE = 700;

/** What V8 says when something runs over, rather than a reader about a file. */
const RUN_OVER =
  /call stack|array length|buffer allocation|typed array|string length|undefined|null \(/;

/** A reader's error: one clear line that names the file, or a defect. */
export function verdictOfError(error: unknown, names: readonly string[]): Verdict {
  if (!(error instanceof Error)) return broken(`threw ${String(error)}`);
  const { message, stack } = error;
  const fault = lineFault(message, names) ??
    (error instanceof TypeError || error instanceof ReferenceError ? "a defect" : null);
  return fault === null
    ? { outcome: "refused", message }
    : broken(`${fault}: ${message.slice(0, 300)} ${stack?.split("\n").slice(1, 5).join(" ")}`);
}

/** What a task that has ended says of its files. */
export function verdictOfTask(code: number, stderr: string, names: readonly string[]): Verdict {
  const isProgress = (line: string) => /steps|\d+ ?%|left/.test(line) && !/^error/.test(line);
  const errors = stderr.split("\n").filter((line) => line !== "" && !isProgress(line));
  if (code === 0 && errors.length === 0) return { outcome: "accepted", message: "" };
  if (code !== 1 || errors.length !== 1 || !errors[0].startsWith("error: ")) {
    return broken(`exit code ${code}: ${errors.join(" | ").slice(0, 500)}`);
  }
  const fault = lineFault(errors[0], names);
  return fault === null ? { outcome: "refused", message: "" } : broken(`${fault}: ${errors[0]}`);
}

/** What is wrong with an error line; `null` if nothing is. */
export function lineFault(line: string, names: readonly string[]): string | null {
  if (/\p{Cc}/u.test(line)) return "control characters or several lines";
  if (line.length > LONGEST_LINE) return `a line of ${line.length} characters`;
  if (RUN_OVER.test(line)) return "says what ran over, not what is wrong with the file";
  return names.some((name) => line.includes(name)) ? null : `names none of ${names.join(", ")}`;
}

/** A verdict of broken. */
export function broken(message: string): Verdict {
  return { outcome: "broken", message };
}
