/** A fuzzer whose cutting goes round forever from its hundredth call on. */

import { ownSubjects } from "../harness/fuzz/checks.ts";
import { serveAttack } from "../harness/fuzz/worker.ts";

let calls = 0;
serveAttack({
  ...ownSubjects,
  cut(...request) {
    while (++calls >= 100);
    return ownSubjects.cut(...request);
  },
});
