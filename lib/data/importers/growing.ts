/**
 * A typed array that grows by what is pushed to it.
 *
 * @module
 */

type Numbers = Uint32Array | Float64Array;
type Maker<T extends Numbers> = new (length: number) => T;

/** Numbers that are not counted beforehand. */
export class Growing<T extends Numbers> {
  /** How many there are. */
  length = 0;
  #array: T;
  readonly #maker: Maker<T>;

  /** Empty, of a kind of array. */
  constructor(maker: Maker<T>) {
    this.#maker = maker;
    this.#array = new maker(1024);
  }

  /** Adds a number. */
  push(value: number): void {
    if (this.length === this.#array.length) {
      const longer = new this.#maker(Math.ceil(1.5 * this.length));
      longer.set(this.#array as never);
      this.#array = longer;
    }
    this.#array[this.length++] = value;
  }

  /** All of them. */
  whole(): T {
    return this.#array.subarray(0, this.length) as T;
  }
}
