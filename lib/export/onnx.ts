/**
 * A trained policy as an ONNX model: from what homes see, in natural units, to the action of the
 * environment. Normalisation and the cut to [−1, 1] are inside.
 *
 *     x = clip((observation − mean) ÷ std, ± observationClip)        float64
 *     h = tanh(x·W + b) for each hidden layer, action = clip(h·W + b, ± 1)     float32
 *
 * A feature that never varied in training counts as its mean. The graph is as wide as there are homes.
 *
 * @module
 */

import { unitOf } from "../env/feature_units.ts";
import type { ActorWeights } from "../ppo/actor_weights.ts";
import { layers } from "../ppo/mlp.ts";
import { standardDeviations } from "../ppo/normalizer.ts";
import { protobuf } from "../programs/protobuf.ts";
import { ONNX_SCHEMA } from "./onnx_schema.ts";

/** Versions of the format and of its operators, as widely read as possible. */
const IR_VERSION = 8, OPSET = 17;

/** Numbers of data types and attribute types. */
const FLOAT = 1, DOUBLE = 11, INT = 2;

/** What a model is exported with. */
export interface OnnxOptions {
  /** What the policy sees, feature by feature. */
  readonly observationNames: readonly string[];
  /** What it decides. */
  readonly actionNames: readonly string[];
  /** Anything else that a reader should know, by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The model's file.
 *
 * @throws {Error} If the package that encodes it cannot be fetched.
 */
export async function onnxModel(
  weights: ActorWeights,
  { observationNames, actionNames, metadata }: OnnxOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = await protobuf(ONNX_SCHEMA);
  const known = {
    "observation.names": JSON.stringify(observationNames),
    "observation.units": JSON.stringify(observationNames.map(unitOf)),
    "action.names": JSON.stringify(actionNames),
    ...metadata,
  };
  return encoder("onnx.ModelProto")({
    ir_version: IR_VERSION,
    producer_name: "@energy-lab/p2p",
    doc_string: "Policy of a home in peer-to-peer energy trading; a row of each home and slot.",
    opset_import: [{ domain: "", version: OPSET }],
    metadata_props: Object.entries(known).map(([key, value]) => ({ key, value })),
    graph: {
      name: "policy",
      ...graphOf(weights),
      input: [value("observation", DOUBLE, observationNames)],
      output: [value("action", FLOAT, actionNames)],
    },
  });
}

function graphOf({ sizes, parameters, normalizer, observationClip }: ActorWeights) {
  const { common, own } = normalizer;
  const scale = [...standardDeviations(common), ...standardDeviations(own)].map((std) => 1 / std);
  const nodes = [
    node("Sub", ["observation", "mean"], "deviation"),
    node("Mul", ["deviation", "scale"], "normalised"),
    node("Clip", ["normalised", "least", "most"], "cut"),
    node("Cast", ["cut"], "layer0", { to: FLOAT }),
  ];
  const initializer = [
    tensor("mean", [scale.length], Float64Array.of(...common.mean, ...own.mean)),
    tensor("scale", [scale.length], Float64Array.from(scale)),
    tensor("least", [], Float64Array.of(-observationClip)),
    tensor("most", [], Float64Array.of(observationClip)),
    tensor("lowest", [], Float32Array.of(-1)),
    tensor("highest", [], Float32Array.of(1)),
  ];
  const all = layers(sizes, parameters);
  all.forEach(({ inputs, outputs, weights, bias }, k) => {
    initializer.push(
      tensor(`weights${k}`, [inputs, outputs], weights),
      tensor(`bias${k}`, [outputs], bias),
    );
    nodes.push(node("Gemm", [`layer${k}`, `weights${k}`, `bias${k}`], `sum${k}`));
    nodes.push(
      k < all.length - 1
        ? node("Tanh", [`sum${k}`], `layer${k + 1}`)
        : node("Clip", [`sum${k}`, "lowest", "highest"], "action"),
    );
  });
  return { node: nodes, initializer };
}

function node(
  op_type: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
) {
  const attribute = Object.entries(attributes).map(([name, i]) => ({ name, i, type: INT }));
  return { op_type, name: output, input, output: [output], attribute };
}

function tensor(name: string, dims: readonly number[], values: Float32Array | Float64Array) {
  const { buffer, byteOffset, byteLength } = values;
  return {
    name,
    dims,
    data_type: values instanceof Float32Array ? FLOAT : DOUBLE,
    // Little-endian, as on every machine that Deno runs on.
    raw_data: new Uint8Array(buffer, byteOffset, byteLength),
  };
}

function value(name: string, elem_type: number, columns: readonly string[]) {
  const dim = [{ dim_param: "rows" }, { dim_value: columns.length }];
  return {
    name,
    doc_string: columns.join(", "),
    type: { tensor_type: { elem_type, shape: { dim } } },
  };
}
