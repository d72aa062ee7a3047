import type { Mechanism } from "../mechanism.ts";
import type { MechanismName } from "./names.ts";
export function mechanismOf(_name: MechanismName): Mechanism {
  throw new Error("to come");
}
