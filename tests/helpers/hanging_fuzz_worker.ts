/** A fuzzer whose filter goes round forever from its hundredth call on. */

import { ownSubjects } from "../harness/fuzz/checks.ts";
import { serveAttack } from "../harness/fuzz/worker.ts";

let calls = 0;
serveAttack({
  ...ownSubjects,
  filter(requested, set) {
    while (++calls >= 100);
    return ownSubjects.filter(requested, set);
  },
});
