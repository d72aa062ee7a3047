/** A folder in which nobody may write. */

/** Whether such a folder can be made: for root, who may write everywhere, by mounting it. */
export const canBeReadOnly: boolean = Deno.build.os !== "windows" &&
  (Deno.uid() !== 0 || await mountsSmallDisks());

/** Makes a folder read-only while `work` is done. */
export async function readOnly(folder: string, work: () => Promise<void>): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  if (Deno.uid() !== 0) {
    await Deno.chmod(folder, 0o555);
    return await work().finally(() => Deno.chmod(folder, 0o755));
  }
  await command("mount", "-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", folder);
  await work().finally(() => command("umount", folder));
}

async function mountsSmallDisks(): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  try {
    if (!await command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder)) return false;
    return await command("umount", folder);
  } finally {
    await Deno.remove(folder);
  }
}

async function command(name: string, ...args: string[]): Promise<boolean> {
  return await new Deno.Command(name, { args, stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}
