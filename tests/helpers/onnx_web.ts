/**
 * Says how far the actions of an ONNX model by onnxruntime-web are from others, for the same
 * observations. Run by itself, with the number of features and the paths of the three: the package is large, and no other test
 * needs it.
 */

interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly Tensor: new (type: string, data: Float64Array, dims: readonly number[]) => object;
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<{
      run(inputs: object): Promise<{ readonly action: { readonly data: Float32Array } }>;
    }>;
  };
}

const [features, ...paths] = Deno.args;
const [model, observations, actions] = await Promise.all(paths.map((path) => Deno.readFile(path)));
const name: string = "npm:onnxruntime-web@1.30.0/wasm";
const ort: OnnxRuntime = await import(name);
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(model);
const seen = new Float64Array(observations.buffer), expected = new Float64Array(actions.buffer);
const rows = seen.length / Number(features);
const { action } = await session.run({
  observation: new ort.Tensor("float64", seen, [rows, Number(features)]),
});
if (action.data.length !== expected.length) throw new Error(`${action.data.length} numbers`);
console.log(action.data.reduce((most, each, k) => Math.max(most, Math.abs(each - expected[k])), 0));
