export function measureSizes(_: unknown): Promise<{ violations: number }[]> {
  return Promise.resolve([]);
}
export function sizeRows(_: unknown): string[][] {
  return [];
}
