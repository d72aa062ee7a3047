/**
 * Faults that a programmer could have made, found in the syntax of a module: boundaries off by one,
 * operators and bounds mixed up, clamps, conditions and statements forgotten.
 *
 * Types, imports and what is thrown stay as they are.
 *
 * @module
 */

import { parse } from "@babel/parser";

/** Text that takes the place of a part of a source. */
export interface Edit {
  /** Offset of the part. */
  readonly start: number;
  /** Offset behind the part. */
  readonly end: number;
  /** What stands there instead. */
  readonly replacement: string;
  /** What changes, for the eye. */
  readonly change: string;
  /** Name of the function around it; empty outside of any. */
  readonly within: string;
}

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A replacement of a node's text, before it is placed. */
interface Fault {
  readonly replacement: string;
  readonly start?: number;
  readonly end?: number;
  /** For the eye, where the whole node would be too much to look at. */
  readonly change?: string;
}

const SWAPPED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "/",
  ">>>": "<<",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
};

const SWAPPED_CALLS: Readonly<Record<string, string>> = {
  "Math.min": "Math.max",
  "Math.max": "Math.min",
  "Math.floor": "Math.ceil",
  "Math.ceil": "Math.floor",
  "Math.exp": "Math.expm1",
  "Math.expm1": "Math.exp",
};

/** Functions that a fault forgets: what they are called on, or with, stays. */
const FORGOTTEN_CALLS = ["Math.abs", "Math.sqrt"];
const FORGOTTEN_METHODS = ["filter", "sort"];

/** Statements that a fault forgets. */
const REMOVABLE = ["ExpressionStatement", "ContinueStatement"];

const SMALL = ["NumericLiteral", "BooleanLiteral", "UnaryExpression", "UpdateExpression"];

/** Wrappers of an expression that say something of its type only. */
const TYPED = ["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"];

/**
 * Every fault that the operators find in a module, in its order.
 *
 * @example
 * ```ts
 * import { faultsIn } from "./operators.ts";
 * const changes = faultsIn("const sign = (x: number) => x > 0 ? 1 : -1;").map(({ change }) => change);
 * for (const fault of ["x > 0 ⇒ !(x > 0)", "x > 0 ⇒ x >= 0"]) {
 *   if (!changes.includes(fault)) throw new Error(`${fault} is not among ${changes}`);
 * }
 * ```
 */
export function faultsIn(source: string): Edit[] {
  const { program } = parse(source, { sourceType: "module", plugins: ["typescript"] });
  const edits: Edit[] = [];
  visit(program as unknown as SyntaxNode, null, "", source, edits);
  return edits.sort((a, b) => a.start - b.start);
}

function visit(
  node: SyntaxNode,
  parent: SyntaxNode | null,
  within: string,
  source: string,
  edits: Edit[],
): void {
  if (TYPED.includes(node.type)) {
    return visit(child(node, "expression"), node, within, source, edits);
  }
  if (node.type.startsWith("TS") || node.type === "ImportDeclaration") return;
  if (node.type === "ThrowStatement") return;
  const inside = functionName(node) ?? within;
  // What is small is shown with what is around it.
  const seen = SMALL.includes(node.type) && isShort(parent) ? parent : node;
  for (const fault of faultsOf(node, parent, source)) {
    const { start = node.start, end = node.end, replacement } = fault;
    const before = source.slice(seen.start, seen.end);
    const after = source.slice(seen.start, start) + replacement + source.slice(end, seen.end);
    const change = fault.change ?? `${shown(before)} ⇒ ${shown(after)}`;
    edits.push({ start, end, replacement, change, within: inside });
  }
  for (const [field, value] of Object.entries(node)) {
    // A counter that runs the other way only makes a loop without end.
    if (node.type === "ForStatement" && field === "update") continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (isNode(each)) visit(each, node, inside, source, edits);
    }
  }
}

function faultsOf(node: SyntaxNode, parent: SyntaxNode | null, source: string): Fault[] {
  const text = (of: SyntaxNode) => source.slice(of.start, of.end);
  switch (node.type) {
    case "BinaryExpression":
    case "AssignmentExpression":
      return swappedOperator(node, source);
    case "LogicalExpression": {
      const [left, right] = [child(node, "left"), child(node, "right")].map(text);
      return node.operator === "??"
        ? [{ replacement: right }]
        : [{ replacement: left }, { replacement: right }];
    }
    case "IfStatement": {
      const removal = { replacement: ";", change: removed(text(node)) };
      // A single statement is removed by itself.
      const single = REMOVABLE.includes(child(node, "consequent").type) && !node.alternate;
      return single ? negatedTest(node, source) : [...negatedTest(node, source), removal];
    }
    case "WhileStatement":
    case "ConditionalExpression":
      return negatedTest(node, source);
    case "ExpressionStatement":
    case "ContinueStatement":
      return [{ replacement: ";", change: removed(text(node)) }];
    case "UnaryExpression":
      return node.operator === "-" || node.operator === "!"
        ? [{ replacement: text(child(node, "argument")) }]
        : [];
    case "UpdateExpression":
      // A statement of its own is removed as such.
      if (parent?.type === "ExpressionStatement") return [];
      return [{ replacement: text(child(node, "argument")) }];
    case "CallExpression":
      return forgottenCall(node, source);
    case "NumericLiteral":
      return [{ replacement: String(otherNumber(node.value as number)) }];
    case "BooleanLiteral":
      return [{ replacement: String(!node.value) }];
    default:
      return [];
  }
}

function swappedOperator(node: SyntaxNode, source: string): Fault[] {
  const { operator } = node as unknown as { operator: string };
  const [left, right] = [child(node, "left"), child(node, "right")];
  const joinsText = [left, right].some(({ type }) => /^(String|Template)Literal$/.test(type));
  if (SWAPPED[operator] === undefined || joinsText) return [];
  const start = source.indexOf(operator, endWithParentheses(left, source));
  const end = start + operator.length;
  const whole = source.slice(node.start, node.end);
  const change = whole.length <= LONGEST ? undefined : `${operator} ⇒ ${SWAPPED[operator]}`;
  return [{ start, end, replacement: SWAPPED[operator], ...(change && { change }) }];
}

/** Where an operand ends, comments and closing parentheses behind it included. */
function endWithParentheses({ end }: SyntaxNode, source: string): number {
  const [behind] = /^[\s)]*/.exec(source.slice(end))!;
  return end + behind.length;
}

function negatedTest(node: SyntaxNode, source: string): Fault[] {
  const test = child(node, "test");
  const { start, end } = test;
  // The faults of these operators negate the test already.
  if (["===", "!==", "!"].includes(test.operator as string)) return [];
  const text = source.slice(start, end);
  return [{ start, end, replacement: `!(${text})`, change: `${shown(text)} ⇒ !(${shown(text)})` }];
}

function forgottenCall(node: SyntaxNode, source: string): Fault[] {
  const callee = child(node, "callee");
  const args = node.arguments as SyntaxNode[];
  const name = source.slice(callee.start, callee.end);
  const text = (of: SyntaxNode) => source.slice(of.start, of.end);
  const faults: Fault[] = [];
  if (SWAPPED_CALLS[name] !== undefined) {
    faults.push({ start: callee.start, end: callee.end, replacement: SWAPPED_CALLS[name] });
  }
  if (FORGOTTEN_CALLS.includes(name)) faults.push({ replacement: `(${text(args[0])})` });
  if (/^Math\.(min|max)$/.test(name) && args.length === 2) {
    for (const kept of args) {
      if (kept.type !== "SpreadElement" && kept.type !== "NumericLiteral") {
        faults.push({ replacement: `(${text(kept)})` });
      }
    }
  }
  const method = callee.type === "MemberExpression" ? text(child(callee, "property")) : "";
  if (FORGOTTEN_METHODS.includes(method)) {
    faults.push({ replacement: text(child(callee, "object")) });
  }
  return faults;
}

/** 0 and 1 change places, a whole number is one too large, a fraction a thousand times. */
function otherNumber(value: number): number {
  if (value === 0 || value === 1) return 1 - value;
  return Number.isInteger(value) ? value + 1 : value * 1000;
}

function functionName(node: SyntaxNode): string | undefined {
  const named = { FunctionDeclaration: "id", ObjectMethod: "key", VariableDeclarator: "id" }[
    node.type
  ];
  if (named === undefined) return undefined;
  if (node.type === "VariableDeclarator") {
    const { type } = (node.init ?? node) as SyntaxNode;
    if (type !== "ArrowFunctionExpression") return undefined;
  }
  return (node[named] as { name: string }).name;
}

function child(node: SyntaxNode, field: string): SyntaxNode {
  return node[field] as SyntaxNode;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Longest text that is shown whole. */
const LONGEST = 60;

function isShort(node: SyntaxNode | null): node is SyntaxNode {
  return node !== null && node.end - node.start <= LONGEST;
}

function removed(text: string): string {
  return `${shown(text)} ⇒ nothing`;
}

/** A text in one line, short enough for a table. */
function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
