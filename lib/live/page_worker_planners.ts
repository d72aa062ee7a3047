/**
 * The Worker of a page that plays by itself and plans: with the policies that solve linear programs.
 *
 * @module
 */

import "../text/without_eval.ts";
import { createPolicy, everyPolicyName } from "../policies/catalog.ts";
import { createSolverHere } from "../policies/solver_here.ts";
import { answerPage } from "./page_answers.ts";

answerPage((binary) => {
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(binary)) return null;
  const solver = createSolverHere(binary);
  return { names: everyPolicyName, make: (name, seed) => createPolicy(name, { seed, solver }) };
});
