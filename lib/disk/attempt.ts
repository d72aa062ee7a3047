/**
 * What goes wrong with a disk, in one line: a full one, a folder that may not be written in, a file
 * in the place of a folder.
 *
 * @module
 */

/**
 * Does what touches the disk.
 *
 * @param what Completes "cannot …", such as `write runs/a/config.json`.
 * @throws {Error} In one line that names what, why and the remedy.
 */
export async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: string };
    const reason = message.replace(/: \w+ '.*$/s, "");
    throw new Error(`cannot ${what}: ${reason}; ${remedyFor(code, message)}`, { cause: error });
  }
}

function remedyFor(code: string | undefined, message: string): string {
  if (code === "ENOSPC" || code === "EDQUOT" || /No space left|quota/i.test(message)) {
    return "free some space, or choose another folder; what was there is unchanged";
  }
  if (/File too large/i.test(message)) {
    return "raise the limit of this shell (ulimit -f); what was there is unchanged";
  }
  if (code === "EROFS" || code === "EACCES" || code === "EPERM") {
    return "choose a folder that you may write in";
  }
  if (["EEXIST", "ENOTDIR", "EISDIR"].includes(code ?? "")) {
    return "a file is where a folder is needed, or the reverse; choose another folder";
  }
  return "choose another folder";
}
