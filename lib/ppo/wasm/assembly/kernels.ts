/**
 * Kernels for small multilayer perceptrons, in AssemblyScript: products on tiles of 4 × 8 numbers
 * that stay in registers, and what comes between them. `tools/build_kernels.ts` compiles this file
 * into `../binary.ts`.
 *
 * Every sum has one fixed order and no relaxed instruction is used: the same numbers everywhere.
 * Matrices are row-major; a stride is the bytes from one row to the next. Counts of rows and widths
 * are multiples of 4, except where a kernel says otherwise; what fills up is zero. *Panels* hold a
 * matrix [inner × width] as blocks of 8 columns, [width/8][inner][8], and where 4 columns are left
 * over a last one of these, [inner][4]: a layer of one or two outputs costs half a tile.
 */

// Constants that the compiler would build anew in every pass of a loop are loaded before it.
const numbers = memory.data<f32>([
  2.8853900817779268, // 2/ln 2
  30,
  -30,
  12582912, // 1.5 × 2²³: what is added to it is rounded to a whole number
  1,
  2,
  // Powers of f in 2ᶠ on [−½, ½] after 1, by minimax: relative error 9e-8.
  0.693146977595087,
  0.24022242077088746,
  0.055507337445061235,
  0.009671513183240818,
  0.0013264728762188423,
]);

/** The first address that the kernels leave to their callers. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * y = start + x · panels. The rows of `start` are `startStride` apart: 0 begins every row with the
 * same numbers, and y itself may be its own start. `scratch` has room for 4 × inner numbers.
 *
 * Of four rows a whole column is read at once, since what limits the inner loop beside arithmetic is
 * the number of loads: this runtime checks the bounds of each.
 */
export function dense(
  x: usize,
  xStride: usize,
  rows: i32,
  inner: i32,
  panels: usize,
  width: i32,
  start: usize,
  startStride: usize,
  y: usize,
  yStride: usize,
  scratch: usize,
): void {
  for (let row = 0; row < rows; row += 4) {
    transposeFourRows(x, xStride, inner, scratch);
    let panel = panels;
    let j: usize = 0;
    for (; j + 32 <= <usize> width << 2; j += 32) {
      let begin = start + j;
      let c00 = v128.load(begin), c01 = v128.load(begin, 16);
      begin += startStride;
      let c10 = v128.load(begin), c11 = v128.load(begin, 16);
      begin += startStride;
      let c20 = v128.load(begin), c21 = v128.load(begin, 16);
      begin += startStride;
      let c30 = v128.load(begin), c31 = v128.load(begin, 16);
      let a = scratch, b = panel;
      const end = panel + (<usize> inner << 5);
      while (b < end) {
        const column = v128.load(a), b0 = v128.load(b), b1 = v128.load(b, 16);
        let factor = v128.shuffle<i32>(column, column, 0, 0, 0, 0);
        c00 = f32x4.add(c00, f32x4.mul(factor, b0));
        c01 = f32x4.add(c01, f32x4.mul(factor, b1));
        factor = v128.shuffle<i32>(column, column, 1, 1, 1, 1);
        c10 = f32x4.add(c10, f32x4.mul(factor, b0));
        c11 = f32x4.add(c11, f32x4.mul(factor, b1));
        factor = v128.shuffle<i32>(column, column, 2, 2, 2, 2);
        c20 = f32x4.add(c20, f32x4.mul(factor, b0));
        c21 = f32x4.add(c21, f32x4.mul(factor, b1));
        factor = v128.shuffle<i32>(column, column, 3, 3, 3, 3);
        c30 = f32x4.add(c30, f32x4.mul(factor, b0));
        c31 = f32x4.add(c31, f32x4.mul(factor, b1));
        a += 16;
        b += 32;
      }
      storeTile(y + j, yStride, c00, c01, c10, c11, c20, c21, c30, c31);
      panel = end;
    }
    if (width & 4) denseHalf(scratch, inner, panel, start + j, startStride, y + j, yStride);
    x += xStride << 2;
    y += yStride << 2;
    start += startStride << 2;
  }
}

/** What {@linkcode dense} does, for four rows as [inner][4] and the last 4 columns. */
function denseHalf(
  a: usize,
  inner: i32,
  panel: usize,
  start: usize,
  startStride: usize,
  y: usize,
  yStride: usize,
): void {
  let c0 = v128.load(start), c1 = v128.load(start + startStride);
  let c2 = v128.load(start + 2 * startStride), c3 = v128.load(start + 3 * startStride);
  const end = panel + (<usize> inner << 4);
  for (; panel < end; panel += 16, a += 16) {
    const column = v128.load(a), b = v128.load(panel);
    c0 = f32x4.add(c0, f32x4.mul(v128.shuffle<i32>(column, column, 0, 0, 0, 0), b));
    c1 = f32x4.add(c1, f32x4.mul(v128.shuffle<i32>(column, column, 1, 1, 1, 1), b));
    c2 = f32x4.add(c2, f32x4.mul(v128.shuffle<i32>(column, column, 2, 2, 2, 2), b));
    c3 = f32x4.add(c3, f32x4.mul(v128.shuffle<i32>(column, column, 3, 3, 3, 3), b));
  }
  storeHalfTile(y, yStride, c0, c1, c2, c3);
}

function storeHalfTile(to: usize, stride: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  v128.store(to, c0);
  v128.store(to + stride, c1);
  v128.store(to + 2 * stride, c2);
  v128.store(to + 3 * stride, c3);
}

/** Writes four rows as [width][4]. */
function transposeFourRows(x: usize, stride: usize, width: i32, to: usize): void {
  const end = x + (<usize> width << 2);
  const second = x + stride, third = second + stride, fourth = third + stride;
  for (let offset: usize = 0; x + offset < end; offset += 16) {
    const r0 = v128.load(x + offset), r1 = v128.load(second + offset);
    const r2 = v128.load(third + offset), r3 = v128.load(fourth + offset);
    const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
    const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
    const high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
    v128.store(to, v128.shuffle<i64>(low01, low23, 1, 3), 16);
    v128.store(to, v128.shuffle<i64>(high01, high23, 0, 2), 32);
    v128.store(to, v128.shuffle<i64>(high01, high23, 1, 3), 48);
    to += 64;
  }
}

/** out = xᵀ · d, [inner × width]. */
export function weightGradient(
  x: usize,
  xStride: usize,
  d: usize,
  dStride: usize,
  rows: i32,
  inner: i32,
  width: i32,
  out: usize,
): void {
  const outStride = <usize> width << 2;
  for (let k = 0; k < inner; k += 4) {
    let j: usize = 0;
    for (; j + 32 <= outStride; j += 32) {
      const zero = f32x4.splat(0);
      let c00 = zero, c10 = zero, c20 = zero, c30 = zero;
      let c01 = zero, c11 = zero, c21 = zero, c31 = zero;
      let a = x, b = d + j;
      const end = a + <usize> rows * xStride;
      while (a < end) {
        const four = v128.load(a), b0 = v128.load(b), b1 = v128.load(b, 16);
        let factor = v128.shuffle<i32>(four, four, 0, 0, 0, 0);
        c00 = f32x4.add(c00, f32x4.mul(factor, b0));
        c01 = f32x4.add(c01, f32x4.mul(factor, b1));
        factor = v128.shuffle<i32>(four, four, 1, 1, 1, 1);
        c10 = f32x4.add(c10, f32x4.mul(factor, b0));
        c11 = f32x4.add(c11, f32x4.mul(factor, b1));
        factor = v128.shuffle<i32>(four, four, 2, 2, 2, 2);
        c20 = f32x4.add(c20, f32x4.mul(factor, b0));
        c21 = f32x4.add(c21, f32x4.mul(factor, b1));
        factor = v128.shuffle<i32>(four, four, 3, 3, 3, 3);
        c30 = f32x4.add(c30, f32x4.mul(factor, b0));
        c31 = f32x4.add(c31, f32x4.mul(factor, b1));
        a += xStride;
        b += dStride;
      }
      storeTile(out + j, outStride, c00, c01, c10, c11, c20, c21, c30, c31);
    }
    if (width & 4) gradientHalf(x, xStride, d + j, dStride, rows, out + j, outStride);
    x += 16;
    out += outStride << 2;
  }
}

/** What {@linkcode weightGradient} does, for 4 × 4 numbers. */
function gradientHalf(
  x: usize,
  xStride: usize,
  d: usize,
  dStride: usize,
  rows: i32,
  out: usize,
  outStride: usize,
): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  const end = x + <usize> rows * xStride;
  for (; x < end; x += xStride, d += dStride) {
    const four = v128.load(x), b = v128.load(d);
    c0 = f32x4.add(c0, f32x4.mul(v128.shuffle<i32>(four, four, 0, 0, 0, 0), b));
    c1 = f32x4.add(c1, f32x4.mul(v128.shuffle<i32>(four, four, 1, 1, 1, 1), b));
    c2 = f32x4.add(c2, f32x4.mul(v128.shuffle<i32>(four, four, 2, 2, 2, 2), b));
    c3 = f32x4.add(c3, f32x4.mul(v128.shuffle<i32>(four, four, 3, 3, 3, 3), b));
  }
  storeHalfTile(out, outStride, c0, c1, c2, c3);
}

function storeTile(
  to: usize,
  stride: usize,
  c00: v128,
  c01: v128,
  c10: v128,
  c11: v128,
  c20: v128,
  c21: v128,
  c30: v128,
  c31: v128,
): void {
  v128.store(to, c00);
  v128.store(to, c01, 16);
  to += stride;
  v128.store(to, c10);
  v128.store(to, c11, 16);
  to += stride;
  v128.store(to, c20);
  v128.store(to, c21, 16);
  to += stride;
  v128.store(to, c30);
  v128.store(to, c31, 16);
}

/** out = for each group of `rows` rows of d, any count, their sum. [groups × width] */
export function groupSums(
  d: usize,
  dStride: usize,
  groups: i32,
  rows: i32,
  width: i32,
  out: usize,
): void {
  const bytes = <usize> width << 2;
  for (let group = 0; group < groups; group++) {
    for (let j: usize = 0; j < bytes; j += 16) {
      let sum = f32x4.splat(0);
      let at = d + j;
      for (let row = 0; row < rows; row++) {
        sum = f32x4.add(sum, v128.load(at));
        at += dStride;
      }
      v128.store(out + j, sum);
    }
    d += <usize> rows * dStride;
    out += bytes;
  }
}

/** Writes each of `groups` rows of `width` numbers, any counts, `rows` times in a row. */
export function repeatRows(from: usize, groups: i32, rows: i32, width: i32, to: usize): void {
  const bytes = <usize> width << 2;
  for (let group = 0; group < groups; group++) {
    for (let row = 0; row < rows; row++) {
      memory.copy(to, from, bytes);
      to += bytes;
    }
    from += bytes;
  }
}

/** y = tanh y = 1 − 2/(1 + e²ʸ) for `count` numbers, to 2e-7. */
export function tanh(y: usize, count: i32): void {
  const scale = v128.load32_splat(numbers);
  const highest = v128.load32_splat(numbers, 4), lowest = v128.load32_splat(numbers, 8);
  const rounder = v128.load32_splat(numbers, 12);
  const one = v128.load32_splat(numbers, 16), two = v128.load32_splat(numbers, 20);
  const p1 = v128.load32_splat(numbers, 24), p2 = v128.load32_splat(numbers, 28);
  const p3 = v128.load32_splat(numbers, 32), p4 = v128.load32_splat(numbers, 36);
  const p5 = v128.load32_splat(numbers, 40);
  const end = y + (<usize> count << 2);
  for (; y < end; y += 16) {
    const power = f32x4.mul(v128.load(y), scale);
    const bounded = f32x4.pmax(f32x4.pmin(power, highest), lowest);
    const rounded = f32x4.add(bounded, rounder);
    const f = f32x4.sub(bounded, f32x4.sub(rounded, rounder));
    let e = f32x4.add(f32x4.mul(p5, f), p4);
    e = f32x4.add(f32x4.mul(e, f), p3);
    e = f32x4.add(f32x4.mul(e, f), p2);
    e = f32x4.add(f32x4.mul(e, f), p1);
    e = f32x4.add(f32x4.mul(e, f), one);
    // The whole part of the power goes into the exponent.
    e = i32x4.add(e, i32x4.shl(rounded, 23));
    v128.store(y, f32x4.sub(one, f32x4.div(two, f32x4.add(e, one))));
  }
}

/** d = d · (1 − h²) for `count` numbers, where h = tanh. */
export function tanhSlope(d: usize, h: usize, count: i32): void {
  const one = v128.load32_splat(numbers, 16);
  const end = d + (<usize> count << 2);
  for (; d < end; d += 16, h += 16) {
    const value = v128.load(h);
    v128.store(d, f32x4.mul(v128.load(d), f32x4.sub(one, f32x4.mul(value, value))));
  }
}

/** Writes a matrix of any size as panels, filled up with zeros. */
export function pack(
  weights: usize,
  inner: i32,
  width: i32,
  paddedInner: i32,
  panels: usize,
): void {
  for (let j = 0; j < width; j += 8) {
    const end = j + (width - j > 4 ? 8 : 4);
    for (let k = 0; k < paddedInner; k++) {
      for (let i = j; i < end; i++) {
        const inside = k < inner && i < width;
        f32.store(panels, inside ? f32.load(weights + (<usize> (k * width + i) << 2)) : 0);
        panels += 4;
      }
    }
  }
}

/** Writes the transpose of a matrix of any size as panels, filled up with zeros. */
export function packTransposed(
  weights: usize,
  inner: i32,
  width: i32,
  paddedWidth: i32,
  panels: usize,
): void {
  for (let k = 0; k < inner; k += 8) {
    const end = k + (inner - k > 4 ? 8 : 4);
    for (let i = 0; i < paddedWidth; i++) {
      for (let row = k; row < end; row++) {
        const inside = row < inner && i < width;
        f32.store(panels, inside ? f32.load(weights + (<usize> (row * width + i) << 2)) : 0);
        panels += 4;
      }
    }
  }
}

/**
 * Copies the first `rows` rows of the chosen groups, which are `groupStride` apart, to rows with a
 * stride. Rows have `width` numbers; any width and counts.
 */
export function gather(
  from: usize,
  groupStride: usize,
  width: i32,
  chosen: usize,
  groups: i32,
  rows: i32,
  to: usize,
  toStride: usize,
): void {
  const bytes = <usize> width << 2;
  for (let group = 0; group < groups; group++) {
    let row = from + <usize> load<u32>(chosen) * groupStride;
    for (let i = 0; i < rows; i++) {
      memory.copy(to, row, bytes);
      row += bytes;
      to += toStride;
    }
    chosen += 4;
  }
}

/**
 * Writes (x − mean)/std, cut to ±clip, of float64 rows as float32. Any width and count of rows, whose
 * beginnings are `xStride` apart.
 */
export function normalize(
  x: usize,
  xStride: usize,
  rows: i32,
  width: i32,
  mean: usize,
  std: usize,
  clip: f64,
  to: usize,
  toStride: usize,
): void {
  const bytes = <usize> width << 3, even = <usize> (width & ~1) << 3;
  const high = f64x2.splat(clip), low = f64x2.splat(-clip);
  for (let row = 0; row < rows; row++) {
    for (let j: usize = 0; j < even; j += 16) {
      const centred = f64x2.sub(v128.load(x + j), v128.load(mean + j));
      const scaled = f64x2.div(centred, v128.load(std + j));
      const cut = f64x2.pmax(f64x2.pmin(scaled, high), low);
      v128.store64_lane(to + (j >> 1), f32x4.demote_f64x2_zero(cut), 0);
    }
    if (even < bytes) {
      const scaled = (f64.load(x + even) - f64.load(mean + even)) / f64.load(std + even);
      f32.store(to + (even >> 1), <f32> (scaled > clip ? clip : scaled < -clip ? -clip : scaled));
    }
    x += xStride;
    to += toStride;
  }
}

/**
 * Adds up parts of a gradient in their order: out[row × width + i] = Σ parts[row × paddedWidth + i],
 * in float64. Any number of rows, width and parts; `partStride` is in bytes.
 */
export function addParts(
  parts: usize,
  partStride: usize,
  count: i32,
  rows: i32,
  width: i32,
  paddedWidth: i32,
  out: usize,
): void {
  const whole = width & ~3;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < whole; i += 4) {
      let left = f64x2.splat(0), right = left;
      let at = parts + (<usize> i << 2);
      for (let part = 0; part < count; part++) {
        left = f64x2.add(left, f64x2.promote_low_f32x4(v128.load64_zero(at)));
        right = f64x2.add(right, f64x2.promote_low_f32x4(v128.load64_zero(at, 8)));
        at += partStride;
      }
      v128.store(out, left);
      v128.store(out, right, 16);
      out += 32;
    }
    for (let i = whole; i < width; i++) {
      let sum: f64 = 0;
      let at = parts + (<usize> i << 2);
      for (let part = 0; part < count; part++) {
        sum += <f64> f32.load(at);
        at += partStride;
      }
      f64.store(out, sum);
      out += 8;
    }
    parts += <usize> paddedWidth << 2;
  }
}

/** Sum of the squares of `count` float64 numbers, an even count. */
export function squares(x: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  const end = x + (<usize> count << 3);
  for (; x < end; x += 16) {
    const value = v128.load(x);
    sum = f64x2.add(sum, f64x2.mul(value, value));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** A step of Adam on `count` parameters, an even count; the formulas of `adam.ts`. */
export function adam(
  parameters: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  count: i32,
  gradientScale: f64,
  meanShare: f64,
  squareShare: f64,
  learningRate: f64,
  meanScale: f64,
  squareScale: f64,
  epsilon: f64,
): void {
  const scale = f64x2.splat(gradientScale), rate = f64x2.splat(learningRate);
  const share1 = f64x2.splat(meanShare), share2 = f64x2.splat(squareShare);
  const scale1 = f64x2.splat(meanScale), scale2 = f64x2.splat(squareScale);
  const floor = f64x2.splat(epsilon);
  for (let i = 0; i < count; i += 2) {
    const slope = f64x2.mul(v128.load(gradient), scale);
    let m = v128.load(mean), s = v128.load(square);
    m = f64x2.add(m, f64x2.mul(share1, f64x2.sub(slope, m)));
    s = f64x2.add(s, f64x2.mul(share2, f64x2.sub(f64x2.mul(slope, slope), s)));
    v128.store(mean, m);
    v128.store(square, s);
    const step = f64x2.div(
      f64x2.mul(f64x2.mul(rate, m), scale1),
      f64x2.add(f64x2.sqrt(f64x2.mul(s, scale2)), floor),
    );
    const moved = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(parameters)), step);
    v128.store64_lane(parameters, f32x4.demote_f64x2_zero(moved), 0);
    gradient += 16;
    mean += 16;
    square += 16;
    parameters += 8;
  }
}
