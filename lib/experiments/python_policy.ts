/**
 * Policies in Python: `python:module:function` names a function that gets a description of the
 * environment and returns another one, which gets observations and returns actions. It runs in a
 * process of its own, the `python3` that is on PATH, and is judged like any other.
 *
 * What Python may do is up to Python; nothing of it is confined.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { isMissingProgram } from "../cli/refusal.ts";
import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import type { Policy } from "../policies/policy.ts";
import { FrameProcess } from "../programs/frame_process.ts";
import { FrameKind, PROTOCOL } from "../programs/frames.ts";
import { findPython } from "../programs/python_environment.ts";
import { quoted } from "../text/shown.ts";
import { described } from "./described.ts";

const WORD = /^python:(?<module>[A-Za-z_]\w*(?:\.\w+)*):(?<name>[A-Za-z]\w{0,39})$/;

/** The package, as it lies in a checkout; elsewhere the one that is installed is used. */
const PACKAGE = fileURLToPath(new URL("../../python", import.meta.url));

const SERVE = `import struct, sys
sys.path.insert(1, sys.argv[1])
try:
    from p2p_energy_lab.policy import serve
except ImportError as error:
    line = f"{error}; activate the environment that p2p-energy-lab is installed in".encode()
    frame = struct.pack("<4I", ${FrameKind.failed}, len(line), 0, 0) + line + bytes(-len(line) % 8)
    sys.stdout.buffer.write(frame)
    sys.exit(1)
serve(sys.argv[2])`;

/** A policy, and the file whose content decides what it does. */
export interface FilePolicy extends Policy {
  /** Its path. */
  readonly file: string;
}

/** Whether a word of `--policies` names a function in Python. */
export function isPythonPolicy(word: string): boolean {
  return word.startsWith("python:");
}

/**
 * Starts Python and loads the function; the policy is called by its name.
 *
 * @throws {Error} In one line, if there is no Python, or no such module or function in it.
 */
export async function startPythonPolicy(word: string): Promise<FilePolicy> {
  const { name } = WORD.exec(word)?.groups ?? {};
  if (name === undefined) {
    throw new Error(
      `${quoted(word)} must be python:MODULE:FUNCTION, the module as Python imports it from the ` +
        "working folder, such as python:mine:policy for policy in mine.py",
    );
  }
  const process = await start(word);
  const greeting = JSON.parse(
    (await process.greeting().catch((error) => {
      throw new Error(`${word}: ${error.message}`);
    })).text,
  );
  if (greeting.protocol !== PROTOCOL) {
    throw new Error(
      `${word}: its p2p-energy-lab speaks version ${greeting.protocol} of the protocol and this ` +
        `laboratory ${PROTOCOL}; install the package of the same version`,
    );
  }
  let begun = 0;
  /** Those that nobody can play any more. */
  const forgotten: number[] = [];
  const registry = new FinalizationRegistry<number>((id) => forgotten.push(id));
  return {
    name,
    file: greeting.file,
    async begin(env) {
      const id = begun++;
      const text = JSON.stringify({ id, forgotten: forgotten.splice(0), ...descriptionOf(env) });
      await process.ask(FrameKind.begin, text);
      const which = Float64Array.of(id);
      const act: Awaited<ReturnType<Policy["begin"]>> = async ({ common, own }, { numbers }) => {
        const { data } = await process.ask(FrameKind.act, "", [which, common, own]);
        if (data.byteLength !== numbers.byteLength) {
          throw new Error(`it must answer ${numbers.length} numbers`);
        }
        new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength).set(data);
      };
      registry.register(act, id);
      return act;
    },
  };
}

async function start(word: string): Promise<FrameProcess> {
  try {
    return new FrameProcess(await findPython(), ["-c", SERVE, PACKAGE, word]);
  } catch (error) {
    if (!isMissingProgram(error)) throw error;
    throw new Error(`${word} needs Python 3 on PATH; install it`);
  }
}

function descriptionOf(env: EnergyMarketEnv) {
  const { dataset, state, config } = env;
  const firstSlots = Array.from(state.firstSlot);
  return { environment: described(env, { dataset, firstSlots, info: [], config }) };
}
