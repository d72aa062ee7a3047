/** What the files in a folder and below come to. */
export async function bytesIn(folder: URL): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const place = new URL(encodeURIComponent(name), folder);
    if (isDirectory) bytes += await bytesIn(new URL(`${place.href}/`));
    if (isFile) bytes += (await Deno.stat(place)).size;
  }
  return bytes;
}
